"""What does a cold start cost each function: import time, peak memory, size of the zip? Limit: 300 ms to import the API's.

Each is imported as Lambda does it: in a process of its own, from the zip's own files, compiled anew because its folder can't
be written. Best of five, by processor time, which another process can't make longer. The peer is boto3 with one client.
"""

import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from landbridge.deploy.artifacts import Artifact

ROUNDS, LIMIT_MS = 5, 300.0
API = ("workloads.trading.read", "workloads.trading.write")
FUNCTIONS = (
    *API,
    "workloads.trading.work",
    "workloads.trading.transform",
    "agents.replicator",
    "agents.rotate_secret",
    "agents.empty_bucket",
)
TIMED = """\
import resource, sys, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time(), time.perf_counter()
{code}
spent = time.process_time() - began[0], time.perf_counter() - began[1]
print(*(1000 * each for each in spent), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(sys.modules))
"""
PEER = "import boto3; boto3.session.Session().client('dynamodb', 'eu-central-1')"


def measured(code: str, path: Path) -> tuple[float, ...]:
    """Processor and wall time in ms, peak memory in MB, modules: the quickest of five processes."""
    call = [sys.executable, "-c", TIMED.format(code=code)]
    account = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    environment = {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin", **account}
    runs = [subprocess.run(call, check=True, capture_output=True, text=True, env=environment) for _ in range(ROUNDS)]
    return min(tuple(map(float, run.stdout.split())) for run in runs)


def main() -> int:
    """A line a function; fails where the API's import takes longer than it may."""
    artifact = Artifact.of()
    print(f"the one zip of all functions: {len(artifact.body) / 1024:.0f} KB\n")
    print(f"{'':30}{'processor ms':>14}{'wall ms':>10}{'peak MB':>10}{'modules':>10}")
    slow = []
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(BytesIO(artifact.body)).extractall(folder)
        codes = {name: f"import landbridge.{name}" for name in FUNCTIONS} | {"boto3, one client": PEER}
        for name, code in codes.items():
            processor, wall, memory, modules = measured(code, Path(folder))
            print(f"{name:30}{processor:14.0f}{wall:10.0f}{memory:10.0f}{modules:10.0f}")
            slow += [name] if name in API and processor > LIMIT_MS else []
    print(f"\nslower than {LIMIT_MS:g} ms: {', '.join(slow) or 'none of the API'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
