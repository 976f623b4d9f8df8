"""Where the suite runs: emulated regions of its own, or the account whose credentials are at hand."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.contract.platform.doors import adapting
from tests.contract.platform.emulators import free_port, start, wait

from landbridge.aws.clients import Clients
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = {"rehearsal": 280, "aws": 7200}


@dataclass(frozen=True)
class Ground:
    """An operator's terminal: verbs over one platform's file, against emulators (`run`) or the account (no `run`)."""

    name: str
    file: Path
    run: Path | None

    @property
    def clients(self) -> Clients:
        """Clients that reach what the verbs reach."""
        return RunFolder(self.run).clients() if self.run else Clients()

    def runs(self, verb: str, platform: str, *options: str) -> tuple[int, str, str]:
        """A verb to its end: code, output, errors."""
        beside = ("--run", str(self.run)) if self.run else ("--config", str(self.file))
        done = subprocess.run(
            [sys.executable, "-m", "landbridge.cli", verb, platform, *beside, *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_SECONDS[self.name],
        )
        return done.returncode, done.stdout, done.stderr


@contextlib.contextmanager
def ground(name: str, file: Path, regions: Sequence[Region]) -> Iterator[Ground]:
    """Emulators are started and stopped here; an account is taken as it is."""
    if name == "aws":
        yield Ground(name, file, None)
        return
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
        (run / "trading.json").write_text(load(file, Trading).model_dump_json(), encoding="utf-8")
        (run / "run.json").write_text(json.dumps({"pid": os.getpid(), "endpoints": dict(doors)}), encoding="utf-8")
        yield Ground(name, file, run)
