"""`landbridge rehearse`: the whole migration on this machine, in one command."""

import asyncio
import logging
import os
import shlex
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import orjson
import typer

from landbridge.cli.exits import Exit
from landbridge.cli.migrate import TEMPLATES
from landbridge.config.expansion import Expansion
from landbridge.config.frozen import Spec
from landbridge.config.load import load, read
from landbridge.config.rehearsal import Fault, Rehearsal
from landbridge.config.spec import Platform, Trading
from landbridge.model.errors import BadInput
from landbridge.model.region import Region
from landbridge.rehearse.judge import Verdict
from landbridge.rehearse.live import View, view_for
from landbridge.rehearse.payments.rehearsal import RehearsePayments
from landbridge.rehearse.rehearsal import Rehearse
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.world import World

TRADING, PAYMENTS = "trading", "payments"
WORLD, QUICK, FAULTS = Path("config/rehearsal.toml"), Path("config/quick.toml"), Path("config/faults")
OVERRIDES: dict[type[Spec], str] = {Trading: "overrides", Expansion: "payments"}  # of the world's file
S = TypeVar("S", bound=Spec)


class Rehearsing(Protocol):
    """A platform's rehearsal."""

    folder: Path

    async def run(self, view: View, hold: Callable[[World, Verdict], Awaitable[None]] | None = None) -> Verdict:
        """All of it; what it holds for is awaited while its world is up."""


