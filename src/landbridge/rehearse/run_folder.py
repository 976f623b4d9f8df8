"""What a rehearsal leaves in its run folder for other processes: where its world answers, and what it migrates."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from landbridge.aws.clients import PATIENT, Clients
from landbridge.config.expansion import Expansion
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.region import Region

PAYMENTS = "payments.json"
PROFILE = """\
[profile {region}]
region = {region}
endpoint_url = {url}
aws_access_key_id = rehearsal
aws_secret_access_key = rehearsal
s3 =
    addressing_style = path
"""


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

    def open_to_aws(self, doors: Mapping[Region, str]) -> Path:
        """Write down a profile for each region's door, by which any client of AWS looks in; where that lies."""
        path = self.path / "aws-config"
        path.write_text("\n".join(PROFILE.format(region=region, url=url) for region, url in doors.items()), encoding="utf-8")
        return path

    def trading(self) -> Trading:
        """What this rehearsal migrates."""
        return Trading.model_validate_json(self._read("trading.json"))

    def keep_expansion(self, expansion: Expansion) -> None:
        """Write down what of the payments platform this rehearsal lets grow."""
        (self.path / PAYMENTS).write_text(expansion.model_dump_json(indent=2) + "\n", encoding="utf-8")

    def expansion(self) -> Expansion | None:
        """What this rehearsal lets grow; None = it migrates the trading platform."""
        return Expansion.model_validate_json(self._read(PAYMENTS)) if (self.path / PAYMENTS).exists() else None

    def front(self, region: Region) -> str:
        """Where a region's load balancer answers now; Unreachable while none does."""
        fronts = json.loads(self._read("run.json")).get("fronts", {})
        if region not in fronts:
            raise Unreachable(region, "its load balancer")
        return str(fronts[region])

    def keep_fronts(self, fronts: Mapping[Region, str]) -> None:
        """Write down where each region's load balancer answers now."""
        run = {**json.loads(self._read("run.json")), "fronts": dict(sorted(fronts.items()))}
        written = self.path / "run.json.new"
        written.write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
        written.replace(self.path / "run.json")

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
