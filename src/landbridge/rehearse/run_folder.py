"""What a rehearsal leaves in its run folder for other processes: where its world answers, and what it migrates."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from landbridge.aws.clients import PATIENT, Clients
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput
from landbridge.model.region import Region


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run folder whose world is up."""

    path: Path

    @property
    def comparisons(self) -> Path:
        """Where its comparisons are kept, and its gates look for them."""
        return self.path / "verify"

    def keep(self, trading: Trading) -> None:
        """Write down what this rehearsal migrates, with everything that was overridden."""
        (self.path / "trading.json").write_text(trading.model_dump_json(indent=2) + "\n", encoding="utf-8")

    def trading(self) -> Trading:
        """What this rehearsal migrates."""
        return Trading.model_validate_json(self._read("trading.json"))

    def clients(self) -> Clients:
        """The way to this rehearsal's world."""
        run = json.loads(self._read("run.json"))
        if not _lives(run["pid"]):
            raise BadInput(str(self.path), "its world is not up any more", "start one with `landbridge rehearse --hold`")
        return Clients({Region(region): url for region, url in run["endpoints"].items()}, timeouts=PATIENT)

    def _read(self, name: str) -> str:
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            raise BadInput(
                str(self.path),
                f"is not the folder of a rehearsal ({name} is missing)",
                "name the folder `landbridge rehearse` printed",
            ) from None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's process, so there is one
    return True
