"""The market's records: told apart by identity, read back from their text, refused when they are something else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.errors import BadInput
from landbridge.model.market import HEARTBEAT_FEED, EndMarker, Entry, Tick, entry
from landbridge.model.pen import Epoch

TICKS = st.builds(Tick, st.text(), st.text(), st.integers(), st.text())
MARKERS = st.builds(EndMarker, st.text(), st.text(), st.integers(0, 99).map(Epoch), st.integers(0))
TICK, END = json.loads(Tick("f", "s", 1, "v").text()), json.loads(EndMarker("r", "0", Epoch(1), 2).text())


@given(TICKS | MARKERS)
def test_an_entry_reads_back_from_its_text(made: Entry) -> None:
    """Ticks as ticks, markers as markers, to the last character."""
    assert entry(made.text()) == made


def test_a_tick_is_told_by_feed_symbol_and_sequence() -> None:
    """Whatever its value, and wherever it lies."""
    assert Tick("f", "s", 1, "v").identity == Tick("f", "s", 1, "w").identity == ("f", "s", 1)


def test_a_heartbeat_is_told_from_the_markets_ticks() -> None:
    """By its feed, which no feed of the market may be called."""
    assert Tick(HEARTBEAT_FEED, "s", 1, "v").reserved
    assert not Tick("f", HEARTBEAT_FEED, 1, "v").reserved


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tick",
        "[]",
        "[" * 100_000,
        "{}",
        '{"kind": "trade"}',
        '{"kind": ["tick"]}',
        json.dumps({**TICK, "sequence": "1"}),
        json.dumps({**TICK, "sequence": True}),
        json.dumps({**TICK, "sequence": 1.0}),
        json.dumps({**TICK, "more": 1}),
        json.dumps({name: value for name, value in TICK.items() if name != "feed"}),
        json.dumps({**END, "kind": "tick"}),
        json.dumps({**END, "turn": None}),
    ],
    ids=lambda text: text[:60],
)
def test_anything_else_is_refused_in_one_sentence(text: str) -> None:
    """What it is not, and what to send instead."""
    with pytest.raises(BadInput, match=r"^market record.*; send "):
        entry(text)
