"""A key and a certificate for one task's life, in memory: the load balancer asks for TLS and not for a name.

Nothing is written to a disk, of which the task may change nothing, and no two tasks share a key.
"""

import datetime as dt
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 365


def certificate(now: dt.datetime) -> Path:
    """Both in one file that lies in this process's memory alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "payments")])
    until = now + dt.timedelta(days=DAYS)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, until)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    held = os.memfd_create("certificate")
    os.write(held, private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return Path(f"/proc/self/fd/{held}")
