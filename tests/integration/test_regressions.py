"""A target that has regressed is found out while at most one reader in twenty is there."""

from pathlib import Path

import pytest

from tests.integration.rehearsals import Rehearsal

REGRESSIONS = {
    "half of the answers are errors": 'kind = "errors"\nshare = 0.5',
    "most answers are errors": 'kind = "errors"\nshare = 0.7',
    "all answers are errors": 'kind = "errors"\nshare = 1.0',
    "half is throttled": 'kind = "throttling"\nshare = 0.5',
    "all is throttled": 'kind = "throttling"\nshare = 1.0',
    "3 s late": 'kind = "slow"\ndelay = 3.0',
    "6 s late": 'kind = "slow"\ndelay = 6.0',
    "the region is gone": 'kind = "region-out"',
    "tables far behind": 'kind = "lag"\nstore = "tables"',
    "nothing of the tables is copied": 'kind = "stall"\nstore = "tables"',
}


@pytest.mark.slow
@pytest.mark.parametrize("regression", REGRESSIONS)
def test_a_regressed_target_never_gets_more_than_one_reader_in_twenty(regression: str, tmp_path: Path) -> None:
    """It strikes as the first reader goes there; the gate sends all readers home, and nothing is lost."""
    fault = tmp_path / "fault.toml"
    fault.write_text(
        f'promise = "The gate finds it out while few readers are there."\n{REGRESSIONS[regression]}\n'
        'at_step = "shift_reads.1"\nside = "target"\nseconds = 30\noutcome = "rolled back"\n',
        encoding="utf-8",
    )
    rehearsal = Rehearsal.start(tmp_path / "run", "--inject", str(fault))
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert max(each["target_percent"] for each in figures["weights"]) <= 5
    assert figures["requests"]["failed"] == figures["requests"]["wrong"] == figures["writes"]["lost"] == 0