def rehearse(
    platform: Annotated[str, typer.Argument(help="trading or payments.")] = TRADING,
    inject: Annotated[
        list[str] | None, typer.Option(help="A fault of config/faults, or a file of yours; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed makes the same traffic and the same faults.")] = None,
    rate: Annotated[float | None, typer.Option(help="Requests a second.")] = None,
    ticks: Annotated[float | None, typer.Option(help="Trades of the market a second, where the market moves.")] = None,
    run_dir: Annotated[Path | None, typer.Option(help="Where everything about this run is kept.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A smaller world with less to wait for: no market.")] = False,
    and_back: Annotated[bool, typer.Option("--and-back", help="Move everything home again, under the same users.")] = False,
    retire: Annotated[bool, typer.Option("--retire", help="Take the source away after the move, under the same users.")] = False,
    out: Annotated[str | None, typer.Option(help="Payments: which region goes out; as it comes, the one it grew into.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Stay up after the verdict, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    config: Annotated[Path | None, typer.Option(help="The platform's file; as shipped: config/PLATFORM.toml.")] = None,
    world: Annotated[Path, typer.Option(help="The world of the rehearsal.")] = WORLD,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Rehearse a platform's whole move, or its growth into a second region, on this machine and judge it."""
    world = _world(world, quick=quick)
    file, command = config or Path("config") / f"{platform}.toml", f"./dev {shlex.join(['rehearse', *sys.argv[2:]])}"
    rehearsing: Rehearsing
    match platform:
        case "trading":
            _only(PAYMENTS, {"--out": out}, "leave it out: a region of trading is lost by --inject")
            trading, rehearsal = _specs(file, world, seed, {"rate": rate, "ticks": ticks}, Trading)
            refuse_both(trading, and_back=and_back, retire=retire)
            faults, folder, spec = _faults(inject or []), _folder(run_dir), trading.platform
            rehearsing = Rehearse(trading, rehearsal, faults, folder, templates, command, _say, and_back, retire)
        case "payments":
            given = {"--inject": inject, "--ticks": ticks, "--and-back": and_back, "--retire": retire, "--quick": quick}
            _only(TRADING, given, "leave it out: the payments rehearsal injects what it shows")
            expansion, rehearsal = _specs(file, world, seed, {"rate": rate, "ticks": ticks}, Expansion)
            folder, spec = _folder(run_dir), expansion.platform
            rehearsing = RehearsePayments(expansion, rehearsal, folder, templates, command, _say, _of(spec, out))
        case _:
            raise BadInput(platform, "is no platform that is rehearsed", f"name {TRADING} or {PAYMENTS}")
    _say(f"rehearsing {platform}, {spec.source} to {spec.target}, in {folder} with seed {rehearsal.seed}")
    verdict = asyncio.run(_stoppable(rehearsing, as_json=as_json, hold=hold))
    raise typer.Exit(_concluded(verdict, folder, as_json=as_json))


def _world(world: Path, *, quick: bool) -> Path:
    if quick and world != WORLD:
        raise BadInput("--quick", "is a world of its own, and --world names another", "give one of the two")
    return QUICK if quick else world


def _only(platform: str, given: Mapping[str, object], fix: str) -> None:
    for name in (name for name, value in given.items() if value):
        raise BadInput(name, f"is for the {platform} platform", fix)


def _of(platform: Platform, region: str | None) -> Region:
    """A region of the two; as it comes, the one the platform grows into."""
    both = (platform.source, platform.target)
    if region not in (None, *both):
        raise BadInput(f"--out {region}", "is no region of this platform", f"name {' or '.join(both)}")
    return Region(region or platform.target)


def _specs(config: Path, world: Path, seed: int | None, traffic: dict[str, float | None], spec: type[S]) -> tuple[S, Rehearsal]:
    """Both files, with what the command line says over the second."""
    raw = read(world)
    overrides = raw.get(OVERRIDES[spec], {})
    given: dict[str, Any] = {} if seed is None else {"seed": seed}
    if said := {name: value for name, value in traffic.items() if value is not None}:
        given["traffic"] = said
    return load(config, spec, overrides, world), load(world, Rehearsal, given, Path("command line"))


def refuse_both(trading: Trading, *, and_back: bool, retire: bool) -> None:
    """What can't be shown is refused before a world is made."""
    if retire and and_back:
        raise BadInput("--retire", "takes away the region that --and-back goes home to", "ask for one of them")
    if retire and not trading.market.feeds:
        raise BadInput("--retire", "would take away a market that has not moved", "name market.feeds in the world's file")


def _faults(names: list[str]) -> tuple[Fault, ...]:
    faults = tuple(_fault(name) for name in names)
    if len([fault for fault in faults if fault.outcome != "done"]) > 1:
        raise BadInput("--inject", "one run can't end in two ways", "give at most one fault whose outcome is not 'done'")
    return faults


def _fault(name: str) -> Fault:
    if name.endswith(".toml"):
        return load(Path(name), Fault)
    known = sorted(path.stem for path in FAULTS.glob("*.toml"))
    if name not in known:
        raise BadInput(f"--inject {name}", "there is no such fault", f"choose one of {', '.join(known)}")
    return load(FAULTS / f"{name}.toml", Fault)


def _folder(run_dir: Path | None) -> Path:
    folder = run_dir or Path("runs") / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"--run-dir {folder}", "is not an empty folder", "name a new one: a run is never written over another")
    return folder


def _say(what: str) -> None:
    """Set-up and events go to standard error: standard output belongs to the view."""
    typer.echo(what, err=True)


async def _stoppable(rehearsing: Rehearsing, *, as_json: bool, hold: bool) -> Verdict:
    """SIGTERM ends it as cleanly as Ctrl-C does."""
    running = asyncio.current_task()
    assert running
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    (rehearsing.folder / "logs").mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=rehearsing.folder / "logs" / "world.log")  # what libraries grumble is kept, not shown
    view = view_for(sys.stdout, as_json=as_json)
    return await rehearsing.run(view, _stay if hold else None)


async def _stay(world: World, verdict: Verdict) -> None:
    _say(f"\n{_told(verdict)}")
    doors = {region: door.url for region, door in world.doors.items()}
    config = RunFolder(world.folder).open_to_aws(doors)
    for name, url in (*world.ways().items(), *doors.items()):
        _say(f"{name}: {url}")
    _say(f"look in with landbridge:   landbridge status {world.folder}")
    _say(f"look in with AWS's tools:  AWS_CONFIG_FILE={config} aws --profile {world.pair.target} cloudformation list-stacks")
    _say(f"the world stays up for: landbridge migrate {world.folder}   stop it with Ctrl-C; what to do by hand: docs/runbook")
    staying = asyncio.current_task()
    assert staying
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        staying.uncancel()  # stopping is what Ctrl-C is for here; the verdict stands


def _concluded(verdict: Verdict, folder: Path, *, as_json: bool) -> Exit:
    code = Exit.DONE if verdict.ok else Exit.FAILED
    if as_json:
        typer.echo(
            orjson.dumps({"verdict": {"ok": verdict.ok, "outcome": verdict.outcome, "sentences": verdict.sentences}}).decode()
        )
        return code
    typer.echo(f"\n{_told(verdict)}")
    for sentence in verdict.sentences:
        typer.echo(f"  {sentence}")
    typer.echo(f"report: {folder / 'report.html'}   figures: {folder / 'rehearsal.json'}")
    return code


def _told(verdict: Verdict) -> str:
    return f"{'As it should be' if verdict.ok else 'NOT as it should be'}: the migration ended '{verdict.outcome}'."
