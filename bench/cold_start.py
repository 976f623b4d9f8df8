"""What does a cold start cost each function: import time, peak memory, size of the zip? Limit: 300 ms to import the API's.

Each handler that a committed template names is imported as Lambda does it: in a process of its own, from the zip's own files,
compiled anew because its folder can't be written. Best of five, by processor time, which another process can't make longer.
The engine's zip is measured without its wheels: this Python has them. The peer is boto3 with one client.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.engine_code import engine_code

ROUNDS, LIMIT_MS = 5, 300.0
TEMPLATES = Path(__file__).parents[1] / "templates"
API = ("landbridge.workloads.trading.read", "landbridge.workloads.trading.write")
ENGINE, INLINE = "landbridge.orchestrator.", "landbridge.agents.empty_bucket"  # whose text lies in the template
TIMED = """\
import resource, sys, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time(), time.perf_counter()
{code}
spent = time.process_time() - began[0], time.perf_counter() - began[1]
print(*(1000 * each for each in spent), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(sys.modules))
"""
PEER = "import boto3; boto3.session.Session().client('dynamodb', 'eu-central-1')"


def handlers() -> Iterator[str]:
    """The module of every function of every template."""
    for path in TEMPLATES.glob("*/*.template.json"):
        for made in json.loads(path.read_text(encoding="utf-8"))["Resources"].values():
            if made["Type"] == "AWS::Lambda::Function":
                inline = "ZipFile" in made["Properties"]["Code"]
                yield INLINE if inline else made["Properties"]["Handler"].rpartition(".")[0]


def measured(code: str, path: Path) -> tuple[float, ...]:
    """Processor and wall time in ms, peak memory in MB, modules: the quickest of five processes."""
    call = [sys.executable, "-c", TIMED.format(code=code)]
    account = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    environment = {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin", **account}
    runs = [subprocess.run(call, check=True, capture_output=True, text=True, env=environment) for _ in range(ROUNDS)]
    return min(tuple(map(float, run.stdout.split())) for run in runs)


def line(name: str, code: str, path: Path, kilobytes: float) -> float:
    """Prints one; how long it took the processor, in ms."""
    processor, wall, memory, modules = measured(code, path)
    print(f"{name:40}{processor:14.0f}{wall:10.0f}{memory:10.0f}{modules:10.0f}{kilobytes:10.0f}", flush=True)
    return processor


def main() -> int:
    """A line a function; fails where the API's import takes longer than it may."""
    zips = {"functions": Artifact.of(), "engine": engine_code(TEMPLATES, {})}
    print(f"{'':40}{'processor ms':>14}{'wall ms':>10}{'peak MB':>10}{'modules':>10}{'zip KB':>10}")
    slow = []
    with tempfile.TemporaryDirectory() as folder:
        for name, artifact in zips.items():
            zipfile.ZipFile(BytesIO(artifact.body)).extractall(Path(folder) / name)
        for module in sorted(set(handlers())):
            name = "engine" if module.startswith(ENGINE) else "functions"
            size = len(zips[name].body) / 1024
            took = line(module.removeprefix("landbridge."), f"import {module}", Path(folder) / name, size)
            slow += [module] if module in API and took > LIMIT_MS else []
        line("boto3, one client", PEER, Path(folder), 0)
    print(f"\nslower than {LIMIT_MS:g} ms: {', '.join(slow) or 'none of the API'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
