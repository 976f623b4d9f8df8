"""The login speaks SCRAM as PostgreSQL does, believes only a server that knows the password, and never sends it."""

import base64
import hashlib
import hmac
import io
import socket
import struct
import threading
from collections.abc import Callable

import pytest

from landbridge.agents.postgres_login import Login, authenticate, logs_in

SALT, ROUNDS = b"salt of sixteen.", 4096
LOGIN = Login("db.example", "platform", "right", "trading")


class Server(io.BytesIO):
    """PostgreSQL's half of the conversation: it keeps the verifier of one password, never the password."""

    def __init__(self, known: str = "right", *, mechanisms: bytes = b"SCRAM-SHA-256\0\0", honest: bool = True) -> None:
        super().__init__()
        salted = hashlib.pbkdf2_hmac("sha256", known.encode(), SALT, ROUNDS)
        self._stored = hashlib.sha256(_digest(salted, b"Client Key")).digest()
        self._key = _digest(salted, b"Server Key" if honest else b"Some Key")
        self._mechanisms, self._heard, self._said, self.all = mechanisms, b"", b"", b""

    def read(self, size: int | None = -1) -> bytes:
        """What was said and not yet read."""
        found, self._said = self._said[: size or 0], self._said[size or 0 :]
        return found

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Hears a message and answers it."""
        self.all += data
        body = data[5:]
        if data[:1] == b"X":
            return len(data)
        if data[:1] != b"p":
            self._say(10, self._mechanisms)
        elif body.startswith(b"SCRAM-SHA-256\0"):
            self._first = body.split(b"n,,", 1)[1].decode()
            self._challenge = f"{self._first.removeprefix('n=,')}server,s={base64.b64encode(SALT).decode()},i={ROUNDS}"
            self._say(11, self._challenge.encode())
        else:
            self._judge(body.decode())
        return len(data)

    def _judge(self, last: str) -> None:
        bare, _, proof = last.rpartition(",p=")
        signed = f"{self._first},{self._challenge},{bare}".encode()
        signature = _digest(self._stored, signed)
        key = bytes(one ^ other for one, other in zip(base64.b64decode(proof), signature, strict=True))
        if hashlib.sha256(key).digest() != self._stored:
            self._refuse(b"28P01")
            return
        self._say(12, b"v=" + base64.b64encode(_digest(self._key, signed)))
        self._say(0, b"")

    def _say(self, kind: int, text: bytes) -> None:
        self._said += b"R" + struct.pack("!ii", len(text) + 8, kind) + text

    def _refuse(self, code: bytes) -> None:
        text = b"SFATAL\0C" + code + b"\0Mno\0\0"
        self._said += b"E" + struct.pack("!i", len(text) + 4) + text


def _digest(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


def test_the_right_password_is_taken_and_never_sent() -> None:
    """Nothing of it is in what went over the wire."""
    server = Server()
    assert authenticate(server, LOGIN, "nonce")
    assert b"right" not in server.all


def test_the_wrong_password_is_no_error() -> None:
    """It is what one asks for."""
    assert not authenticate(Server("other"), LOGIN, "nonce")


def test_a_server_that_does_not_know_the_password_is_not_believed() -> None:
    """Anybody can say yes; only who knows the password can prove it."""
    with pytest.raises(ConnectionError, match="does not know the password"):
        authenticate(Server(honest=False), LOGIN, "nonce")


def test_no_weaker_way_is_answered() -> None:
    """A server that wants the password itself doesn't get it."""
    server = Server(mechanisms=b"PLAIN\0\0")
    with pytest.raises(ConnectionError, match="does not ask for SCRAM-SHA-256"):
        authenticate(server, LOGIN, "nonce")
    assert b"right" not in server.all


def test_a_server_that_hangs_up_is_told_from_a_refusal() -> None:
    """The rotation tries again then, and sets nothing."""
    with pytest.raises(ConnectionError, match="hung up"):
        authenticate(io.BytesIO(), LOGIN, "nonce")


@pytest.fixture
def plain_server() -> Callable[[bytes], int]:
    """Servers on a free port that answer one request with the same byte."""

    def serve(answer: bytes) -> int:
        listening = socket.create_server(("127.0.0.1", 0))

        def once() -> None:
            with listening, listening.accept()[0] as heard:
                heard.recv(8)
                heard.sendall(answer)

        threading.Thread(target=once, daemon=True).start()
        return int(listening.getsockname()[1])

    return serve


def test_a_server_without_tls_is_refused(plain_server: Callable[[bytes], int]) -> None:
    """Before a name or anything else was told to it."""
    login = Login("127.0.0.1", "platform", "right", "trading", plain_server(b"N"))
    with pytest.raises(ConnectionError, match="does not speak TLS"):
        logs_in(login, lambda: "nonce")
