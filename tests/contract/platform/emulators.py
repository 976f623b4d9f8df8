"""Emulator processes of our own, and deployers that reach them."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import settings
from landbridge.model.region import Region

REGIONS = tuple(map(Region, ("us-east-1", "eu-central-1", "eu-west-1")))
SOURCE, TARGET, JOURNAL = REGIONS
BINARY = Path(sys.executable).parent / "ministack"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(region: Region, port: int, folder: Path) -> subprocess.Popen[bytes]:
    """One region's emulator, in a process group of its own."""
    for name in ("tmp", "state", "s3"):
        (folder / name).mkdir(parents=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(folder / "tmp"),
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
    }
    log = (folder / "log").open("wb")
    with log:
        return subprocess.Popen([BINARY], env=environment, stdout=log, stderr=log, start_new_session=True)


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns when the emulator answers."""
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=1) as up:
            if up.status == 200:
                return
        assert process.poll() is None, "the emulator ended by itself"
        time.sleep(0.1)
    raise AssertionError("the emulator did not come up")


def every_stack(cloudformation: Any) -> list[dict[str, Any]]:
    """Those that are gone too; an emulator that tests share has many, and tells them by the page."""
    return [each for page in cloudformation.get_paginator("list_stacks").paginate() for each in page["StackSummaries"]]


class Environments:
    """Deployers for environments that don't meet, though they share three emulators."""

    def __init__(self, clients: Clients, manifest: Manifest, trading: Trading) -> None:
        self._clients, self._manifest, self._trading = clients, manifest, trading

    def deployer(self, suffix: str, manifest: Manifest | None = None) -> Deployer:
        """A deployer of an environment of this suffix."""
        platform = self._trading.platform.model_copy(update={"environment_suffix": suffix})
        regional = partial(settings, self._trading)
        made = manifest or self._manifest
        return Deployer(self._clients, made, platform, self._trading.pens, sleep=time.sleep, regional=regional)
