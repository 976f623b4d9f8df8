"""Asks a PostgreSQL server whether it takes a password, with nothing but the standard library: TLS, then SCRAM-SHA-256.

A driver would be a native wheel in every function's layer, to learn yes or no. With SCRAM the password never crosses
the wire, and the server proves that it knows it too: so a certificate by an authority this runtime doesn't carry is
enough, and nothing but SCRAM is answered.
"""

import base64
import hashlib
import hmac
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

PROTOCOL, ASK_FOR_TLS = 196_608, 80_877_103
OK, SASL, CONTINUE, FINAL = 0, 10, 11, 12
MECHANISM = "SCRAM-SHA-256"
WRONG_PASSWORD = {"28P01", "28000"}
SECONDS = 5


@dataclass(frozen=True)
class Login:
    """Whom to ask, and for whom."""

    host: str
    user: str
    password: str
    database: str
    port: int = 5432


class Stream(Protocol):
    """What carries the conversation."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, or fewer when the other side hung up."""

    def write(self, data: bytes, /) -> int:
        """Puts bytes on their way."""

    def flush(self) -> None:
        """Sees them off."""


def logs_in(login: Login, nonce: Callable[[], str]) -> bool:
    """Whether the server takes the password; what keeps it from answering is raised."""
    with socket.create_connection((login.host, login.port), timeout=SECONDS) as plain:
        plain.sendall(struct.pack("!ii", 8, ASK_FOR_TLS))
        if plain.recv(1) != b"S":
            raise ConnectionError(f"{login.host} does not speak TLS")
        with _tls().wrap_socket(plain, server_hostname=login.host) as secure, secure.makefile("rwb") as stream:
            return authenticate(stream, login, nonce())


def authenticate(stream: Stream, login: Login, nonce: str) -> bool:
    """The conversation itself, from the first message to the server's own proof."""
    names = f"user\0{login.user}\0database\0{login.database}\0\0".encode()
    _write(stream, b"", struct.pack("!i", PROTOCOL) + names)
    kind, said = _read(stream)
    if kind != SASL or MECHANISM.encode() not in said.split(b"\0"):
        raise ConnectionError(f"{login.host} does not ask for {MECHANISM}")
    first = f"n=,r={nonce}"
    hello = f"n,,{first}".encode()
    _write(stream, b"p", MECHANISM.encode() + b"\0" + struct.pack("!i", len(hello)) + hello)
    kind, challenge = _read(stream)
    if kind != CONTINUE:
        return False
    answer, proof = _prove(login.password, nonce, first, challenge.decode())
    _write(stream, b"p", answer)
    kind, said = _read(stream)
    if kind != FINAL:
        return False
    if not hmac.compare_digest(said, b"v=" + base64.b64encode(proof)):
        raise ConnectionError(f"{login.host} does not know the password it takes")
    taken = _read(stream)[0] == OK
    _write(stream, b"X", b"")
    return taken


def _prove(password: str, nonce: str, first: str, challenge: str) -> tuple[bytes, bytes]:
    """Our proof as a message, and what the server must answer to it."""
    told = dict(part.split("=", 1) for part in challenge.split(","))
    if not told["r"].startswith(nonce):
        raise ConnectionError("the challenge is not an answer to ours")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(told["s"]), int(told["i"]))
    last = f"c=biws,r={told['r']}"
    signed = f"{first},{challenge},{last}".encode()
    ours, theirs = _digest(salted, b"Client Key"), _digest(salted, b"Server Key")
    signature = _digest(hashlib.sha256(ours).digest(), signed)
    proof = bytes(one ^ other for one, other in zip(ours, signature, strict=True))
    return f"{last},p={base64.b64encode(proof).decode()}".encode(), _digest(theirs, signed)


def _digest(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


def _write(stream: Stream, kind: bytes, body: bytes) -> None:
    stream.write(kind + struct.pack("!i", len(body) + 4) + body)
    stream.flush()


def _read(stream: Stream) -> tuple[int, bytes]:
    """What the server says of authentication; -1 for a password it refuses."""
    kind = _exactly(stream, 1)
    body = _exactly(stream, struct.unpack("!i", _exactly(stream, 4))[0] - 4)
    if kind == b"R":
        return struct.unpack("!i", body[:4])[0], body[4:]
    code = next((part[1:].decode() for part in body.split(b"\0") if part[:1] == b"C"), "") if kind == b"E" else ""
    if code in WRONG_PASSWORD:
        return -1, b""
    raise ConnectionError(f"the server says {code or kind!r} where it should ask for a password")


def _exactly(stream: Stream, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise ConnectionError("the server hung up")
    return found


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # who the server is, its own SCRAM proof says
    return context
