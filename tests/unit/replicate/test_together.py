"""Several copies as one: nobody is ahead of the last of them, and each is told the time whatever befalls the others."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from landbridge.model.errors import Unreachable
from landbridge.model.measure import Lag
from landbridge.replicate.together import Together


@dataclass
class Heart:
    """A copy as far behind as laid out, whose source may be out."""

    behind: Lag | None = field(default_factory=timedelta)
    out: bool = False
    beats: int = 0

    def beat(self) -> None:
        """Counted, where the source answers."""
        if self.out:
            raise Unreachable("us-east-1", "PutItem")
        self.beats += 1

    def lag(self) -> Lag | None:
        """As laid out."""
        return self.behind


def test_the_last_copy_counts() -> None:
    """However far the others are."""
    near, far = Heart(timedelta(seconds=0.2)), Heart(timedelta(seconds=7))
    assert Together({"near": near, "far": far}).lag() == far.behind


def test_a_copy_that_is_not_readable_hides_all() -> None:
    """As no copies at all do."""
    assert Together({"there": Heart(), "coming": Heart(None)}).lag() is None
    assert Together({}).lag() is None


def test_every_copy_hears_the_time() -> None:
    """One whose source does not answer keeps nobody waiting, and is told afterwards."""
    out, well = Heart(out=True), Heart()
    with pytest.raises(Unreachable):
        Together({"out": out, "well": well}).beat()
    assert well.beats == 1
