"""`landbridge package`: the Flink application's code as an archive for the artifact bucket, with the connector jar handed in."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.deploy.signals_code import Connector, signals_code

OUT = Path()


def package(
    jars: Annotated[Path, typer.Option(help="The folder the connector jar lies in.")],
    sha256: Annotated[str, typer.Option(help="The jar's SHA-256 as its publisher gives it, where none is pinned.")] = "",
    out: Annotated[Path, typer.Option(help="Where to write; the archive lies there under its key in the bucket.")] = OUT,
) -> None:
    """Package the application that computes trading signals, for Managed Flink."""
    connector = Connector.of()
    if sha256:
        connector = replace(connector, sha256=sha256.lower())
    artifact = signals_code(connector, jars)
    made = out / artifact.key
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(artifact.body)
    typer.echo(f"wrote {made} ({len(artifact.body) / 1e6:.1f} MB)")
    typer.echo(f"upload it to the artifact bucket of each region as {artifact.key}, which is the signals stack's SignalsKey")
