"""Writes what a rehearsal showed: `rehearsal.json` for programs, and one page for people that needs nothing else.

The page has no script, and its own policy forbids it to fetch anything: it can be mailed, archived and printed.
"""

from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

import orjson

from landbridge.model.pen import Domain
from landbridge.rehearse.facts import Facts
from landbridge.rehearse.judge import Verdict
from landbridge.rehearse.pictures import pen_picture, run_picture
from landbridge.rehearse.told import as_json

JSON_NAME = "rehearsal.json"
PAGE_NAME = "report.html"
JOURNAL_AT_MOST = 400
UNDISTURBED = "Nothing was injected. A planned move must need no second try from anyone."
WROTE = "Writing of '{}' paused"
WAITED = {str(Domain.MARKET): "No user waited while ticks waited in the market's streams"}


def write_report(folder: Path, facts: Facts, verdict: Verdict) -> Path:
    """Writes both files into the run folder and says where the page is."""
    (folder / JSON_NAME).write_bytes(orjson.dumps(as_json(facts, verdict), option=orjson.OPT_INDENT_2) + b"\n")
    (folder / PAGE_NAME).write_text(as_page(facts, verdict), encoding="utf-8")
    return folder / PAGE_NAME


def as_page(facts: Facts, verdict: Verdict) -> str:
    """The run as one page of HTML."""
    page = Template(files("landbridge.rehearse").joinpath(PAGE_NAME).read_text(encoding="utf-8"))
    return page.substitute(
        _words(facts, verdict),
        headline=_whole_names(facts, headline(facts, verdict)),
        named=_list(sentence for each in facts.settled for found in each.flaws.values() for sentence in found),
        sentences=_list(verdict.sentences),
        tiles=_tiles(facts),
        run=run_picture(facts),
        lens=_lens(facts),
        phases=_table(("Phase", "From", "To", "Took", "Ended"), _phases(facts)),
        worked=_worked(facts),
        ledger=_table(("What", "Count"), _ledger(facts)),
        errors=_errors(facts),
        journal=_journal(facts),
        residency=_residency(facts),
        left_out=_left_out(facts),
        setup=_table(("Set-up", "Took"), [(name, _seconds(took)) for name, took in facts.setup.items()]),
    )


def _words(facts: Facts, verdict: Verdict) -> Mapping[str, str]:
    words = {
        "title": headline(facts, verdict),
        "lead": _lead(facts),
        "mark": "ok" if verdict.ok else "bad",
        "source": str(facts.regions.source),
        "target": str(facts.regions.target),
        "began": facts.began,
        "seed": str(facts.seed),
        "wall": _seconds(facts.wall_s),
        "command": facts.command,
        "outcome": f"{verdict.outcome}: {facts.why}",
        "expected": verdict.expected,
        "promise": " ".join(fault.promise for fault in facts.faults) or facts.promise or UNDISTURBED,
        "fault": ", ".join(fault.kind for fault in facts.faults) or "none",
    }
    return {name: escape(text) for name, text in words.items()}


def _whole_names(facts: Facts, text: str) -> str:
    for region in facts.regions:
        text = text.replace(region, f"\0{region}\1")
    return escape(text).replace("\0", '<span class="whole">').replace("\1", "</span>")


def headline(facts: Facts, verdict: Verdict) -> str:
    """The verdict in one plain sentence."""
    if not verdict.ok:
        return "This rehearsal did not show what it should have."
    if facts.done and verdict.outcome == "done":
        return facts.done
    kept = "its users noticed nothing" if not facts.traded.requests.raw_errors else "nothing was lost"
    endings = {
        "done": f"The platform moved to {facts.regions.target}{_after(facts)}, and {kept}.",
        "rolled back": f"The move went back to {facts.regions.source}, as it should, and nothing was lost.",
        "held": "The move stopped and waits for a person, as it should, and nothing was lost.",
    }
    return endings.get(verdict.outcome, "The run ended as expected.")


def _after(facts: Facts) -> str:
    return " and back" if facts.and_back else f", {facts.regions.source} was retired" if facts.retired else ""


def _lead(facts: Facts) -> str:
    seen = facts.traded.requests
    sentences = [
        f"{facts.traded.traders} {facts.traded.who} sent {seen.total:,} requests:",
        f"{_none(seen.failed)} failed, {_none(seen.wrong)} answered wrongly.",
    ]
    for each in facts.settled:
        flaws = ", ".join(f"{_none(len(found))} {flaw}" for flaw, found in each.flaws.items())
        sentences.append(f"{each.accepted:,} {each.what} were accepted: {flaws}.")
    pauses = sorted(facts.history.pauses_ms().items())
    return " ".join(
        (*sentences, *(f"{WAITED.get(domain, WROTE.format(domain))} for {pause:,.0f} ms." for domain, pause in pauses))
    )


