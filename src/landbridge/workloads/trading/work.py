"""The effects function: sweeps the heads above what is applied, all of them by the clock, some of them on a hint.

A hint names users whose commands were just accepted in this region; nothing is believed of it but that. What is lost
on the way of hints, or was accepted in the other region, is found by the clock.
"""

import functools
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from landbridge.model.effects import DATABASE
from landbridge.model.pen import Domain, Pen, pen_key
from landbridge.model.wire import DATABASE_SECRET, DATABASE_WRITER
from landbridge.workloads.aws import client
from landbridge.workloads.postgres import Server
from landbridge.workloads.trading.command_tables import CommandCopyTable
from landbridge.workloads.trading.effects import EffectsDatabase, Swept, sweep
from landbridge.workloads.trading.effects_database import PostgresEffects
from landbridge.workloads.trading.regional import RegionTables
from landbridge.workloads.trading.settings import Kept, Parameter, Settings, told

CALLS = {"connect": 1.0, "read": 2.0}


class Worker:
    """Everything a sweep needs, made once for the life of the function's container."""

    def __init__(self, settings: Settings, dynamodb: Any, database: EffectsDatabase) -> None:
        self._settings, self._dynamodb, self._database = settings, dynamodb, database
        own: dict[str, Any] = {"pens": settings.pens_table, "fences": settings.fences}
        self._pens = RegionTables(dynamodb, Domain.EFFECTS, table=settings.pens_table, **own)

    def __call__(self, event: Mapping[str, Any]) -> Swept:
        """One round, over the users of a hint or over all."""
        found = self._pens.read(pen_key(Domain.EFFECTS), consistent=True)
        copy = CommandCopyTable(self._dynamodb, self._settings.commands_table, users_of(event))
        pen = Pen.of(found) if found else None
        return sweep(region=self._settings.region, pen=pen, copy=copy, database=self._database)


def users_of(event: Mapping[str, Any]) -> list[str] | None:
    """Whom a hint names; None = it is no hint: everybody."""
    users = event.get("users")
    return [str(user) for user in users] if isinstance(users, list) else None


@functools.cache
def worker() -> Worker:
    """The container's worker, from its environment."""
    ssm = client("ssm", os.environ["AWS_REGION"], **CALLS)
    settings = Settings.of(told(os.environ, ssm))

    def kept(name: str) -> Kept:
        return Kept(Parameter(ssm, settings.suffix, name), time.monotonic, present=5.0)

    secrets = client("secretsmanager", settings.region, **CALLS)
    connect = Server(secrets, address=kept(DATABASE_WRITER), secret=kept(DATABASE_SECRET), database=DATABASE)
    return Worker(settings, client("dynamodb", settings.region, **CALLS), PostgresEffects(connect))


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in; one line of log that names nobody. It never raises: the next round sweeps again."""
    began = time.monotonic()
    try:
        swept = worker()(event)
    except Exception as error:  # the door of the function: whatever it is, the log gets its kind
        swept = Swept(why=type(error).__name__)
    line = f"applied {swept.applied} waiting {swept.waiting} {(time.monotonic() - began) * 1000:.0f} ms {swept.why}"
    sys.stderr.write(line.rstrip() + "\n")
    return {"applied": swept.applied, "waiting": swept.waiting, "why": swept.why}
