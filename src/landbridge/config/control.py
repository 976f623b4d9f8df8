"""When something may begin to move, be seized or retire, and who must agree to it: calendar, approvals, what a loss is.

Every description below is shown to the operator as the fix when a value is refused.
"""

import zoneinfo
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from landbridge.config.frozen import Spec

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _known(zone: str) -> str:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{zone!r} is no time zone this machine knows: write one like America/New_York") from None
    return zone


Zone = Annotated[str, AfterValidator(_known), Field(description="the name of a time zone, like America/New_York")]
Minute = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description='a time between "00:00" and "23:59", in quotes')
]
Lists = Field(default=(), strict=False)  # TOML has lists
People = Annotated[int, Field(ge=0, le=9, description="how many people must approve, from 0 to 9")]


class Session(Spec):
    """When a market is open. One that closes no later than it opens closes on the next day."""

    days: Annotated[
        tuple[Day, ...], Field(min_length=1, strict=False, description='the days it opens on, like ["mon", "tue", "wed"]')
    ]
    opens: Minute
    closes: Minute


class Freeze(Spec):
    """Whole days on which nothing begins to move."""

    first: Annotated[date, Field(description="its first day, like 2026-12-18, without quotes")]
    last: Annotated[date, Field(description="its last day, like 2027-01-04, without quotes")]
    reason: Annotated[str, Field(min_length=3, max_length=200, description="why, in a few words: operators are shown it")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"a freeze ends ({self.last}) before it begins ({self.first})")
        return self


class Calendar(Spec):
    """When neither reads nor writes may begin to move."""

    zone: Zone = "UTC"
    hours: Annotated[tuple[Session, ...], Field(description="a list of market hours, or [] for none")] = Lists
    freezes: Annotated[tuple[Freeze, ...], Field(description="a list of freezes, or [] for none")] = Lists


class Approvals(Spec):
    """How many people, none of them the one who began the plan, must approve a phase before its first act."""

    preflight: People = 0
    adopt: People = 0
    foundation: People = 0
    replicate: People = 0
    verify: People = 0
    shift: People = 0
    cutover: People = 0
    bake: People = 0
    retire: People = 0
    seize: Annotated[
        int, Field(ge=1, le=9, description="how many people besides the one who begins it, from 1 to 9: it takes two at least")
    ] = 1


class Retire(Spec):
    """How long the platform must do without its source before the source may go, and where what proves it is kept."""

    bake_seconds: Annotated[float, Field(gt=0, le=2_592_000, description="a number of seconds above 0, at most 30 days")]
    evidence_bucket: Annotated[
        str,
        Field(
            pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$",
            description='the name of a bucket in the target region, or "" for the platform\'s own bucket of reports',
        ),
    ] = ""


class Seize(Spec):
    """When a region counts as lost, and how what it leaves behind is gathered."""

    silence_seconds: Annotated[float, Field(gt=0, le=86_400, description="a number of seconds above 0, at most a day")] = 300.0
    read_back_hours: Annotated[
        int, Field(ge=1, le=8760, description="whole hours from 1 to 8760, longer than a loss goes unnoticed")
    ] = 24
    settle_seconds: Annotated[float, Field(gt=0, le=86_400, description="a number of seconds above 0, at most a day")] = 60.0