def _tiles(facts: Facts) -> str:
    felt = [pause for domain, pause in facts.history.pauses_ms().items() if domain not in WAITED]
    seen, pause = facts.traded.requests, max(felt, default=None)
    broken = sum(len(found) for each in facts.settled for found in each.flaws.values())
    tiles = [
        ("requests", f"{seen.total:,}", False),
        ("failed", f"{seen.failed:,}", seen.failed > 0),
        ("raw errors", f"{seen.raw_errors:,}", seen.raw_errors > 0),
        *((f"{each.what} accepted", f"{each.accepted:,}", False) for each in facts.settled),
        ("promises broken", f"{broken:,}", broken > 0),
        ("longest pause of users' writes", "none" if pause is None else f"{pause:,.0f} ms", False),
    ]
    return "".join(
        f"<div{' class=bad' if bad else ''}><dt>{escape(name)}</dt><dd>{escape(figure)}</dd></div>" for name, figure, bad in tiles
    )


def _lens(facts: Facts) -> str:
    if not facts.history.moves:
        return "<p>No pen moved in this run.</p>"
    parts = []
    for move in facts.history.moves:
        title = f"Pen '{move.domain}': closed at {_seconds(move.closed_s)}, open again after {move.pause_ms:,.0f} ms"
        parts.append(f"<figure><figcaption>{escape(title)}</figcaption>{pen_picture(facts, move)}</figure>")
    return "".join(parts)


def _phases(facts: Facts) -> list[tuple[str, ...]]:
    return [
        (phase.name, _seconds(phase.from_s), _seconds(phase.to_s), _seconds(phase.to_s - phase.from_s), phase.mark)
        for phase in facts.history.phases
    ]


def _worked(facts: Facts) -> str:
    """Who worked in each phase, so that the next improvement is obvious."""
    if not facts.worked:
        return "<p>Nothing was measured.</p>"
    kinds = tuple(facts.worked[0].processor)
    rows = [
        (each.name, _seconds(each.seconds), f"{each.at_once:.2f}", *(_seconds(each.processor[kind]) for kind in kinds))
        for each in facts.worked
    ]
    rows.append(("most memory", "", "", *(f"{facts.memory.get(kind, 0):,.0f} MB" for kind in kinds)))
    return _table(("Phase", "Took", "Cores at work", *kinds), rows)


def _ledger(facts: Facts) -> list[tuple[str, ...]]:
    seen = facts.traded.requests
    rows = [("requests", seen.total), *((f"answered by {region}", count) for region, count in seen.by_region.items())]
    rows += [("failed, after every retry", seen.failed), ("raw errors, before retries", seen.raw_errors)]
    rows += [("slow answers", seen.slow), ("wrong answers", seen.wrong)]
    for each in facts.settled:
        rows += [(f"{each.what} accepted", each.accepted)]
        rows += [(f"{each.what} {flaw}", len(found)) for flaw, found in each.flaws.items()]
    return [(name, f"{count:,}") for name, count in rows]


def _errors(facts: Facts) -> str:
    named = facts.traded.requests.errors
    if not named:
        return "<p>There was none: every request was answered at its first try.</p>"
    return _table(("Raw error", "Count"), [(error, f"{count:,}") for error, count in named.items()])


def _journal(facts: Facts) -> str:
    if not facts.journal:
        return "<p>The journal has no record of this run.</p>"
    rows = [(str(line.number), _seconds(line.at_s), line.who, line.what, line.why) for line in facts.journal[:JOURNAL_AT_MOST]]
    more = len(facts.journal) - len(rows)
    rest = f"<p>{more:,} later records are in the run folder.</p>" if more > 0 else ""
    return _table(("No.", "At", "Who", "What", "Why"), rows, "journal") + rest


def _residency(facts: Facts) -> str:
    if not facts.retired:
        return f"<p>{escape(facts.regions.source)} was not retired in this run.</p>"
    kept = f"<p>The journal lies in the customer's bucket up to record {facts.evidence}.</p>"
    rows = [(each.kind, each.thing, each.region, each.excuse) for each in facts.living]
    return kept + _table(("Kind", "What", "Where", "Why it may"), rows)


def _left_out(facts: Facts) -> str:
    if not facts.left_out:
        return "<p>Nothing was left out.</p>"
    return "<dl>" + "".join(f"<dt>{escape(one.name)}</dt><dd>{escape(one.sentence)}</dd>" for one in facts.left_out) + "</dl>"


def _list(sentences: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>{lines}</ul>" if lines else ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], name: str = "") -> str:
    head = "".join(f"<th scope=col>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _none(count: int) -> str:
    return f"{count:,}" if count else "none"
