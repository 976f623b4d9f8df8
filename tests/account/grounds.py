"""Where the suite runs: regions of its own on this machine, or the account whose credentials are at hand."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.account.stage import playing
from tests.contract.platform.doors import adapting
from tests.contract.platform.emulators import free_port, start, wait

from landbridge.aws.clients import Clients
from landbridge.config.expansion import Expansion
from landbridge.config.load import load, read
from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Trading
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import also_rehearsed
from landbridge.model.region import Region
from landbridge.rehearse.facts import LeftOut
from landbridge.rehearse.left_out import absent
from landbridge.rehearse.payments.left_out import left_out
from landbridge.rehearse.run_folder import RunFolder

ROOT = Path(__file__).parents[2]
WORLD = ROOT / "config" / "rehearsal.toml"
DRIFT = LeftOut(
    "Drift", "Looked for by the emulator, which compares some properties of a few kinds of resources and skips the others."
)


@dataclass(frozen=True)
class Ground:
    """An operator's terminal: verbs over one platform's file, on this machine (`run`) or on the account (no `run`)."""

    platform: str
    file: Path
    run: Path | None = None
    left_out: Callable[[], tuple[LeftOut, ...]] = tuple  # what is not as on an account

    @property
    def clients(self) -> Clients:
        """Clients that reach what the verbs reach."""
        return RunFolder(self.run).clients() if self.run else Clients()

    @property
    def patience(self) -> float:
        """How many seconds what takes its time may take."""
        return 60 if self.run else 1800

    def runs(self, verb: str, *options: str) -> tuple[int, str, str]:
        """A verb to its end: code, output, errors."""
        beside = ("--run", str(self.run)) if self.run else ("--config", str(self.file))
        done = subprocess.run(
            [sys.executable, "-m", "landbridge.cli", verb, self.platform, *beside, *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=280 if self.run else 7200,
        )
        return done.returncode, done.stdout, done.stderr


def under(suffix: str, shipped: Path, folder: Path) -> Path:
    """A platform's own file under another suffix, so that two runs on one account don't meet."""
    file = folder / f"{suffix}.toml"
    told, times = re.subn(r'(?m)^environment_suffix = "[^"]*"', f'environment_suffix = "{suffix}"', shipped.read_text("utf-8"))
    assert times == 1
    file.write_text(told, encoding="utf-8")
    return file


@contextlib.contextmanager
def emulated(file: Path) -> Iterator[Ground]:
    """Three emulators behind their doors: they take every stack of trading, and nothing is done between them."""
    trading = load(file, Trading)
    platform = trading.platform
    regions = [Region(each) for each in (platform.source, platform.target, platform.journal)]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="landbridge-account-")))
        ports = {region: free_port() for region in regions}
        for region, port in ports.items():
            process = start(region, port, folder / region)
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGKILL)
            wait(port, process)
        doors = stack.enter_context(adapting({region: f"http://127.0.0.1:{port}" for region, port in ports.items()}))
        run = folder / "run"
        run.mkdir()
        RunFolder(run).keep(trading)
        (run / "run.json").write_text(json.dumps({"pid": os.getpid(), "endpoints": dict(doors)}), encoding="utf-8")
        yield Ground("trading", file, run, lambda: _unplayed(trading))


def _unplayed(trading: Trading) -> tuple[LeftOut, ...]:
    between = LeftOut("What AWS does between regions", "Nothing is copied between these emulators, and nothing moves.")
    return (*absent(Manifest.read(ROOT / "templates"), also_rehearsed(trading)), between, DRIFT)


@contextlib.contextmanager
def played(file: Path) -> Iterator[Ground]:
    """The world of a rehearsal, empty: what is deployed into it serves, and is copied."""
    expansion = load(file, Expansion, read(WORLD)["payments"], WORLD)
    rehearsal = load(WORLD, Rehearsal)
    with tempfile.TemporaryDirectory(prefix="landbridge-account-") as folder:
        run = Path(folder) / "run"
        with playing(expansion, rehearsal, run, ROOT / "templates") as sides:
            yield Ground("payments", file, run, lambda: (*left_out(rehearsal, sides.values()), DRIFT))
