"""Says whether a rehearsal showed what it should have: each failed expectation is one sentence with what was seen.

A run that nobody used proves nothing, so no traffic is a failure too. Wrong answers are never excused by a fault.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from landbridge.config.rehearsal import Fault
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.rehearse.facts import Facts

NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should come of a run, whether its users may have had to ask twice, and who is sent to the target in the end.

    `share` is in percent; None = everybody, or nobody after the way home.
    """

    outcome: str
    is_planned: bool
    share: int | None = None

    @classmethod
    def of(cls, faults: tuple[Fault, ...]) -> "Expectation":
        """A run without a fault is done at the first try of every request; a fault names its own outcome.

        Of several faults one at most has an outcome other than done, and that is the run's.
        """
        told = [fault.outcome for fault in faults if fault.outcome != "done"]
        return cls(told[0] if told else "done", is_planned=not faults)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether everything expected was seen; a sentence for each thing that was not."""

    ok: bool
    outcome: str
    expected: str
    sentences: tuple[str, ...]


def judge(facts: Facts, expectation: Expectation) -> Verdict:
    """Holds the facts against what was expected of them."""
    sentences = (*_outcome(facts, expectation), *_requests(facts, expectation), *_promises(facts), *_place(facts, expectation))
    return Verdict(not sentences, facts.outcome, expectation.outcome, sentences)


def _outcome(facts: Facts, expectation: Expectation) -> Iterator[str]:
    for fault in facts.missed:
        yield f"Expected '{fault.kind}' to strike at {fault.at_step}, and its moment never came: nothing was shown."
    if facts.outcome != expectation.outcome:
        yield f"Expected the migration to end '{expectation.outcome}', and it ended '{facts.outcome}': {facts.why}."


def _requests(facts: Facts, expectation: Expectation) -> Iterator[str]:
    seen = facts.traded.requests
    if seen.total == 0:
        yield f"Expected {facts.traded.who} to use the platform, and not one request was sent."
    if seen.failed:
        yield f"Expected no failed request, and {seen.failed} of {seen.total} failed."
    if seen.wrong:
        yield f"Expected no wrong answer, and {seen.wrong} were wrong."
    if expectation.is_planned and seen.raw_errors:
        named = ", ".join(f"{count} x {error}" for error, count in seen.errors.items())
        yield f"Expected a planned move without one raw error, and there were {seen.raw_errors}: {named}."


def _promises(facts: Facts) -> Iterator[str]:
    """Of every domain alike."""
    for seen in facts.settled:
        if seen.accepted == 0:
            yield f"Expected {seen.what} to be accepted, and not one was."
        for flaw, found in seen.flaws.items():
            if found:
                yield f"Expected no {flaw} {seen.what}, and {len(found)} of {seen.accepted} are {flaw}: {_named(found)}."


def _place(facts: Facts, expectation: Expectation) -> Iterator[str]:
    history = facts.history
    domains = sorted({*(pen.domain for pen in history.pens), *(seen.domain for seen in facts.settled if seen.domain)})
    if facts.outcome == "done":
        home, share = (facts.regions.source, 0) if facts.and_back else (facts.regions.target, 100)
        yield from _weight(facts, share if expectation.share is None else expectation.share)
        yield from (_pen(facts, domain, home) for domain in domains if history.holder(domain) != home)
        yield from _residency(facts)
    if facts.outcome == "rolled back":
        yield from _weight(facts, 0)
        before = {domain: history.first_holder(domain) for domain in domains}
        yield from (_pen(facts, domain, before[domain]) for domain in domains if history.holder(domain) != before[domain])


def _residency(facts: Facts) -> Iterator[str]:
    """What is in no report may be anywhere."""
    if not facts.retired:
        return
    if not facts.living or not facts.evidence:
        yield f"Expected a residency report, and the journal in the customer's bucket, of {facts.regions.source}'s retirement."
    there = (each for each in facts.living if each.region == facts.regions.source and not each.excuse)
    if left := tuple(f"{each.kind} {each.thing}" for each in there):
        yield f"Expected nothing of the platform in {facts.regions.source} any more, and {len(left)} things are: {_named(left)}."


def _weight(facts: Facts, expected: int) -> Iterator[str]:
    seen = facts.history.target_percent()
    if seen != expected:
        yield f"Expected {expected} % of reads at {facts.regions.target} in the end, and it was {seen:g} %."


def _pen(facts: Facts, domain: Domain, expected: Region | None) -> str:
    seen = facts.history.holder(domain) or "no single region"
    return f"Expected the pen of '{domain}' to end at {expected or 'no region'}, and it was at {seen}."


def _named(names: tuple[str, ...]) -> str:
    more = f"; and {len(names) - NAMED_AT_MOST} more" if len(names) > NAMED_AT_MOST else ""
    return "; ".join(names[:NAMED_AT_MOST]) + more
