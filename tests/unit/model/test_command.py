"""Commands: what is the same, and what their receipts hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.command import CommandItem, command_receipt
from landbridge.model.pen import Epoch

ITEM = CommandItem("ada", 7, "k", Epoch(3), "buy")
ITEMS = st.builds(CommandItem, st.text(), st.integers(1, 10**12), st.text(), st.integers(0, 99).map(Epoch), st.text())


@given(ITEMS)
def test_a_command_reads_back(item: CommandItem) -> None:
    """From plain attributes, numbers as text too."""
    plain = item.item()
    assert CommandItem.of({**plain, "number": str(plain["number"]), "epoch": str(plain["epoch"])}) == item


@pytest.mark.parametrize("change", [{"user": "bob"}, {"number": 8}, {"key": "l"}, {"epoch": Epoch(4)}, {"body": "sell"}])
def test_any_change_changes_the_digest(change: dict[str, object]) -> None:
    """One attribute is enough."""
    assert replace(ITEM, **change).digest() != ITEM.digest()  # type: ignore[arg-type]


def test_a_receipt_is_enough_to_restore_the_command() -> None:
    """The item, its digest, and its place among the receipts of its own domain."""
    made = command_receipt(ITEM, bucket=5, at=1.5)
    assert CommandItem.of(made) == ITEM
    assert (made["digest"], made["pk"], made["sk"]) == (ITEM.digest(), "receipt#commands#000003#005", "0000000001.500000#ada#7")
