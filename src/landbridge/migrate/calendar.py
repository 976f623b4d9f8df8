"""The calendar: while a market is open, or a freeze is on, neither reads nor writes begin to move."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from landbridge.config.control import Calendar as Rules
from landbridge.config.control import Session

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The customer's hours and freezes, asked about one moment. Without any, every moment is open."""

    rules: Rules = field(default_factory=Rules)

    def closed_until(self, now: float) -> str | None:
        """Why nothing may begin to move now, and until when; None = it may."""
        return self._frozen(now) or self._market(now) if self.rules.hours or self.rules.freezes else None

    def sentences(self) -> Iterator[str]:
        """The rules as an operator reads them."""
        for session in self.rules.hours:
            days, zone = ", ".join(session.days), self.rules.zone
            yield f"Nothing begins to move on {days} from {session.opens} to {session.closes} ({zone}): the market is open."
        for freeze in self.rules.freezes:
            yield f"Nothing begins to move from {freeze.first} to {freeze.last} ({self.rules.zone}): {freeze.reason}."

    def _frozen(self, now: float) -> str | None:
        today = self._local(now).date()
        reasons = (
            f"frozen until the end of {freeze.last} ({self.rules.zone}): {freeze.reason}"
            for freeze in self.rules.freezes
            if freeze.first <= today <= freeze.last
        )
        return next(reasons, None)

    def _market(self, now: float) -> str | None:
        ends = [closes for session in self.rules.hours for opens, closes in self._around(session, now) if opens <= now < closes]
        return f"the market is open until {self._local(max(ends)):%A %H:%M} ({self.rules.zone})" if ends else None

    def _around(self, session: Session, now: float) -> Iterator[tuple[float, float]]:
        """Yesterday's and today's session: yesterday's may close today."""
        opens, closes = time.fromisoformat(session.opens), time.fromisoformat(session.closes)
        today = self._local(now).date()
        for day in (today - ONE_DAY, today):
            if DAYS[day.weekday()] in session.days:
                last = day if closes > opens else day + ONE_DAY
                zone = ZoneInfo(self.rules.zone)
                yield datetime.combine(day, opens, zone).timestamp(), datetime.combine(last, closes, zone).timestamp()

    def _local(self, now: float) -> datetime:
        return datetime.fromtimestamp(now, ZoneInfo(self.rules.zone))
