"""A load balancer is reached by its own address and trusted by the name its certificate is of; no other name will do."""

import datetime as dt
import http.server
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from landbridge.traffic.named import Named

NAME = "api.payments.example"


class Answers(http.server.BaseHTTPRequestHandler):
    """Says by which host it was asked."""

    def do_GET(self) -> None:
        """One answer."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["host"].encode())

    def log_message(self, *_what: object) -> None:
        """Nothing."""


@pytest.fixture(name="kept", scope="module")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of that name with its key, which only who is told so trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "the test's own")])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return path


@pytest.fixture(name="asked")
def _asked(kept: Path) -> Iterator[urllib.request.Request]:
    """A request to a server by its address."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield urllib.request.Request(f"https://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_is_trusted_by_the_name_of_its_certificate(asked: urllib.request.Request, kept: Path) -> None:
    """Though it is asked by its address."""
    trusting = ssl.create_default_context(cafile=str(kept))
    with Named(NAME, trusting)(asked, timeout=5) as answer:
        assert answer.read().decode() == asked.host


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(asked: urllib.request.Request, kept: Path, name: str) -> None:
    """Whoever has that address now."""
    trusting = ssl.create_default_context(cafile=str(kept))
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        Named(name, trusting)(asked, timeout=5)


def test_a_certificate_nobody_vouches_for_is_refused(asked: urllib.request.Request) -> None:
    """Of the right name too."""
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        Named(NAME)(asked, timeout=5)
