"""How a platform that stays where it is takes a second region in, and takes one of its regions out of service for a while.

Every description below is shown to the operator as the fix when a value is refused.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from landbridge.config.control import People
from landbridge.config.frozen import Spec
from landbridge.config.spec import Engine, Gate, Seconds, Shares
from landbridge.model.metrics import DATABASE, UPLOADS


class CopiesGate(Gate):
    """[gate]: a region serves as well as the other, and its copies are as new as their kind can be."""

    max_uploads_lag_seconds: Seconds = 900.0
    max_database_lag_seconds: Seconds = 30.0

    def most_lag(self, store: str) -> float:
        """How far behind a store's copy may be, in seconds."""
        known = {UPLOADS: self.max_uploads_lag_seconds, DATABASE: self.max_database_lag_seconds}
        return known.get(store, self.max_lag_seconds)


class Sharing(Shares):
    """[shift]: how the target gets its share of the requests; the last weight is that share."""

    @model_validator(mode="after")
    def _both_serve(self) -> Self:
        if self.weights[-1] == 100:
            raise ValueError("the last weight is the target's share, and the source must keep one too: end below 100, like 50")
        return self

    @property
    def share(self) -> int:
        """The target's share, in percent."""
        return self.weights[-1]

    def back_to(self, share: int) -> tuple[int, ...]:
        """The weights by which a region comes back to a share."""
        return (*(weight for weight in self.weights if weight < share), share)


class Rhythm(Engine):
    """[engine]: the engine's own rhythm, and how far clocks may be apart."""

    skew_bound_seconds: Seconds = 2.0


class Evacuate(Spec):
    """[evacuate]: when a region that was taken out counts as empty."""

    quiet_seconds: Annotated[float, Field(gt=0, le=86_400, description="a number of seconds above 0, at most a day")] = 120.0


class Consent(Spec):
    """[approvals]: how many people, none of them who began the plan, must approve a phase before its first act."""

    preflight: People = 0
    foundation: People = 0
    replicate: People = 0
    verify: People = 0
    shift: People = 0
    out: People = 0
    back: People = 0
