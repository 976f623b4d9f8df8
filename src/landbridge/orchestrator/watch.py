"""Watches that somebody leads a run that is open: says each minute for how long no engine has written, wherever it runs."""

import os
import sys
import time
from collections.abc import Iterable
from typing import Any

from landbridge.aws.clients import PATIENT, Clients, speaking
from landbridge.migrate.adapters.journal_table import JournalTable
from landbridge.migrate.record import Kind, Record
from landbridge.model.metrics import DIMENSIONS, NAMESPACE, SILENCE
from landbridge.model.region import Region

LOOKED_AT = 50  # records: an engine that works writes more than leases long before so many


def handler(_event: Any, _context: Any) -> dict[str, float]:
    """One look, and one number."""
    region, clients = Region(os.environ["AWS_REGION"]), Clients(timeouts=PATIENT)
    table = JournalTable(clients, region, os.environ["JOURNAL_TABLE"], os.environ["CHAIN"])
    silent = silence(table.newest(LOOKED_AT), time.time())
    (name,) = DIMENSIONS[SILENCE]
    datum = {"MetricName": SILENCE, "Dimensions": [{"Name": name, "Value": os.environ["SUFFIX"]}], "Value": silent}
    with speaking(region, "PutMetricData"):
        clients.client("cloudwatch", region).put_metric_data(Namespace=NAMESPACE, MetricData=[datum])
    sys.stderr.write(f"{silent:.0f} s\n")
    return {"silence": silent}


def silence(newest: Iterable[Record], now: float) -> float:
    """Seconds since an engine last wrote, newest record first; 0 when no run is open."""
    engines = [record for record in newest if record.term]
    said = next((record for record in engines if record.kind is not Kind.LEASE), None)
    if not engines or (said and said.kind is Kind.ENDED):
        return 0.0
    return max(0.0, now - engines[0].at)
