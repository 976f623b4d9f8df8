"""The database of payments: each payment as it stands, and each event that came, once."""

from typing import Any

SCHEMA = (
    "CREATE SCHEMA IF NOT EXISTS payments",
    """CREATE TABLE IF NOT EXISTS payments.payment (
        payment text PRIMARY KEY, customer text NOT NULL,
        amount bigint NOT NULL CHECK (amount > 0), currency text NOT NULL,
        token text NOT NULL, last_four text NOT NULL,
        state text NOT NULL, changed timestamptz NOT NULL DEFAULT now())""",
    # took is the number of the step it was, NULL as long as it waits for its turn
    """CREATE TABLE IF NOT EXISTS payments.event (
        payment text NOT NULL, kind text NOT NULL, digest text NOT NULL, came timestamptz NOT NULL DEFAULT now(),
        took integer, PRIMARY KEY (payment, kind), UNIQUE (payment, took))""",
)
ONE_AT_A_TIME = 7_210_450_061  # an advisory lock of ours alone
NOT_MADE = frozenset({"3F000", "42P01"})  # no such schema, no such table: nobody wrote here yet


def make(connection: Any) -> None:
    """Makes the tables where they are not, whoever else does so too."""
    connection.run("BEGIN")
    connection.run(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    for statement in SCHEMA:
        connection.run(statement)
    connection.run("COMMIT")
