"""As root or not, wherever the folder is: servers run, and die with whoever started them, leaving nothing."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.database.place import Place, eventually

from landbridge.rehearse.fabric.database import processes
from landbridge.rehearse.fabric.database.ground import settle

ROOT = Path(__file__).parents[3]
STARTS = """
import sys, time
from pathlib import Path
from tests.contract.database.place import Place
with Place(Path(sys.argv[1])) as place:
    place.create()
    print(place.source.server.data, flush=True)
    time.sleep(60)
"""


AS_NOBODY = (
    *("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"),
    *("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),  # our Python may lie where only root may go
)


def _segment(data: Path) -> str:
    """The shared memory of the server over this data."""
    return (data / processes.PID_FILE).read_text(encoding="utf-8").splitlines()[processes.SHARED_LINE].split()[1]


def _kept(segment: str) -> bool:
    """Whether this machine still has it."""
    lines = Path("/proc/sysvipc/shm").read_text(encoding="ascii").splitlines()[1:]
    return segment in {line.split()[1] for line in lines}


@pytest.fixture
def anywhere() -> Iterator[Path]:
    """A folder everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="landbridge-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.mark.parametrize(
    ("user", "how"),
    [
        pytest.param((), signal.SIGKILL, id="killed", marks=pytest.mark.slow),
        pytest.param(AS_NOBODY, signal.SIGINT, id="another user"),
    ],
)
def test_servers_die_with_whoever_started_them(anywhere: Path, user: tuple[str, ...], how: signal.Signals) -> None:
    """After SIGKILL no process and no shared memory; after Ctrl-C no folder either."""
    child = subprocess.Popen(
        [*(user if os.geteuid() == 0 else ()), sys.executable, "-c", STARTS, str(anywhere / "own")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=anywhere,
        start_new_session=True,
    )
    with child:
        assert child.stdout is not None
        data = Path(child.stdout.readline().strip())
        segment = _segment(data)
        assert _kept(segment)
        child.send_signal(how)
    eventually(lambda: processes.running(data) == () and not _kept(segment))
    assert data.exists() == (how is signal.SIGKILL)


def test_a_folder_only_root_may_enter_is_no_hindrance(tmp_path: Path) -> None:
    """Another one is found then, and goes in the end; a folder that works is taken."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    ground = settle(closed / "databases")
    try:
        assert ground.works()
        assert (ground.account is None) == (os.geteuid() != 0)
    finally:
        ground.remove()
    assert not ground.folder.exists()
    assert ground.borrowed is None or not ground.borrowed.exists()


@pytest.mark.slow
def test_a_killed_server_that_never_came_back_leaves_no_shared_memory(tmp_path: Path) -> None:
    """What it could not give back is given back when the world ends."""
    with Place(tmp_path / "own") as place:
        place.create()
        place.databases.knobs.restart_seconds = 60.0
        pid = place.source.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: place.source.server.pid is None)
        data = place.source.server.data
        segment = _segment(data)
        assert _kept(segment)
    assert processes.running(data) == ()
    assert not _kept(segment)
