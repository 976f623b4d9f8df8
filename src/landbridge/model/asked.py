"""What the dashboard API lets in: the checks at its door and the document for developers are both made from this.

Patterns hold for the whole text and are spelled so that Python and ECMAScript read them alike.
"""

from collections.abc import Mapping

NAME = "[A-Za-z0-9_.~-]{1,64}"  # users, views, lists, rules and notes
SYMBOL = "[A-Z0-9.-]{1,16}"
BEGINS = "[A-Z0-9.-]{0,16}"  # how a symbol begins
PRICE = r"[0-9]{1,12}(\.[0-9]{1,6})?"
ID = "[!-~]{1,64}"  # of a write, and a command's key
MOMENT = "[0-9]{1,13}"  # milliseconds since 1970, UTC
SIDES = ("above", "below")
NEWEST = 2**53  # the highest version: every whole number up to it is one in any language
NUMBER_DIGITS = 9  # of a command's number
VALUE_BYTES, NOTE_BYTES = 32 * 1024, 4096  # of a state's value and of a note, in UTF-8
LAST, MOST, USUAL = 9_999_999_999_999, 1000, 100  # the latest moment; the most items of an answer, and how many unasked
ORDERS: Mapping[str, tuple[str, ...]] = {  # the kinds of commands, each with exactly its fields
    "watch": ("list", "symbol"),
    "unwatch": ("list", "symbol"),
    "alert": ("rule", "symbol", "when", "price"),
    "unalert": ("rule",),
    "note": ("note", "text"),
    "unnote": ("note",),
}
