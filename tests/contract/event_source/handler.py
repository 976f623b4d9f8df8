"""The function of these tests: does what the records tell it to, and notes each call; the same code here and in Lambda.

A record's data is JSON: `n`, and where it should fail, `fail` (raise, report, garble, sleep) and `times` (else: always).
"""

import base64
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def handler(event: Json, _context: Any) -> Json | None:
    """As Lambda calls it."""
    return answer(event, Path(os.environ["CALLS"]))


def answer(event: Json, folder: Path) -> Json | None:
    """Notes the call in the stream's own file, then fails or answers as told."""
    stream = event["Records"][0]["eventSourceARN"].rpartition("/")[2]
    log = folder / f"{stream}.jsonl"
    before = [n for call in noted(log) for n in call["n"]]
    told = [json.loads(base64.b64decode(record["kinesis"]["data"])) for record in event["Records"]]
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"n": [one["n"] for one in told], "event": event}) + "\n")
    failing = [one.get("fail", "") if before.count(one["n"]) < one.get("times", 10**9) else "" for one in told]
    sys.stderr.write("called\n")  # a call that logs nothing takes the emulator 50 ms longer
    if "sleep" in failing:
        time.sleep(60)
    if "raise" in failing:
        raise RuntimeError(f"as told, at {failing.index('raise')}")
    if "garble" in failing:
        return {"batchItemFailures": [{"itemIdentifier": ""}]}
    sequences = [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
    reported = [{"itemIdentifier": sequence} for sequence, fail in zip(sequences, failing, strict=True) if fail == "report"]
    return {"batchItemFailures": reported[::-1]} if reported else None


def noted(log: Path) -> list[Json]:
    """The calls so far, in order."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
