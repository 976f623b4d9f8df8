"""A store's copy is proved equal, key by key, before a single reader sees it."""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.verify.port import Verifier

NAMED = 5  # differences named in the journal; the rest is counted


@dataclass(frozen=True)
class VerifyStore(Step):
    """Done while the newest comparison is whole, fresh and without a difference."""

    store: str
    verifier: Verifier
    expires: timedelta
    again: str = ""  # the phase in which it is kept fresh; empty = the first one
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", ".".join(filter(None, ("verify_store", self.store, self.again))))

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"compare every key and value of {self.store} on both sides; good for {self.expires.total_seconds():g} s"

    def check(self, context: Context) -> Seen:
        """A difference holds the migration: doubt is a person's to settle."""
        result = self.verifier.newest()
        if result is None:
            return (
                Seen(State.DONE, "was compared")
                if self._fresh(context)
                else Seen(State.READY, f"{self.store} was not compared yet")
            )
        if result.differences:
            named = "; ".join(str(each) for each in result.differences[:NAMED])
            return Seen(
                State.BLOCKED, f"{len(result.differences)} keys differ: {named}", {"differences": len(result.differences)}
            )
        if not result.whole:
            why = result.stopped or f"only {result.coverage:.0%} was compared"
            return Seen(State.READY, f"the comparison of {self.store} is not whole: {why}")
        if context.now - result.began > self.expires.total_seconds():
            return Seen(State.READY, f"the comparison of {self.store} is out of date")
        figures = {"compared": result.compared, "began": result.began, "seconds": round(result.seconds, 2), "differences": 0}
        equal = f"{result.compared} keys of {self.store} are equal on both sides"
        if not result.expected:
            return Seen(State.DONE, equal, figures)
        but = f"{equal}, but for {len(result.expected)} that stay behind: {result.expected[0].left}"
        return Seen(State.DONE, but, {**figures, "expected": len(result.expected)})

    def _fresh(self, context: Context) -> bool:
        began = context.history.began(self.name)
        return began is not None and context.now - began <= self.expires.total_seconds()

    def apply(self, context: Context) -> None:
        """Compares."""
        self.verifier.compare()

    def revert(self, context: Context) -> Seen:
        """Comparing changed nothing."""
        return Seen(State.DONE, "comparing changed nothing")


def compared_ago(context: Context, stores: tuple[str, ...]) -> timedelta | None:
    """How long ago the oldest of these stores' newest comparisons began; None = one of them has none."""
    began = [context.history.began(f"verify_store.{store}") for store in stores]
    known = [at for at in began if at is not None]
    return timedelta(seconds=context.now - min(known)) if known and len(known) == len(began) else None
