"""A mirror's records hold what lay in the live stream, where it lay, in its order; anything else is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.model.errors import BadInput
from landbridge.model.market import EndMarker, Entry, Tick
from landbridge.model.mirror import Carried, Origin, head, pack, piece, unpack
from landbridge.model.pen import Epoch

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    st.builds(Tick, TEXT, TEXT, st.integers(), TEXT),
    st.builds(EndMarker, TEXT, TEXT, st.integers().map(Epoch), st.integers()),
)


@settings(deadline=None)
@given(TEXT, TEXT, st.lists(ENTRIES, min_size=1))
def test_what_is_packed_is_unpacked(region: str, shard: str, entries: list[Entry]) -> None:
    """Entries, their order and their origin."""
    pieces = [piece(str(number), each.text()) for number, each in enumerate(entries)]
    carried = [Carried(each, Origin(region, shard, str(number))) for number, each in enumerate(entries)]
    assert unpack(pack(head(region, shard), pieces)) == carried


GOOD = json.loads(pack(head("r", "s"), [piece("1", Tick("f", "s", 1, "v").text())]))


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        Tick("f", "s", 1, "v").text().encode(),
        *(json.dumps({**GOOD, name: 1}).encode() for name in GOOD),
        *(json.dumps({key: value for key, value in GOOD.items() if key != name}).encode() for name in GOOD),
        json.dumps({**GOOD, "more": 1}).encode(),
        json.dumps({**GOOD, "records": []}).encode(),
        json.dumps({**GOOD, "records": [1]}).encode(),
        json.dumps({**GOOD, "records": [{"sequence": 1, "entry": {}}]}).encode(),
        json.dumps({**GOOD, "records": [{"sequence": "1"}]}).encode(),
        json.dumps({**GOOD, "records": [{"sequence": "1", "entry": {"kind": "pack"}}]}).encode(),
    ],
)
def test_what_is_no_pack_is_refused(bad: bytes) -> None:
    """A tick by itself is none: nobody but the replicator writes into a mirror."""
    with pytest.raises(BadInput):
        unpack(bad)
