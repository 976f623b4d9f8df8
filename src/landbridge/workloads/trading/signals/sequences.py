"""Which sequences of a feed's symbol have been seen: exact, and as small as the gaps among them are few."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sequences:
    """Runs of sequences without a gap, in order; the next one expected continues the last run."""

    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, sequence: int) -> bool:
        """Take one in; False = it was there already."""
        begins, ends = self.begins, self.ends
        at = bisect_right(begins, sequence)  # the run before this place is the only one that can hold it
        if at and sequence < ends[at - 1]:
            return False
        follows, leads = at > 0 and ends[at - 1] == sequence, at < len(begins) and begins[at] == sequence + 1
        if follows and leads:
            ends[at - 1] = ends.pop(at)
            begins.pop(at)
        elif follows:
            ends[at - 1] = sequence + 1
        elif leads:
            begins[at] = sequence
        else:
            begins.insert(at, sequence)
            ends.insert(at, sequence + 1)
        return True
