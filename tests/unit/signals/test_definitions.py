"""The definitions file is read whole or refused with the key that is wrong."""

from pathlib import Path

import pytest

from landbridge.model.errors import BadInput
from landbridge.workloads.trading.signals.definitions import FILE, LONGEST, WHOLE, Definitions, definitions, weights

TEXT = FILE.read_text(encoding="utf-8")


def test_the_shipped_file_is_read() -> None:
    """Every number of it, in its order."""
    assert definitions() == Definitions(bar_ms=1000, lateness_ms=2000, fast=5, slow=20, volatility=20, spike=20, percent=300)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("bar_ms = 1000", "", "bar_ms"),
        ("bar_ms = 1000", "bar_ms = 0", "bar_ms"),
        ("bar_ms = 1000", "bar_ms = true", "bar_ms"),
        ("bar_ms = 1000", "bar_ms = [1]", "bar_ms"),
        ("bar_ms = 1000", "bar_ms = 1000\nodd = 1", "odd"),
        ("lateness_ms = 2000", "lateness_ms = 2.5", "lateness_ms"),
        ("slow = 20", "slow = 121", "ema.slow"),
        ("fast = 5", "fast = 20", "ema.fast"),
        ("percent = 300", "percent = 100", "spike.percent"),
        ("[ema]", "[ema", "can't be read"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, old: str, new: str, named: str) -> None:
    """The sentence names the file and the key."""
    bad = tmp_path / "bad.toml"
    bad.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=named):
        definitions(bad)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(BadInput, match=r"none\.toml"):
        definitions(tmp_path / "none.toml")


def test_weights_fall_and_make_a_whole() -> None:
    """Of every span there can be: each is at most the newer one's, none is below nothing."""
    for span in range(2, LONGEST + 1):
        found = weights(span)
        assert sum(found) == WHOLE
        assert list(found) == sorted(found, reverse=True)
        assert found[-1] >= 0


def test_a_fingerprint_tells_definitions_apart() -> None:
    """The same numbers have the same one, on every machine."""
    shipped = definitions()
    assert shipped.fingerprint == "cca3722b2c5581fc"
    assert len({shipped.fingerprint, Definitions(1000, 2000, 5, 20, 20, 20, 301).fingerprint}) == 2
