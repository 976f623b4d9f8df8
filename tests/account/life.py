"""What every platform's life has in common: deployed, changed by nothing since, not drifted, and gone without a trace."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.account.conftest import LEFT_OUT
from tests.account.grounds import Ground


@contextmanager
def gone_afterwards(ground: Ground, suffix: str) -> Iterator[None]:
    """Down to nothing after the block, whatever happened in it."""
    try:
        yield
    finally:
        code, said, complained = ground.runs("destroy", "--yes")
    assert code == 0, said + complained
    assert f"nothing of {suffix} is left there, by tag and by name" in said


def deployed(ground: Ground) -> None:
    """Every stack stands, and every look finds it well."""
    code, said, complained = ground.runs("deploy", "--yes", "--json")
    assert code == 0, said + complained
    checks = [json.loads(line) for line in said.splitlines() if '"figure"' in line]
    assert checks
    assert [check for check in checks if check["ok"] is False] == []


def unchanged(ground: Ground) -> None:
    """Another deploy would change nothing, and nobody has changed anything beside it."""
    code, said, complained = ground.runs("diff", "--json")
    assert (code, json.loads(said.splitlines()[-1])["changing"]) == (0, 0), said + complained
    code, said, complained = ground.runs("drift")
    assert code == 0, said + complained


def tell(ground: Ground, record: Callable[[str, object], None]) -> None:
    """What was not as on an account, for the end of the run."""
    for each in ground.left_out():
        record(LEFT_OUT, f"{each.name}: {each.sentence}")


def until(ground: Ground, what: str, is_so: Callable[[], object]) -> None:
    """Waits for what takes its time there."""
    ends = time.monotonic() + ground.patience
    while not is_so():
        assert time.monotonic() < ends, f"not within {ground.patience:g} s: {what}"
        time.sleep(0.2 if ground.run else 5)
