"""pg_comparator as a peer: Debian's package, unpacked beside the project; its C functions fit Debian's PostgreSQL 15 alone.

apt-get download postgresql-comparator libdbi-perl libdbd-pg-perl
for each in *.deb; do dpkg-deb -x "$each" .cache/pg_comparator; done
"""

import os
import re
import subprocess
from pathlib import Path

from tests.contract.postgres.servers import Twins

UNPACKED = Path(".cache/pg_comparator")
SERVERS = Path("/usr/lib/postgresql/15/bin")
SCRIPT = UNPACKED / "usr/share/postgresql/15/extension/pgcmp--3.1.sql"
LIBRARY = UNPACKED / "usr/lib/postgresql/15/lib/pgcmp.so"
PROGRAM = UNPACKED / "usr/lib/postgresql/15/bin/pg_comparator"
PERL = "usr/lib/x86_64-linux-gnu/perl5/5.36"


def installed() -> bool:
    """Whether it can be run here."""
    return PROGRAM.exists() and (SERVERS / "postgres").exists()


def prepare(twins: Twins) -> None:
    """Its functions in both databases: CREATE EXTENSION would need the package installed."""
    script = SCRIPT.read_text(encoding="utf-8").replace("MODULE_PATHNAME", str(LIBRARY.resolve()))
    twins.both("".join(line for line in script.splitlines(keepends=True) if not line.startswith("\\")))


def differing(twins: Twins, columns: str) -> int:
    """How many rows it calls different, hashes of 8 bytes, one side after the other: its threads fail with PostgreSQL."""
    key, _, others = columns.replace(" ", "").partition(",")
    ends = [
        f"postgres@127.0.0.1:{server.port}/{name}/o?{key}:{others}"
        for server, name in zip(twins.servers, twins.names, strict=True)
    ]
    command = ["perl", str(PROGRAM), "--checksum-size=8", "--max-ratio=1", *ends]
    environment = {**os.environ, "PERL5LIB": str(UNPACKED / PERL)}
    said = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if said.returncode:
        raise AssertionError(said.stderr)
    return len(re.findall(r"^(?:UPDATE|INSERT|DELETE) ", said.stdout, re.MULTILINE))
