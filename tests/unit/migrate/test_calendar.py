"""Market hours and freezes, each in its own time zone, to the minute."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from landbridge.config.control import Calendar as Rules
from landbridge.config.control import Day, Freeze, Session
from landbridge.migrate.calendar import Calendar

NEW_YORK = "America/New_York"
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
DAY = Session(days=WEEK, opens="09:30", closes="16:00")
NIGHT = Session(days=("sun", "mon"), opens="18:00", closes="17:00")


def said(calendar: Rules, moment: str, zone: str = NEW_YORK) -> str | None:
    """What the calendar says at a local moment."""
    return Calendar(calendar).closed_until(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).timestamp())


def test_without_rules_every_moment_is_open() -> None:
    """The rehearsal's calendar forbids nothing."""
    assert Calendar().closed_until(0.0) is None


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-20T09:29:59", None),
        ("2026-11-20T09:30", "Friday 16:00"),
        ("2026-11-20T15:59:59", "Friday 16:00"),
        ("2026-11-20T16:00", None),
        ("2026-11-21T12:00", None),
    ],
)
def test_a_market_is_open_from_its_first_minute_to_its_last(moment: str, until: str | None) -> None:
    """On the days it opens, and on no other."""
    told = said(Rules(zone=NEW_YORK, hours=(DAY,)), moment)
    assert told == (until and f"the market is open until {until} (America/New_York)")


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-22T17:59", None),
        ("2026-11-22T18:00", "Monday 17:00"),
        ("2026-11-23T16:59", "Monday 17:00"),
        ("2026-11-24T09:00", "Tuesday 17:00"),
        ("2026-11-24T17:00", None),
    ],
)
def test_a_session_may_close_on_the_next_day(moment: str, until: str | None) -> None:
    """Closing no later than it opens means tomorrow."""
    told = said(Rules(zone=NEW_YORK, hours=(NIGHT,)), moment)
    assert told == (until and f"the market is open until {until} (America/New_York)")


def test_of_two_sessions_the_later_end_is_told() -> None:
    """An operator who waits until then finds it open for moves."""
    rules = Rules(zone=NEW_YORK, hours=(DAY, Session(days=WEEK, opens="15:00", closes="20:00")))
    assert said(rules, "2026-11-20T15:30") == "the market is open until Friday 20:00 (America/New_York)"


@pytest.mark.parametrize(("utc", "is_open"), [("2026-03-06T14:15", False), ("2026-03-09T14:15", True)])
def test_hours_follow_their_zones_summer_time(utc: str, is_open: bool) -> None:  # noqa: FBT001
    """The same UTC minute, before and after New York has put its clocks forward."""
    assert bool(said(Rules(zone=NEW_YORK, hours=(DAY,)), utc, "UTC")) is is_open


@pytest.mark.parametrize(
    ("moment", "frozen"),
    [("2026-12-17T23:59", False), ("2026-12-18T00:00", True), ("2027-01-04T23:59", True), ("2027-01-05T00:00", False)],
)
def test_a_freeze_lasts_from_its_first_day_to_the_end_of_its_last(moment: str, frozen: bool) -> None:  # noqa: FBT001
    """With its reason, which an operator can look up."""
    rules = Rules(zone=NEW_YORK, freezes=(Freeze(first=date(2026, 12, 18), last=date(2027, 1, 4), reason="year end"),))
    told = said(rules, moment)
    assert told == ("frozen until the end of 2027-01-04 (America/New_York): year end" if frozen else None)
