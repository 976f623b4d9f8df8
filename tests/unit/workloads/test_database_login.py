"""The worker signs in to a database over TLS by SCRAM bound to the channel, and never gives its password to anybody else."""

import hashlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import pg8000.exceptions
import pytest
import scramp
from tests.contract.database.certificate import certificate

from landbridge.workloads import postgres

PASSWORD = "the-right-password"
GOODBYE = b"X\0\0\0\4"
NAME = "SCRAM-SHA-256-PLUS"
Script = Callable[["Server"], None]


class Secrets:
    """The worker's secret."""

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803 - AWS's words
        """The same in every version."""
        return {"SecretString": json.dumps({"username": "worker", "password": PASSWORD})}


class Server:
    """One conversation of a server over TLS, as a script has it; `heard` is all it was told."""

    def __init__(self, bundle: Path, bound_to: Path, script: Script) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(bundle)
        text = bound_to.read_text()
        self.binding = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERTIFICATE") :])).digest()
        self.heard, self._script = b"", script
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.join()
        self._listening.close()

    def say(self, kind: bytes, body: bytes) -> None:
        """One message."""
        self._stream.write(kind + struct.pack("!i", len(body) + 4) + body)
        self._stream.flush()

    def ask(self, number: int, body: bytes = b"") -> None:
        """One request of authentication."""
        self.say(b"R", struct.pack("!i", number) + body)

    def hear(self) -> bytes:
        """The body of the next message."""
        head = self._stream.read(5)
        body = self._stream.read(struct.unpack("!i", head[1:])[0] - 4) if len(head) == 5 else b""
        self.heard += head + body
        return bytes(body)

    def _serve(self) -> None:
        plain, _ = self._listening.accept()
        with plain:
            plain.recv(8)
            plain.sendall(b"S")
            with suppress(OSError), self._context.wrap_socket(plain, server_side=True) as secure:
                self._stream = secure.makefile("rwb")
                with self._stream:
                    length = struct.unpack("!i", self._stream.read(4))[0]
                    self._stream.read(length - 4)
                    self._script(self)
                    self.hear()


def scram(server: Server) -> None:
    """As PostgreSQL does it, and then it is ready for two statements."""
    mechanism = scramp.ScramMechanism(NAME)
    known = mechanism.make_auth_info(PASSWORD)
    side = mechanism.make_server(lambda _user: known, channel_binding=("tls-server-end-point", server.binding))
    server.ask(10, NAME.encode() + b"\0SCRAM-SHA-256\0\0")
    side.set_client_first(server.hear().split(b"\0", 1)[1][4:].decode())
    server.ask(11, side.get_server_first().encode())
    side.set_client_final(server.hear().decode())
    server.ask(12, side.get_server_final().encode())
    server.ask(0)
    for _statement in range(3):
        server.say(b"Z", b"I")
        server.hear()
        server.say(b"C", b"SET\0")


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> Path:
    return certificate(tmp_path)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as another one."""
    monkeypatch.setattr(postgres, "HERE", set())


def _login(server: Server) -> None:
    address = f"127.0.0.1:{server.port}"
    postgres.Server(Secrets(), address=lambda: address, secret=lambda: "secret", database="trading")().close()


def test_scram_bound_to_the_channel_is_answered(files: Path) -> None:
    """And nothing of the password goes over the wire."""
    with Server(files, files, scram) as server:
        _login(server)
    assert PASSWORD.encode() not in server.heard
    assert NAME.encode() in server.heard


@pytest.mark.parametrize(
    "script",
    [
        lambda server: server.ask(3),
        lambda server: server.ask(5, b"salt"),
        lambda server: server.ask(10, b"SCRAM-SHA-256\0\0"),
        lambda server: server.ask(0),
    ],
    ids=["password", "md5", "unbound", "unproved"],
)
def test_nothing_weaker_is_answered(files: Path, script: Script) -> None:
    """Not the password, not its hash, no proof that could be carried on, and no way in for nothing."""
    with Server(files, files, script) as server, pytest.raises(pg8000.exceptions.InterfaceError, match="bound to its channel"):
        _login(server)
    assert server.heard in {b"", GOODBYE}


def test_whoever_stands_between_is_not_let_through(files: Path, tmp_path: Path) -> None:
    """The proof is bound to the TLS end that was seen; the real server's is another."""
    (tmp_path / "other").mkdir()
    with (
        Server(files, certificate(tmp_path / "other"), _carried) as server,
        pytest.raises(pg8000.exceptions.DatabaseError, match="channel binding check failed"),
    ):
        _login(server)
    assert PASSWORD.encode() not in server.heard


def _carried(server: Server) -> None:
    with pytest.raises(scramp.ScramException, match="channel binding"):
        scram(server)
    server.say(b"E", b"SFATAL\0C28000\0MSCRAM channel binding check failed\0\0")
