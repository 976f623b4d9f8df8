"""`landbridge plan`: what will be done, in order, who must approve what, and until when there is a way back. Needs no cloud."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from landbridge.cli.migrate import TEMPLATES
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.deploy.manifest import Home, Manifest
from landbridge.migrate.display.walk import DryRun, Line
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.step import Step

CONFIG = Path("config/trading.toml")


def plan(
    config: Annotated[Path, typer.Option(help="The platform and its migration.")] = CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Walk the whole plan and tell every act; nothing is done.")] = False,
    retire: Annotated[bool, typer.Option("--retire", help="The end of the source instead, once everything has moved.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Print the plan, or walk it over a world that only tells what would be done to it."""
    trading = load(config, Trading)
    comes, goes = (_stacks(templates, home) if dry_run else () for home in (Home.TARGET, Home.SOURCE))
    walk = DryRun(trading, comes, time.time(), goes)
    made, run = (walk.retirement, walk.retire) if retire else (walk.plan, walk.run)
    if as_json:
        told = {"dry_run": run()} if dry_run else _data(made)
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for line in map(_walked, run()) if dry_run else page(made):
        typer.echo(line)


def _stacks(templates: Path, home: Home) -> tuple[str, ...]:
    """Of one side, in order; links between the regions come with the target."""
    played = Manifest.read(templates).rehearsed().stacks
    return tuple(stack.name for stack in played if stack.home in {home, Home.BOTH} and (home is Home.TARGET or not stack.link))


def _walked(line: Line) -> str:
    return f"{timedelta(seconds=round(line.at_s))!s:>17}  {line.step:<22} {line.what}"


def page(made: Plan) -> Iterator[str]:
    """The plan as an operator reads and approves it."""
    yield f"{made.name}, plan {made.hash}"
    for number, phase in enumerate(made.phases, 1):
        yield ""
        yield f"{number}. {phase.name}{_asks(phase)}"
        for step in phase.steps:
            yield f"   {step.name:<22} {step.sentence}{' [pivot]' if step.pivot else ''}"
    yield ""
    yield from _return(made)
    yield from made.calendar.sentences()


def _asks(phase: Phase) -> str:
    people = f"needs {phase.needs}, none by who begins it" if phase.approvals else ""
    said = ", ".join(each for each in ("final: no way back" if phase.final else "", people) if each)
    return f" ({said})" if said else ""


def _return(made: Plan) -> Iterator[str]:
    back = made.no_return()
    if back is None:
        yield "An abort puts everything back at any moment."
        return
    yield f"The last moment of going back is before {back.name}. Until then an abort puts everything back{_people(made, back)}."
    if made.no_failback() is None:
        yield "From there on failing back brings everything home, until `landbridge retire` has passed its own last moment."


def _people(made: Plan, step: Step) -> str:
    asked = made.phase_of(step.name)
    return f"; {asked.approved_as} needs {asked.needs}" if asked.approvals else ""


def _data(made: Plan) -> dict[str, Any]:
    back, home = made.no_return(), made.no_failback()
    return {
        "name": made.name,
        "hash": made.hash,
        "phases": [_phase(phase) for phase in made.phases],
        "no_return": back.name if back else None,
        "no_failback": home.name if home else None,
        "calendar": list(made.calendar.sentences()),
    }


def _phase(phase: Phase) -> dict[str, Any]:
    steps = [{"name": step.name, "sentence": step.sentence, "pivot": step.pivot} for step in phase.steps]
    return {"name": phase.name, "approvals": phase.approvals, "final": phase.final, "steps": steps}
