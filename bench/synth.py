"""How long does it take to write every template, from a cold process? Limit: 4 s.

The peer measured beside it is what typed resources would have to import before their first one is made.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT_SECONDS = 4.0
ROUNDS = 5
OURS = "import sys, pathlib; from landbridge.platforms.synth import synthesize; synthesize(pathlib.Path(sys.argv[1]))"
ROOMS = ("apigateway", "cloudfront", "cloudwatch", "dynamodb", "ec2", "iam", "kms", "logs", "route53", "s3", "ssm", "wafv2")
TYPED = f"import landbridge.platforms; from aws_cdk import aws_lambda, {', '.join(f'aws_{room}' for room in ROOMS)}"


def seconds(code: str, *arguments: str) -> tuple[float, float]:
    """One run in a process of its own: by the clock, and of the processor."""
    began, used = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
    after = os.times()
    busy = after.children_user + after.children_system - used.children_user - used.children_system
    return time.perf_counter() - began, busy


def median(code: str, *arguments: str) -> tuple[float, float]:
    """Of some runs, each figure for itself."""
    clock, busy = zip(*(seconds(code, *arguments) for _ in range(ROUNDS)), strict=True)
    return statistics.median(clock), statistics.median(busy)


def main() -> int:
    """Prints both medians; fails above the limit."""
    with tempfile.TemporaryDirectory() as folder:
        seconds(OURS, folder)  # the first run compiles what was never imported
        ours, busy = median(OURS, folder)
    typed, _ = median(TYPED)
    print(f"synth, both platforms: {ours:.2f} s (limit {LIMIT_SECONDS:g} s), {busy:.2f} s of CPU")
    print(f"importing typed resources alone: {typed:.2f} s")
    return 0 if ours <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
