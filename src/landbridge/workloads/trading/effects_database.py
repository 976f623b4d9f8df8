"""The database of effects behind the worker's port: each effect one transaction, behind the fence row it reads FOR SHARE.

Never raises: an answer that was lost leaves the outcome unknown, and the next round asks the database what is applied.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pg8000.native

from landbridge.model import effects
from landbridge.model.command import CommandItem
from landbridge.model.pen import Domain, Epoch
from landbridge.workloads.postgres import FAILURES, code_of
from landbridge.workloads.trading.effects import Applied, Effect, NotHolder, OutOfOrder
from landbridge.workloads.trading.ports import Unknown

NOT_MADE = {"3F000", "42P01"}  # no such schema, no such table: nobody wrote here yet
FENCE = "SELECT 1 FROM trading.pen WHERE domain = :domain AND holder = :holder AND epoch = :epoch FOR SHARE"
FIRST = "INSERT INTO trading.applied (owner, number, id) VALUES (:owner, :number, :id) ON CONFLICT DO NOTHING"
NEXT = "UPDATE trading.applied SET number = :number, id = :id WHERE owner = :owner AND number = :number - 1"
DONE = (
    "INSERT INTO trading.done (owner, number, id, epoch, ordered) VALUES (:owner, :number, :id, :epoch, cast(:ordered AS jsonb))"
)
EFFECTS: Mapping[str, str] = {
    "watch": "INSERT INTO trading.watch_list (owner, list, symbol) VALUES (:owner, :list, :symbol) ON CONFLICT DO NOTHING",
    "unwatch": "DELETE FROM trading.watch_list WHERE owner = :owner AND list = :list AND symbol = :symbol",
    "alert": "INSERT INTO trading.alert_rule (owner, rule, symbol, side, price)"
    " VALUES (:owner, :rule, :symbol, :when, cast(:price AS numeric))"
    " ON CONFLICT (owner, rule) DO UPDATE SET symbol = excluded.symbol, side = excluded.side, price = excluded.price",
    "unalert": "DELETE FROM trading.alert_rule WHERE owner = :owner AND rule = :rule",
    "note": "INSERT INTO trading.note (owner, note, text) VALUES (:owner, :note, :text)"
    " ON CONFLICT (owner, note) DO UPDATE SET text = excluded.text",
    "unnote": "DELETE FROM trading.note WHERE owner = :owner AND note = :note",
}

Connect = Callable[[], pg8000.native.Connection]


class PostgresEffects:
    """One connection to the writer, made anew after any failure."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: pg8000.native.Connection | None = None
        self.why = ""

    def applied(self) -> Mapping[str, int] | None:
        """The newest number applied of each user that has one; None = the database does not answer."""
        told = self._try(
            lambda at: {str(owner): int(number) for owner, number in at.run("SELECT owner, number FROM trading.applied")}
        )
        return {} if told is None and self.why in NOT_MADE else told

    def apply(self, item: CommandItem, holder: str, epoch: Epoch) -> Effect:
        """One transaction, safe to repeat: the fence row, applied from number - 1 to number, the effect."""
        told: Effect | None = self._try(lambda at: _in_one(at, item, holder, epoch))
        if told is not None:
            return told
        return NotHolder() if self.why in NOT_MADE else Unknown(self.why)

    def _try(self, act: Callable[[pg8000.native.Connection], Any]) -> Any:
        """What the act returned; None = it failed, `why` says how in one word, and the connection is given up."""
        self.why = ""
        try:
            if self._connection is None:
                self._connection = self._connect()
            return act(self._connection)
        except FAILURES as failed:
            self.why = code_of(failed)
            self._drop()
            return None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except FAILURES:
                return  # it is given up either way


def make(connection: pg8000.native.Connection) -> None:
    """Makes the tables where they are not."""
    connection.run("BEGIN")
    connection.run(f"SELECT pg_advisory_xact_lock({effects.ONE_AT_A_TIME})")
    for statement in effects.statements():
        connection.run(statement)
    connection.run("COMMIT")


def _in_one(at: pg8000.native.Connection, item: CommandItem, holder: str, epoch: Epoch) -> Effect:
    at.run("BEGIN ISOLATION LEVEL READ COMMITTED")
    if not at.run(FENCE, domain=str(Domain.EFFECTS), holder=holder, epoch=epoch):
        at.run("ROLLBACK")
        return NotHolder()
    who = {"owner": item.user, "number": item.number, "id": item.key}
    at.run(FIRST if item.number == 1 else NEXT, **who)
    if at.row_count != 1:
        at.run("ROLLBACK")
        return OutOfOrder()
    order = json.loads(item.body)
    kind = order.pop("kind")
    at.run(EFFECTS[kind], owner=item.user, **order)
    at.run(DONE, **who, epoch=item.epoch, ordered=item.body)
    at.run("COMMIT")
    return Applied()
