"""Hours, freezes and approvals: what can't be used is refused like everything else, and none of them must be given."""

from datetime import date
from pathlib import Path

import pytest
from tests.builders import trading
from tests.unit.config.test_load import SHIPPED, refused

from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput
from landbridge.model.held import Reason

MARKET = '{ days = ["mon", "tue", "wed", "thu", "fri"], opens = "09:30", closes = "16:00" }'
SENTENCES = {
    'zone = "America/New_York"': {
        'zone = "Wall Street"': (
            "FILE: calendar.zone: 'Wall Street' is no time zone this machine knows: write one like "
            "America/New_York; change one of "
            "these values"
        ),
    },
    MARKET: {
        MARKET.replace('"mon"', '"monday"'): (
            "FILE: calendar.hours[0].days[0]: 'monday' can't be used: input should be 'mon', 'tue', "
            "'wed', 'thu', 'fri', 'sat' or "
            '\'sun\'; write the days it opens on, like ["mon", "tue", "wed"]'
        ),
        MARKET.replace("09:30", "9.30"): (
            "FILE: calendar.hours[0].opens: '9.30' can't be used: string should match pattern '^([01][0-9]|2[0-3]):[0-5][0-9]$'; "
            'write a time between "00:00" and "23:59", in quotes'
        ),
        MARKET.replace("closes", "closing"): (
            'FILE: calendar.hours[0].closes: is missing; add it: a time between "00:00" and "23:59", in quotes'
        ),
        MARKET.replace(', closes = "16:00"', ', closes = "16:00", open = "09:30"'): (
            "FILE: calendar.hours[0].open: is not a key landbridge knows; did you mean opens?"
        ),
    },
    "freezes = []": {
        'freezes = [{ first = 2027-01-04, last = 2026-12-18, reason = "year" }]': (
            "FILE: calendar.freezes[0]: a freeze ends (2026-12-18) before it begins (2027-01-04); change one of these values"
        ),
        'freezes = [{ first = "2026-12-18", last = 2027-01-04, reason = "year" }]': (
            "FILE: calendar.freezes[0].first: '2026-12-18' can't be used: input should be a valid "
            "date; write its first day, like "
            "2026-12-18, without quotes"
        ),
        'freezes = "december"': (
            "FILE: calendar.freezes: 'december' can't be used: input should be a valid tuple; write a "
            "list of freezes, or [] for none"
        ),
    },
    "cutover = 2 ": {
        "cutover = -1 ": (
            "FILE: approvals.cutover: -1 can't be used: input should be greater than or equal to 0; write how many people must "
            "approve, from 0 to 9"
        ),
        "cutovr = 2 ": "FILE: approvals.cutovr: is not a key landbridge knows; did you mean cutover?",
    },
    "retire = 2 ": {
        "retires = 2 ": "FILE: approvals.retires: is not a key landbridge knows; did you mean retire?",
    },
    "bake_seconds = 604800": {
        "bake_seconds = 0": (
            "FILE: retire.bake_seconds: 0 can't be used: input should be greater than 0; write a number of seconds above 0, at "
            "most 30 days"
        ),
        "bake_hours = 168": "FILE: retire.bake_seconds: is missing; add it: a number of seconds above 0, at most 30 days",
    },
}
CASES = [(old, new, sentence) for old, news in SENTENCES.items() for new, sentence in news.items()]


@pytest.mark.parametrize(("old", "new", "sentence"), CASES, ids=[new for _, new, _ in CASES])
def test_a_bad_value_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """File, key, value, fix: to the letter."""
    assert refused(tmp_path, old, new) == sentence


def test_calendar_and_approvals_may_be_left_out(tmp_path: Path) -> None:
    """Then every hour is good, and nobody is asked."""
    path = tmp_path / "trading.toml"
    path.write_text(SHIPPED.partition("[calendar]")[0], encoding="utf-8")
    plain = load(path, Trading)
    assert (plain.calendar.hours, plain.calendar.freezes, plain.approvals.cutover) == ((), (), 0)


def test_a_calendar_outlives_the_run_folder() -> None:
    """A rehearsal hands its settings to its engine as JSON; dates and times come back as they were."""
    freeze = {"first": date(2026, 12, 18), "last": date(2027, 1, 4), "reason": "end of the year"}
    told = trading({"calendar": {"freezes": [freeze]}})
    assert Trading.model_validate_json(told.model_dump_json()) == told


LEFT = '[[preflight.leave]]\nwhat = "archived"\nby = "A. Meyer"\nwhy = "stays until it expires"\n'


def test_a_decision_says_what_stays_behind_by_whom_and_why(tmp_path: Path) -> None:
    """As it is told wherever it counts; the annotated example is one that works."""
    path, (_, found, shown) = tmp_path / "trading.toml", SHIPPED.partition("# [[preflight.leave]]")
    example = (found + shown.partition("\n\n")[0]).replace("# ", "", 1).replace("\n# ", "\n")
    for text, told in (
        (LEFT, "A. Meyer: stays until it expires"),
        (example, "A. Meyer, head of data: the archive of 2019 stays"),
    ):
        path.write_text(f"{SHIPPED}\n{text}\n", encoding="utf-8")
        ((reason, why),) = load(path, Trading).preflight.leaves.items()
        assert (reason, why.startswith(f"left behind by decision of {told}")) == (Reason.ARCHIVED, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEFT + LEFT, "preflight: two decisions are about the same: keep the one that counts"),
        (LEFT.replace("archived", "quota"), "preflight.leave[0].what: 'quota' can't be used"),
        (LEFT.replace('by = "A. Meyer"', ""), "preflight.leave[0].by: is missing; add it: who decided, by name or role"),
    ],
)
def test_a_decision_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Quotas can't be left, and nobody decides without a name."""
    path = tmp_path / "trading.toml"
    path.write_text(f"{SHIPPED}\n{text}", encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        load(path, Trading)
    assert str(refusal.value).removeprefix(f"{path}: ").startswith(said)
