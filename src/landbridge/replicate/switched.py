"""A copy that the stack which owns the store makes and takes away, by naming a second region among its parameters.

So CloudFormation knows of the copy, and no deploy finds a difference. Whether the copy is there and how far it is behind is
asked of the store itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.model.errors import Refused
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Region
from landbridge.replicate.port import Heart
from landbridge.replicate.stack_switch import StackSwitch

REGION, KEY = "SecondRegion", "SecondDataKeyArn"
FAILED = ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED")


@dataclass(frozen=True)
class SwitchedCopy:
    """One store's copy; `key` is the target's own, told by its stack."""

    switch: StackSwitch
    target: Region
    key: Callable[[], str]
    heart: Heart

    def copied(self) -> bool:
        """Whether the stack names the target, or is being changed."""
        return self._named() or self.switch.changing

    def begun(self) -> bool:
        """One update begins all of it."""
        return self.copied()

    def start(self) -> None:
        """Names the target; a stack whose last change failed is a person's to look at."""
        if self.copied():
            return
        if (status := self.switch.status) in FAILED:
            why = f"{self.switch.stack} is {status}: look at its events, deploy it, then go on"
            raise Refused(self.switch.region, f"the copy in {self.target}", why)
        self.switch.set({REGION: self.target, KEY: self.key()})

    def stop(self) -> None:
        """Names nothing; the copy is removed with all that is in it."""
        if self._named() and not self.switch.changing:
            self.switch.set({REGION: "", KEY: ""})

    def beat(self) -> None:
        """As the store beats."""
        self.heart.beat()

    def lag(self) -> Lag | None:
        """As the store tells it; None while the stack is being changed."""
        return None if self.switch.changing else self.heart.lag()

    def position(self) -> Position:
        """What the stack says."""
        return Position(f"{self.switch.stack} is {self.switch.status}")

    def _named(self) -> bool:
        return self.switch.given().get(REGION) == self.target
