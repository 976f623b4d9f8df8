"""`landbridge plan`: what will be done, in order, who must approve what, and until when there is a way back. Needs no cloud."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from landbridge.cli.migrate import TEMPLATES
from landbridge.config.expansion import Expansion
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.deploy.manifest import Home, Manifest
from landbridge.migrate.adapters.payments import PLATFORM
from landbridge.migrate.display.growing import walk
from landbridge.migrate.display.walk import DryRun, Line, Walk
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.step import Step
from landbridge.model.errors import BadInput
from landbridge.model.region import Region


def plan(
    platform: Annotated[str, typer.Argument(help="trading or payments.")] = "trading",
    config: Annotated[Path | None, typer.Option(help="The platform's file; as shipped: config/PLATFORM.toml.")] = None,
    evacuate: Annotated[str | None, typer.Option(help="The plan that takes this region of payments out and back.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Walk the whole plan and tell every act; nothing is done.")] = False,
    retire: Annotated[bool, typer.Option("--retire", help="The end of the source instead, once everything has moved.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Print the plan, or walk it over a world that only tells what would be done to it."""
    walked = _walk(platform, config or Path("config") / f"{platform}.toml", templates if dry_run else None, evacuate)
    made, run = walked.plan, walked.run
    if retire:
        if not isinstance(walked, DryRun):
            raise BadInput("--retire", "is for the trading platform, which leaves its source", "leave it out")
        made, run = walked.retirement, walked.retire
    if as_json:
        told = {"dry_run": run()} if dry_run else _data(made)
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for line in map(_walked, run()) if dry_run else page(made):
        typer.echo(line)


def _walk(platform: str, config: Path, templates: Path | None, out: str | None) -> Walk:
    """Without templates the plan alone is asked for."""
    if platform == PLATFORM:
        expansion = load(config, Expansion)
        if out and out not in (expansion.platform.source, expansion.platform.target):
            fix = f"name {expansion.platform.source} or {expansion.platform.target}"
            raise BadInput(f"--evacuate {out}", "is no region of this platform", fix)
        stacks = _stacks(templates / PLATFORM, Home.TARGET) if templates else ()
        return walk(expansion, stacks, time.time(), Region(out) if out else None)
    if platform != "trading":
        raise BadInput(platform, "is no platform with a plan", f"name trading or {PLATFORM}")
    if out:
        raise BadInput("--evacuate", "is for the payments platform, which serves in two regions", f"name {PLATFORM}")
    comes, goes = (_stacks(templates, home) if templates else () for home in (Home.TARGET, Home.SOURCE))
    return DryRun(load(config, Trading), comes, time.time(), goes)


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
