"""The verbs over stacks, run as an operator runs them on a rehearsal's world."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from landbridge.config.spec import Trading
from landbridge.model.region import Region

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Operator:
    """Someone at a terminal, with a run folder of one environment."""

    folder: Path
    platform: str = "trading"

    @classmethod
    def of(cls, folder: Path, trading: Trading, suffix: str, endpoints: Mapping[Region, str]) -> "Operator":
        """A run folder as a rehearsal leaves it."""
        platform = trading.platform.model_copy(update={"environment_suffix": suffix})
        ours = trading.model_copy(update={"platform": platform})
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "trading.json").write_text(ours.model_dump_json())
        (folder / "run.json").write_text(json.dumps({"pid": os.getpid(), "endpoints": dict(endpoints)}))
        return cls(folder)

    def begins(self, verb: str, *options: str, templates: Path = ROOT / "templates") -> subprocess.Popen[str]:
        """A process that runs a verb."""
        command = [sys.executable, "-m", "landbridge.cli", verb, self.platform, "--run", str(self.folder), *options]
        return subprocess.Popen(
            [*command, "--templates", str(templates)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def runs(self, verb: str, *options: str, templates: Path = ROOT / "templates") -> tuple[int, str, str]:
        """A verb to its end: code, output, errors."""
        process = self.begins(verb, *options, templates=templates)
        said, complained = process.communicate(timeout=120)
        return process.returncode, said, complained
