"""At most one side may write a domain: by its pens, by what was committed, and epoch after epoch."""

from collections import defaultdict
from collections.abc import Iterator

from tests.simulation.history import History


def broken(history: History) -> Iterator[str]:
    """Sides, epochs, and who had the pen."""
    yield from _one_side_open(history)
    yield from _one_side_an_epoch(history)
    yield from _epochs_in_order(history)


def _one_side_open(history: History) -> Iterator[str]:
    items: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for change in history.pens:
        act = items[change.domain][change.region].add if change.is_open else items[change.domain][change.region].discard
        act(change.item)
        holders = sorted(region for region, open_items in items[change.domain].items() if open_items)
        if len(holders) > 1:
            yield f"{change.domain}: {change.item} of {change.region} was opened while {' and '.join(holders)} had open pens"
            return


def _one_side_an_epoch(history: History) -> Iterator[str]:
    sides: dict[tuple[str, int], set[str]] = defaultdict(set)
    for commit in history.commits:
        sides[commit.domain, commit.epoch].add(commit.region)
    for (domain, epoch), who in sides.items():
        if len(who) > 1:
            yield f"{domain}: epoch {epoch} was written by {' and '.join(sorted(who))}"


def _epochs_in_order(history: History) -> Iterator[str]:
    newest: dict[str, int] = defaultdict(int)
    for commit in history.commits:
        if commit.epoch < newest[commit.domain]:
            yield f"{commit.domain}: {commit.region} committed {commit.key} in epoch {commit.epoch} after a newer one had begun"
        newest[commit.domain] = max(newest[commit.domain], commit.epoch)
