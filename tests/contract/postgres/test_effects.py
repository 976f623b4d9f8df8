"""Effects on a real server: each in its order and once, behind the fence row, and unknown where the answer was lost."""

import json
from collections.abc import Iterator
from typing import Any

import pg8000.native
import psycopg
import pytest
from tests.contract.postgres.servers import Postgres

from landbridge.model.asked import ORDERS as KINDS
from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.workloads.postgres import Server
from landbridge.workloads.trading.effects import Applied, Effect, NotHolder, OutOfOrder
from landbridge.workloads.trading.effects_database import EFFECTS, PostgresEffects, make
from landbridge.workloads.trading.ports import Unknown

ORDERS: dict[str, dict[str, str]] = {
    "watch": {"list": "tech", "symbol": "ACME"},
    "unwatch": {"list": "tech", "symbol": "ACME"},
    "alert": {"rule": "r", "symbol": "ACME", "when": "above", "price": "101.250000"},
    "unalert": {"rule": "r"},
    "note": {"note": "n", "text": "it's \u00fc; --"},
    "unnote": {"note": "n"},
}


class Secrets:
    """A secret whose current version is old while the pending one is right."""

    def __init__(self, **passwords: str) -> None:
        self.passwords, self.asked = passwords, list[str]()

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803 - AWS's words
        """One version of it."""
        self.asked.append(VersionStage)
        return {"SecretString": json.dumps({"username": "worker", "password": self.passwords[VersionStage]})}


@pytest.fixture(name="writer")
def _writer(postgres: Postgres) -> Iterator[Server]:
    """The way to an empty database."""
    postgres.empty("trading")
    with psycopg.connect(postgres.address("trading"), autocommit=True) as admin:
        admin.execute("DO $$ BEGIN CREATE ROLE worker LOGIN SUPERUSER; EXCEPTION WHEN duplicate_object THEN END $$")
    yield Server(
        Secrets(AWSCURRENT="any"), address=lambda: f"127.0.0.1:{postgres.port}", secret=lambda: "secret", database="trading"
    )
    postgres.empty("trading")
    with psycopg.connect(postgres.address("trading"), autocommit=True) as admin:
        admin.execute("DROP ROLE worker")  # a role is the whole server's, and others compare this server with another


@pytest.fixture(name="opened")
def _opened(writer: Server) -> Iterator[PostgresEffects]:
    """With its tables, and the fence row open for `here` in epoch 3."""
    connection = writer()
    make(connection)
    make(connection)
    connection.run("INSERT INTO trading.pen VALUES ('effects', 'here', 3, 1, 0)")
    connection.close()
    effects = PostgresEffects(writer)
    yield effects
    effects._drop()


def _item(number: int, kind: str = "watch", user: str = "ada") -> CommandItem:
    body = json.dumps({"kind": kind, **ORDERS[kind]})
    return CommandItem(user, number, f"{user}-{number}", Epoch(1), body)


def _apply(effects: PostgresEffects, *items: CommandItem, epoch: int = 3) -> list[Effect]:
    return [effects.apply(item, "here", Epoch(epoch)) for item in items]


def _rows(writer: Server, table: str) -> list[Any]:
    connection = writer()
    try:
        return list(connection.run(f"SELECT * FROM trading.{table}"))
    finally:
        connection.close()


def test_commands_take_effect_once_and_in_order(opened: PostgresEffects, writer: Server) -> None:
    """A number again, and one too far, change nothing."""
    assert _apply(opened, _item(1), _item(2, "note"), _item(1), _item(4)) == [Applied(), Applied(), OutOfOrder(), OutOfOrder()]
    assert opened.applied() == {"ada": 2}
    assert _rows(writer, "watch_list") == [["ada", "tech", "ACME"]]
    assert [row[:3] for row in _rows(writer, "done")] == [["ada", 1, "ada-1"], ["ada", 2, "ada-2"]]


def test_every_kind_of_order_has_its_effect(opened: PostgresEffects, writer: Server) -> None:
    """And the one that undoes it; no value is read as SQL."""
    assert set(EFFECTS) == set(KINDS) == set(ORDERS)
    for number, (kind, table) in enumerate((("watch", "watch_list"), ("alert", "alert_rule"), ("note", "note")), 1):
        user = f"user-{number}"
        assert _apply(opened, _item(1, kind, user)) == [Applied()]
        assert len(_rows(writer, table)) == 1
        assert _apply(opened, _item(2, f"un{kind}", user)) == [Applied()]
        assert _rows(writer, table) == []


def test_the_fence_row_decides_whatever_the_pen_said(opened: PostgresEffects) -> None:
    """Another holder, another epoch: nothing is done."""
    assert _apply(opened, _item(1), epoch=2) == [NotHolder()]
    assert opened.apply(_item(1), "there", Epoch(3)) == NotHolder()
    assert opened.applied() == {}


def test_before_anything_was_made_nobody_holds_it(writer: Server) -> None:
    """No table is no failure of the database."""
    effects = PostgresEffects(writer)
    assert effects.applied() == {}
    assert _apply(effects, _item(1)) == [NotHolder()]
    effects._drop()


def test_a_row_that_is_being_closed_is_waited_for_and_then_unknown(opened: PostgresEffects, postgres: Postgres) -> None:
    """The effect waits for the closing transaction, at most the lock's time; nothing is done meanwhile."""
    with psycopg.connect(postgres.address("trading")) as closing:
        closing.execute("UPDATE trading.pen SET holder = NULL")
        assert _apply(opened, _item(1)) == [Unknown("55P03")]
        closing.rollback()
    assert _apply(opened, _item(1)) == [Applied()]


def test_a_connection_that_is_lost_is_made_anew(opened: PostgresEffects, postgres: Postgres) -> None:
    """The outcome is unknown, the next round asks the database."""
    assert _apply(opened, _item(1)) == [Applied()]
    with psycopg.connect(postgres.address("trading"), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'worker'")
    (lost,) = _apply(opened, _item(2))
    assert isinstance(lost, Unknown)
    assert opened.applied() == {"ada": 1}
    assert _apply(opened, _item(2)) == [Applied()]


def test_a_server_that_is_not_there_is_none(postgres: Postgres) -> None:
    """Nobody raises: the next round asks again."""
    nowhere = Server(Secrets(AWSCURRENT="any"), address=lambda: "127.0.0.1:1", secret=lambda: "secret", database="trading")
    unnamed = Server(Secrets(AWSCURRENT="any"), address=lambda: None, secret=lambda: "secret", database="trading")
    assert PostgresEffects(nowhere).applied() is None
    assert PostgresEffects(unnamed).applied() is None
    assert isinstance(PostgresEffects(nowhere).apply(_item(1), "here", Epoch(3)), Unknown)


def test_while_a_password_is_being_changed_both_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pending one is right already; any other refusal is the answer."""
    secrets, tried = Secrets(AWSCURRENT="old", AWSPENDING="new"), list[str]()

    def connection(user: str, *, password: str, **_how: Any) -> Any:
        tried.append(password)
        if password == "old":
            raise pg8000.exceptions.DatabaseError({"C": "28P01"})
        raise pg8000.exceptions.DatabaseError({"C": "3D000"})

    monkeypatch.setattr(pg8000.native, "Connection", connection)
    with pytest.raises(pg8000.exceptions.DatabaseError):
        Server(secrets, address=lambda: "127.0.0.1:5", secret=lambda: "secret", database="trading")()
    assert tried == ["old", "new"]
