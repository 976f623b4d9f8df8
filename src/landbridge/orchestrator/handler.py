"""What the state machine, an alarm or a decision calls: the run that is open in the journal gets a turn.

The event says nothing that matters. What to move lies in one object beside the code, and where it stands in the journal.
"""

import json
import os
import secrets
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from landbridge.aws.clients import BODY, PATIENT, Clients, speaking
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import alive, under_way
from landbridge.migrate.adapters.machine import ORDERS, Orders
from landbridge.migrate.engine import Engine
from landbridge.migrate.runner import Runner
from landbridge.model.region import Region
from landbridge.orchestrator.turn import Answer, Turn, answered

TEMPLATES = Path(__file__).parents[2] / "templates"  # beside the package, in the function's archive
KEPT = Path(tempfile.gettempdir()) / "verify"  # the one place a function may write; comparisons are made anew when it is gone
MARGIN = 60.0  # seconds before Lambda ends it in which no tick is begun


def handler(_event: Any, context: Any) -> dict[str, Any]:
    """One turn; its answer is the state machine's next step."""
    answer = answered(lambda: _turn(context))
    sys.stderr.write(json.dumps({"next": answer.next, "wait": answer.wait}) + "\n")  # why stands in the journal
    return answer.data()


def _turn(context: Any) -> Answer:
    """The open run's, on its own plan, whichever way that goes."""
    began, left = time.time(), context.get_remaining_time_in_millis() / 1000
    who = f"aws-{str(context.aws_request_id)[:8]}-{secrets.token_hex(2)}"  # Lambda may call twice for one request
    orders = _orders()
    told = Migration(orders.clients(), orders.trading, TEMPLATES, time.time, time.sleep, kept=KEPT)
    journal = told.journal(who)
    journal.refresh()
    told = replace(told, remembered=journal.progress.run)
    migration, rhythm = under_way(told, journal.progress.plan), orders.trading.engine
    engine = Engine(migration.plan(), journal)
    runner = Runner(engine, time.time, time.sleep, rhythm.tick_seconds, rhythm.patience_seconds, _tell)
    ends, must_end = began + float(os.environ["TURN_SECONDS"]), began + left - MARGIN
    return Turn(runner, ends, must_end, partial(alive, migration, runner, _tell)).take()


def _orders() -> Orders:
    """As they lie beside the code."""
    region = Region(os.environ["AWS_REGION"])
    with speaking(region, f"reading {ORDERS}"):
        found = Clients(timeouts=PATIENT).client("s3", region).get_object(Bucket=os.environ["CODE_BUCKET"], Key=ORDERS)
        return Orders.of(found[BODY].read().decode())


def _tell(what: str) -> None:
    """Into the function's log: of regions and settings, never of what users wrote."""
    sys.stderr.write(json.dumps({"told": what}) + "\n")
