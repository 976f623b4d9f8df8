"""How the customers' applications reach PostgreSQL: where it is and as whom is asked for at each connection.

TLS always, but for a server on this machine. A region's certificate authority is not in every runtime's list, so what
proves the server is SCRAM bound to the channel: it must know the password, and the TLS end it answers from is its own.
Nothing weaker is answered: whoever stood in between would only have to ask for the password itself.
"""

import contextlib
import json
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

import pg8000.exceptions
import pg8000.native
from botocore.exceptions import BotoCoreError, ClientError

FAILURES = (pg8000.exceptions.DatabaseError, pg8000.exceptions.InterfaceError, OSError)
SECONDS = 5
VERSIONS = ("AWSCURRENT", "AWSPENDING")  # while a password is being changed, the new one may already be the right one
WRONG_PASSWORD = "28P01"  # noqa: S105 - the server's code for it
OK, SASL, CONTINUE, FINAL = 0, 10, 11, 12  # what a server may ask for, as the protocol numbers it
PLUS = b"SCRAM-SHA-256-PLUS"
HERE = {"127.0.0.1", "::1", "localhost"}

Result = TypeVar("Result")


class Bound(pg8000.native.Connection):  # type: ignore[misc]  # pg8000 tells no types
    """A connection that signs in by SCRAM bound to its TLS channel, or not at all."""

    proved = False

    def handle_AUTHENTICATION_REQUEST(self, data: bytes, context: object) -> None:  # noqa: N802 - pg8000's name
        """What the server asks for; refused where it is anything else, and where it lets us in unproved."""
        asked = int.from_bytes(data[:4], "big")
        offered = asked != SASL or PLUS in data[4:].split(b"\0")
        if asked not in {OK, SASL, CONTINUE, FINAL} or not offered or (asked == OK and not self.proved):
            raise pg8000.exceptions.InterfaceError("the server does not sign in by SCRAM bound to its channel")
        super().handle_AUTHENTICATION_REQUEST(data, context)
        self.proved = asked == FINAL


class Server:
    """Opens connections to one database of whichever server is the one to ask now."""

    def __init__(
        self, secrets: Any, *, address: Callable[[], str | None], secret: Callable[[], str | None], database: str
    ) -> None:
        self._secrets, self._address, self._secret, self._database = secrets, address, secret, database

    def __call__(self) -> pg8000.native.Connection:
        """A connection; the failure of the last try is raised."""
        address, secret = self._address(), self._secret()
        if not address or not secret:
            raise ConnectionError("the configuration names no database yet")
        for version in VERSIONS[:-1]:
            try:
                return self._login(address, secret, version)
            except pg8000.exceptions.DatabaseError as refused:
                if code_of(refused) != WRONG_PASSWORD:
                    raise
        return self._login(address, secret, VERSIONS[-1])

    def _login(self, address: str, secret: str, version: str) -> pg8000.native.Connection:
        try:
            text = self._secrets.get_secret_value(SecretId=secret, VersionStage=version)["SecretString"]
        except (BotoCoreError, ClientError) as refused:
            raise ConnectionError("the database's secret could not be read") from refused
        known = json.loads(text)
        host, _, port = address.rpartition(":")
        here = host in HERE
        connection = (pg8000.native.Connection if here else Bound)(
            known["username"],
            password=known["password"],
            host=host,
            port=int(port),
            database=self._database,
            timeout=SECONDS,
            ssl_context=None if here else _tls(),
        )
        connection.run("SET statement_timeout = '5s'")
        connection.run("SET lock_timeout = '2s'")
        return connection


class Connections:
    """Connections that are kept from one act to the next; any failure of an act gives its connection up."""

    def __init__(self, connect: Callable[[], pg8000.native.Connection]) -> None:
        self._connect = connect
        self._idle: list[pg8000.native.Connection] = []

    def run(self, act: Callable[[pg8000.native.Connection], Result]) -> Result:
        """What the act returns; it is safe to repeat, and done once more where a kept connection had died meanwhile."""
        try:
            kept = self._idle.pop()
        except IndexError:
            return self._use(self._connect(), act)
        try:
            return self._use(kept, act)
        except FAILURES as failed:
            if not died(failed):
                raise
        return self._use(self._connect(), act)

    def close(self) -> None:
        """Gives all of them up."""
        while self._idle:
            _close(self._idle.pop())

    def _use(self, connection: pg8000.native.Connection, act: Callable[[pg8000.native.Connection], Result]) -> Result:
        try:
            told = act(connection)
        except BaseException:
            _close(connection)
            raise
        self._idle.append(connection)
        return told


def code_of(failed: BaseException) -> str:
    """The server's own code, or the kind of failure; never its text, which may hold values."""
    told = failed.args[0] if failed.args else None
    return str(told.get("C")) if isinstance(told, dict) and told.get("C") else type(failed).__name__


def died(failed: BaseException) -> bool:
    """Whether it was the connection that ended, and not the server that refused."""
    return not isinstance(failed, pg8000.exceptions.DatabaseError) or code_of(failed).startswith("57P")


def _close(connection: pg8000.native.Connection) -> None:
    with contextlib.suppress(*FAILURES):  # it is given up either way
        connection.close()


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
