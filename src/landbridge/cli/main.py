"""The laptop's composition root: every verb, and every error as one sentence with its exit code."""

import asyncio
import os
import tempfile
import traceback
from pathlib import Path

import typer
from typer.exceptions import TyperException

from landbridge.cli.abort import abort
from landbridge.cli.adopt import adopt
from landbridge.cli.approve import approve
from landbridge.cli.deploy import deploy
from landbridge.cli.destroy import destroy
from landbridge.cli.diff import diff
from landbridge.cli.drift import drift
from landbridge.cli.evacuate import evacuate
from landbridge.cli.exits import Exit
from landbridge.cli.failback import failback
from landbridge.cli.hold import hold
from landbridge.cli.journal import journal
from landbridge.cli.migrate import migrate
from landbridge.cli.outputs import outputs
from landbridge.cli.package import package
from landbridge.cli.panic import panic
from landbridge.cli.pause import pause
from landbridge.cli.plan import plan
from landbridge.cli.rehearse import rehearse
from landbridge.cli.resume import resume
from landbridge.cli.retire import retire
from landbridge.cli.seize import seize
from landbridge.cli.status import status
from landbridge.cli.synth import synth
from landbridge.cli.verify import verify
from landbridge.model.errors import BadInput, ChainBroken, DeployHeld, LandbridgeError, LeaseHeld, MoveUnderWay

EPILOG = "Exit codes: 0 done, 1 failed, 2 bad input, 3 held, 4 rolled back, 130 interrupted (docs/exit-codes.md)."

app = typer.Typer(
    name="landbridge",
    help="Move a running data platform between AWS regions while its users notice nothing.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (
    rehearse,
    adopt,
    plan,
    migrate,
    status,
    verify,
    failback,
    evacuate,
    seize,
    retire,
    approve,
    pause,
    resume,
    hold,
    abort,
    panic,
    deploy,
    diff,
    outputs,
    drift,
    destroy,
    synth,
    package,
):
    app.command()(verb)
app.add_typer(journal)


def code_of(error: LandbridgeError) -> Exit:
    """Which exit code an error ends in."""
    match error:
        case BadInput():
            return Exit.BAD_INPUT
        case LeaseHeld() | ChainBroken() | DeployHeld() | MoveUnderWay():
            return Exit.HELD
        case _:
            return Exit.FAILED


def run() -> int:
    """Run one verb; its exit code."""
    try:
        return int(app(standalone_mode=False) or Exit.DONE)
    except TyperException as error:
        return _misused(error)
    except (KeyboardInterrupt, typer.Abort, asyncio.CancelledError):
        typer.echo("landbridge: interrupted; everything this command started was stopped", err=True)
        return Exit.INTERRUPTED
    except Exception as error:
        return _told(_first(error))


def _misused(error: TyperException) -> Exit:
    """What typer could not read, as one sentence; the help of a bare command was printed already."""
    if what := error.format_message():
        typer.echo(f"landbridge: {what.rstrip('.')}; landbridge --help lists what there is", err=True)
    return Exit.BAD_INPUT


def _first(error: BaseException) -> BaseException:
    """What really went wrong, where several things were under way at once."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _told(error: BaseException) -> Exit:
    """One sentence; what nobody foresaw is kept whole in a file, because a defect is ours to find."""
    if isinstance(error, LandbridgeError):
        typer.echo(f"landbridge: {error}", err=True)
        return code_of(error)
    kept = Path(tempfile.gettempdir()) / f"landbridge-defect-{os.getpid()}.txt"
    kept.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    typer.echo(f"landbridge: a defect of landbridge itself ({type(error).__name__}: {error}); please report {kept}", err=True)
    return Exit.FAILED
