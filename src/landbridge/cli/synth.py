"""`landbridge synth`: rewrites the committed templates, or says whether they are what the code would write."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from landbridge.model.errors import BadInput

FOLDER = Path("templates")
FAILED = 1


def synth(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when the committed templates are stale.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = FOLDER,
) -> None:
    """Write the CloudFormation templates from their CDK source, or check that they are up to date."""
    if not check:
        for path in _synthesize(folder):
            typer.echo(f"wrote {path}")
        return
    with tempfile.TemporaryDirectory(prefix="landbridge-synth-") as fresh:
        stale = differing(folder, Path(fresh), _synthesize(Path(fresh)))
    for name in stale:
        typer.echo(f"{folder / name} is stale: run `landbridge synth` and review what changed", err=True)
    if stale:
        raise typer.Exit(FAILED)
    typer.echo(f"{folder} is up to date")


def differing(folder: Path, fresh: Path, written: list[Path]) -> list[str]:
    """Which files are not, byte for byte, what was just written; those nobody writes any more among them."""
    wanted = {path.relative_to(fresh).as_posix(): path.read_bytes() for path in written}
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _synthesize(folder: Path) -> list[Path]:
    try:
        from landbridge.platforms.synth import synthesize  # noqa: PLC0415 - CDK and Node come only with the extra `synth`
    except ModuleNotFoundError as missing:
        fix = "install landbridge with its extra: pip install 'landbridge[synth]'"
        raise BadInput("synth", f"needs {missing.name}, which is not installed", fix) from None
    return synthesize(folder)
