"""`landbridge package`: the Flink application, or the engine for Lambda, as an archive, with what it runs on handed in."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.engine_code import Lock, engine_code
from landbridge.deploy.signals_code import Connector, signals_code
from landbridge.model.errors import BadInput

OUT, LOCK = Path(), Path("requirements/engine.txt")


def package(
    jars: Annotated[Path | None, typer.Option(help="For the Flink application: the folder the connector jar lies in.")] = None,
    wheels: Annotated[Path | None, typer.Option(help="For the engine: the folder of wheels for Lambda's Python.")] = None,
    sha256: Annotated[str, typer.Option(help="The jar's SHA-256 as its publisher gives it, where none is pinned.")] = "",
    out: Annotated[Path, typer.Option(help="Where to write; the archive lies there under its key in the bucket.")] = OUT,
    lock: Annotated[Path, typer.Option(help="What vouches for the wheels.")] = LOCK,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Package what runs in AWS: the application that computes trading signals, or the engine."""
    if (jars is None) == (wheels is None):
        raise BadInput("landbridge package", "makes one archive", "name --jars for the signals, or --wheels for the engine")
    if jars is not None:
        whose = "the artifact bucket of each region", "the signals stack's SignalsKey"
        _write(_signals(jars, sha256), out, *whose)
    if wheels is not None:
        whose = "the bucket of the foothold stack", "engine.archive of the configuration"
        _write(engine_code(templates, Lock.read(lock).wheels(wheels)), out, *whose)


def _signals(jars: Path, sha256: str) -> Artifact:
    connector = Connector.of()
    return signals_code(replace(connector, sha256=sha256.lower()) if sha256 else connector, jars)


def _write(artifact: Artifact, out: Path, bucket: str, named: str) -> None:
    made = out / artifact.key
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(artifact.body)
    typer.echo(f"wrote {made} ({len(artifact.body) / 1e6:.1f} MB)")
    typer.echo(f"upload it to {bucket} as {artifact.key}, which is {named}")
