"""What a rehearsal leaves behind says the same to programs and people, and nothing in it can act by itself."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import orjson
from tests.unit.rehearse_face.made_up import SOURCE, TARGET, facts, fault, gone_wrong, traded, writes

from landbridge.model.pen import Domain
from landbridge.rehearse.charts import nice, smooth, ticks
from landbridge.rehearse.facts import Facts, Living
from landbridge.rehearse.judge import Expectation, judge
from landbridge.rehearse.report import as_page, headline, write_report
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.tally import Requests
from landbridge.rehearse.timeline import History, Phase
from landbridge.rehearse.told import as_json


def _page(seen: Facts) -> str:
    return as_page(seen, judge(seen, Expectation.of(seen.faults)))


class _Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remembers them."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_figures_are_exactly_those_promised() -> None:
    """rehearsal.json has these keys, and these values for a run without a flaw."""
    good = replace(facts(), settled=(writes(), Settled(Domain.COMMANDS, "commands", 40, {"lost": ("one",)})))
    said = as_json(good, judge(good, Expectation.of(())))
    assert set(said) == {
        *("seed", "wall_s", "phases", "weights", "requests", "writes", "commands", "pens"),
        *("left_out", "verdict", "faults", "command", "setup_s", "worked", "memory_mb"),
    }
    assert said["worked"][1] == {
        "name": "cutover.state",
        "seconds": 6.0,
        "processor_s": {"AWS in us-east-1": 3.0, "engine": 1.5, "users, edge, fabric": 4.5},
    }
    by_region = {TARGET: 801, SOURCE: 1503}
    assert said["requests"] == {"total": 2304, "failed": 0, "raw_errors": 0, "slow": 0, "wrong": 0, "by_region": by_region}
    assert said["writes"] == {"accepted": 690, "lost": 0, "doubled": 0, "differing": 0}
    assert said["commands"] == {"accepted": 40, "lost": 1}
    assert said["pens"] == {"state": {"pause_ms": 2140.0}}
    assert said["phases"][0] == {"name": "preflight", "from_s": 0, "to_s": 3.1}
    assert said["weights"][-1] == {"at_s": 66, "target_percent": 100}
    assert (said["verdict"]["ok"], said["verdict"]["outcome"], said["verdict"]["expected"]) == (False, "done", "done")


def test_both_files_are_written_and_say_where(tmp_path: Path) -> None:
    """The JSON can be read back, fault included; the page is where it says."""
    bad = gone_wrong()
    page = write_report(tmp_path, bad, judge(bad, Expectation.of(bad.faults)))
    said = orjson.loads((tmp_path / "rehearsal.json").read_bytes())
    assert [each["kind"] for each in said["faults"]] == ["errors"]
    assert (said["verdict"]["ok"], said["writes"]["lost"]) == (False, 7)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_says_the_verdict_first() -> None:
    """Headline, then the sentence in figures, in this order."""
    text = re.sub(r"<[^>]+>", "", _page(facts()).split("<body>")[1])
    assert text.index("The platform moved to eu-central-1, and its users noticed nothing.") < text.index(
        "50 traders sent 2,304 requests"
    )
    assert "Writing of &#x27;state&#x27; paused for 2,140 ms." in text


def test_nothing_from_outside_becomes_markup() -> None:
    """Names that look like tags are shown, not obeyed; the page has no script and refers to nothing."""
    page = _page(gone_wrong())
    tags = _Tags()
    tags.feed(page)
    assert "&lt;script&gt;alert(1)" in page
    assert not tags.tags & {"script", "link", "img", "iframe", "object", "a", "form"}
    assert not tags.attributes & {"src", "href", "onload", "onclick"}
    assert "url(" not in page
    assert "://" not in page


def test_a_bad_run_names_what_is_lost() -> None:
    """Every lost write stands in the ledger's part, and each kind of raw error with its count."""
    page = _page(gone_wrong())
    assert page.count("neither it nor a later one") > 7
    assert "500 from eu-central-1</td><td>40" in page
    assert 'class="verdict bad"' in page


def test_an_empty_run_still_makes_a_page() -> None:
    """No phase, no answer, no pen, no journal: said in words."""
    nothing = replace(traded(), requests=Requests(0, 0, 0, 0, 0, {}, {}), seconds=(), stretches=())
    empty = replace(
        facts(), outcome="failed", wall_s=0.0, traded=nothing, history=History(), journal=(), left_out=(), setup={}, settled=()
    )
    page = _page(empty)
    for sentence in ("No pen moved in this run.", "The journal has no record of this run.", "Nothing was left out."):
        assert sentence in page


def test_headlines_fit_their_outcomes() -> None:
    """A rollback that should happen is told as success; raw errors forbid 'noticed nothing'; the unexpected says so."""
    stumbled = replace(
        facts(), traded=replace(traded(), requests=replace(traded().requests, raw_errors=3)), faults=(fault("done"),)
    )
    back = replace(facts(), outcome="rolled back", faults=(fault(),), history=History())
    held = replace(facts(), outcome="held", faults=(fault("held"),))
    failed = replace(facts(), outcome="failed")
    words = ["nothing was lost", "went back to us-east-1", "waits for a person", "did not show"]
    for seen, word in zip((stumbled, back, held, failed), words, strict=True):
        assert word in headline(seen, judge(seen, Expectation.of(seen.faults)))


def test_a_retirement_is_shown_with_where_everything_lives() -> None:
    """On the page and in the figures, which have no such word without one."""
    seen = replace(facts(), retired=True, living=(Living("store", "state", TARGET, ""),), evidence=220)
    verdict = judge(seen, Expectation.of(()))
    figures = as_json(seen, verdict)
    assert figures["residency"] == [{"kind": "store", "thing": "state", "region": TARGET, "excuse": ""}]
    assert figures["evidence"] == 220
    page = as_page(seen, verdict)
    assert "up to record 220" in page
    assert headline(seen, verdict) == f"The platform moved to {TARGET}, {SOURCE} was retired, and its users noticed nothing."


def test_a_long_journal_is_cut_and_says_so() -> None:
    """The page stays a page."""
    long = replace(facts(), journal=facts().journal * 200)
    assert "400 later records are in the run folder." in _page(long)


def test_a_phase_that_was_taken_back_is_marked() -> None:
    """The ribbon's colour and its title carry the mark."""
    seen = replace(facts(), history=History(phases=(Phase("shift", 0, 10, "reverted"),)))
    assert 'class="reverted" style="left:0.000%;width:10.823%" title="shift: 0.0 s to 10.0 s, reverted"' in _page(seen)


def test_axes_are_round() -> None:
    """Scales end at round numbers, ticks stand at round places, smoothing keeps the mean."""
    assert [nice(value) for value in (0, 0.3, 1, 2.1, 26, 51, 999)] == [1, 0.5, 1, 2.5, 50, 100, 1000]
    assert ticks(0, 92.4) == [0, 20, 40, 60, 80]
    assert smooth([0, 3, 0]) == [1.5, 1, 1.5]
    assert smooth([]) == []
