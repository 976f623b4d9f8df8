"""What two tallies say of each other: what is missing, changed or out of order, by identity."""

from collections.abc import Iterator

from landbridge.model.measure import Difference, Kind, Side
from landbridge.verify.stream.reading import Reading
from landbridge.verify.stream.runs import Runs
from landbridge.verify.stream.tally import Tally


def differences(store: str, source: Reading, target: Reading) -> set[Difference]:
    """Everything in which the mirror does not repeat the live stream; the live stream must have been read last."""
    found = {Difference(store, key, Side.SOURCE, Kind.MISSING) for key in at_source(source.tally, target.tally)}
    found |= {Difference(store, key, Side.TARGET, Kind.MISSING) for key in at_target(source.tally, target.tally)}
    for side, reading in ((Side.SOURCE, source), (Side.TARGET, target)):
        found |= {Difference(store, key, side, Kind.DISORDERED) for key in reading.tally.disordered}
    return found | {Difference(store, key, Side.TARGET, Kind.CHANGED) for key in changed(source, target)}


def at_source(source: Tally, target: Tally) -> Iterator[str]:
    """Gaps of the live stream, and what the mirror has behind its end."""
    for symbol, runs in source.symbols.items():
        yield from (f"{symbol}/{number}" for number in runs.gaps())
        mirrored = target.symbols.get(symbol, Runs())
        if mirrored.ends:
            yield from (f"{symbol}/{number}" for number in range(runs.ends[-1] + 1, mirrored.ends[-1] + 1) if number in mirrored)
    yield from (name for name in target.markers if name not in source.markers)


def at_target(source: Tally, target: Tally) -> Iterator[str]:
    """What was due and has not arrived."""
    for symbol, due in source.due.items():
        mirrored = target.symbols.get(symbol, Runs())
        yield from (f"{symbol}/{number}" for number in source.symbols[symbol].without(mirrored) if number <= due)
    yield from (name for name, due in source.markers.items() if due and name not in target.markers)


def changed(source: Reading, target: Reading) -> Iterator[str]:
    """What is there on both sides and says another thing."""
    ours, theirs = source.tally.blocks, target.tally.blocks
    suspects = [block for block in ours if block in theirs and ours[block] != theirs[block]]
    told = target.contents(suspects)
    yield from (name for name, value in source.contents(suspects).items() if told.get(name, value) != value)
