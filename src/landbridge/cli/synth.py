"""`landbridge synth`: rewrites the committed templates and their pages, or says whether they are what the code would write."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from landbridge.model.errors import BadInput
from landbridge.workloads.payments.api import document

FOLDER, DOCS, OPENAPI = Path("templates"), Path("docs/templates"), Path("docs/openapi.json")
ACKNOWLEDGED = "acknowledged.toml"
FURTHER = "payments"  # the platform whose templates and pages lie in folders of their own, beside those of trading
PAYMENTS_OPENAPI = Path("docs/payments-openapi.json")
FAILED = 1


def synth(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when what is committed is stale.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = FOLDER,
    docs: Annotated[Path, typer.Option(help="Where their pages lie.")] = DOCS,
    openapi: Annotated[Path, typer.Option(help="Where the document of the dashboard API lies.")] = OPENAPI,
    payments: Annotated[Path, typer.Option(help="Where the document of the payments service lies.")] = PAYMENTS_OPENAPI,
) -> None:
    """Write the CloudFormation templates, their pages, the APIs' documents and the operator's policies, or check them."""
    if not check:
        for path in (*_synthesize(folder), *_pages(folder, folder, docs), *_documents(openapi, payments)):
            typer.echo(f"wrote {path}")
        return
    with tempfile.TemporaryDirectory(prefix="landbridge-synth-") as fresh:
        templates, pages = Path(fresh) / "templates", Path(fresh) / "pages"
        stale = [folder / name for name in differing(folder, templates, _synthesize(templates))]
        written = _pages(templates, folder, pages)
        stale += [docs / name for name in differing(docs, pages, [each for each in written if each.parent == pages], "*.md")]
        own, theirs = docs.with_name(FURTHER), pages.with_name(FURTHER)
        stale += [own / name for name in differing(own, theirs, [each for each in written if each.parent == theirs], "*.md")]
        for made in _documents(Path(fresh) / openapi.name, Path(fresh) / payments.name):
            there = payments if made.name == payments.name else openapi.with_name(made.name)
            stale += [] if there.exists() and there.read_bytes() == made.read_bytes() else [there]
    for path in stale:
        typer.echo(f"{path} is stale: run `landbridge synth` and review what changed", err=True)
    if stale:
        raise typer.Exit(FAILED)
    typer.echo(f"{folder}, {docs}, {openapi} and {payments} are up to date")


def differing(folder: Path, fresh: Path, written: list[Path], kind: str = "*.json") -> list[str]:
    """Which files are not, byte for byte, what was just written; those nobody writes any more among them."""
    wanted = {path.relative_to(fresh).as_posix(): path.read_bytes() for path in written}
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob(kind)}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _pages(templates: Path, folder: Path, docs: Path) -> list[Path]:
    from landbridge.platforms import differences, pages  # noqa: PLC0415 - the room needs what only the extra `synth` brings

    own, theirs = templates / FURTHER, docs.with_name(FURTHER)
    theirs.mkdir(parents=True, exist_ok=True)
    regions = differences.write(own, theirs)
    made = pages.write(own, folder / FURTHER / ACKNOWLEDGED, theirs, regions)
    return [*pages.write(templates, folder / ACKNOWLEDGED, docs), *made, regions]


def _documents(openapi: Path, payments: Path) -> list[Path]:
    from landbridge.platforms.openapi import write  # noqa: PLC0415 - the room needs what only the extra `synth` brings
    from landbridge.platforms.trading import operator  # noqa: PLC0415

    payments.write_text(document.written(), encoding="utf-8")
    return [write(openapi), payments, *operator.write(openapi.parent)]


def _synthesize(folder: Path) -> list[Path]:
    try:
        from landbridge.platforms.synth import synthesize  # noqa: PLC0415 - CDK and Node come only with the extra `synth`
    except ModuleNotFoundError as missing:
        fix = "install landbridge with its extra: pip install 'landbridge[synth]'"
        raise BadInput("synth", f"needs {missing.name}, which is not installed", fix) from None
    return synthesize(folder)
