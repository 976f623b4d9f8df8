"""`landbridge verify`: the copies of every store compared while they are in use; changes nothing on either side."""

import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from landbridge.aws.clients import Clients
from landbridge.cli.choice import AsJson, Config, Profile, Run, credentials
from landbridge.cli.exits import Exit
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput, LandbridgeError, Refused, Unreachable
from landbridge.rehearse.run_folder import RunFolder
from landbridge.verify.port import Comparison, Estimate, Progress, Result, Unfinished
from landbridge.verify.stores import FOLDER, STORES, Asked, there

CONFIG = Path("config/trading.toml")
NAMED = 20  # differences a person is shown; all are in the file
EVERY = 10.0  # seconds between lines where there is no terminal
OF_A_STORE = (BadInput, Refused, Unreachable, Unfinished)  # errors of one store, which keep no other from its turn
WEIGHT = (
    Exit.DONE,
    Exit.HELD,
    Exit.BAD_INPUT,
    Exit.FAILED,
)  # a difference is certain; what the file has wrong, nobody else mends

Stores = Annotated[list[str] | None, typer.Argument(help="Which stores; without any, all that the file names.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where results and unfinished work are kept; without it, where gates look.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where the last comparison was cut off.")]
Load = Annotated[
    float | None, typer.Option("--max-load", help="The share of a server's time it may take, above 0 and at most 1.")
]
Full = Annotated[bool, typer.Option("--full", help="Read everything, even where the sides tell what was written.")]
Explain = Annotated[bool, typer.Option("--explain", help="Say what would be read and what it costs; read nothing.")]


def verify(
    stores: Stores = None,
    folder: Folder = None,
    resume: Resume = False,
    max_load: Load = None,
    full: Full = False,
    explain: Explain = False,
    as_json: AsJson = False,
    config: Config = CONFIG,
    run: Run = None,
    profile: Profile = None,
) -> None:
    """Compare the copies of both sides; names what differs."""
    if max_load is not None and not 0 < max_load <= 1:
        raise BadInput(f"--max-load {max_load:g}", "is no share of a server's time", "give a number above 0, at most 1")
    show = Display(as_json=as_json, live=sys.stderr.isatty())
    trading = load(config, Trading) if run is None else RunFolder(run).trading()
    folder = folder or (FOLDER if run is None else RunFolder(run).comparisons)
    asked = Asked(
        folder, resume, full, max_load, show.progress, time.time, time.sleep, partial(_clients, run, profile), there(trading)
    )
    one = _explained if explain else _compared
    raise typer.Exit(worst(one(name, comparison, show) for name, comparison in _chosen(trading, asked, stores).items()))


def _clients(run: Path | None, profile: str | None) -> Clients:
    """Those of a rehearsal's world, or AWS's; asked for only where a store is there."""
    if run is not None:
        return RunFolder(run).clients()
    credentials(profile)
    return Clients(profile=profile)


def _chosen(trading: Trading, asked: Asked, stores: list[str] | None) -> dict[str, Comparison]:
    if unknown := sorted(set(stores or ()) - STORES.keys()):
        raise BadInput(unknown[0], "is no store that can be compared", f"name one of {', '.join(sorted(STORES))}")
    made = {name: made for name in stores or sorted(STORES) if (made := _made(name, trading, asked))}
    if lacking := sorted(set(stores or ()) - made.keys()):
        raise BadInput(lacking[0], "is not configured", f"add verify.{lacking[0]} to the file, as config/trading.toml shows")
    if not made:
        raise BadInput("verify", "no store is configured", "add one to the file, as config/trading.toml shows")
    return made


def _made(name: str, trading: Trading, asked: Asked) -> Comparison | None:
    try:
        return STORES[name](trading, asked)
    except OF_A_STORE as error:
        return Unusable(error)


@dataclass(frozen=True)
class Unusable:
    """A store that can't be compared as the file has it: it says so in its turn."""

    why: LandbridgeError

    def compare(self) -> Result:
        """Never."""
        raise self.why

    def newest(self) -> None:
        """None."""

    def explain(self) -> tuple[Estimate, ...]:
        """Never."""
        raise self.why


def _compared(name: str, comparison: Comparison, show: "Display") -> Exit:
    """One store that can't be compared keeps no other from being."""
    began = time.time()
    try:
        result = comparison.compare()
    except OF_A_STORE as error:
        show.result(name, Result(began, time.time() - began, 0, (), 0.0, str(error)))
        return _unread(error)
    show.result(name, result)
    if result.differences:
        return Exit.FAILED
    return Exit.DONE if result.whole else Exit.HELD


def _explained(name: str, comparison: Comparison, show: "Display") -> Exit:
    try:
        show.estimates(name, comparison.explain())
    except OF_A_STORE as error:
        show.unread(name, error)
        return _unread(error)
    return Exit.DONE


def _unread(error: LandbridgeError) -> Exit:
    return Exit.BAD_INPUT if isinstance(error, BadInput) else Exit.HELD


def worst(codes: Iterable[Exit]) -> Exit:
    """The one that weighs most, once every store had its turn."""
    return max(codes, key=WEIGHT.index)


class Display:
    """Progress goes to standard error, what came out to standard output."""

    def __init__(self, *, as_json: bool, live: bool) -> None:
        self.as_json, self.live = as_json, live
        self.told = 0.0

    def progress(self, now: Progress) -> None:
        """One line that is written over, where there is a terminal; else now and then a line."""
        if self.as_json:
            self._json({"progress": asdict(now)})
        elif self.live or time.monotonic() - self.told >= EVERY:
            self.told = time.monotonic()
            said = f"{now.store} {now.coverage:6.1%}  {now.compared} compared, {now.differences} to look at again  {now.what}"
            typer.echo(f"\r\033[K{said[:100]}" if self.live else said, err=True, nl=not self.live)

    def estimates(self, name: str, estimates: tuple[Estimate, ...]) -> None:
        """What would be read."""
        for each in estimates:
            if self.as_json:
                self._json({"store": name, **asdict(each)})
            else:
                typer.echo(f"{name}  {each.what:<40} {each.reads:>12} {each.unit}, {each.size / 2**20:.0f} MiB  {each.note}")

    def unread(self, name: str, why: LandbridgeError) -> None:
        """What keeps a store from being read."""
        if self.as_json:
            self._json({"store": name, "stopped": str(why)})
        else:
            typer.echo(f"{name}  {why}")

    def result(self, name: str, result: Result) -> None:
        """What came out, and what must be known to judge it."""
        if self.as_json:
            self._json({"result": {"store": name, **asdict(result)}})
            return
        typer.echo("\r\033[K" if self.live else "", err=True, nl=False)
        for line in lines(name, result):
            typer.echo(line)

    def _json(self, what: dict[str, Any]) -> None:
        typer.echo(orjson.dumps(what).decode())


def lines(name: str, result: Result) -> list[str]:
    """A result as a person reads it."""
    differ, left = len(result.differences), len(result.expected)
    verdict = f"{differ} differences" if differ else "equal on both sides" if result.whole else "no difference found so far"
    said = [f"{name}: {verdict}; {result.compared} compared in {result.seconds:.1f} s, {result.coverage:.2%} of it"]
    said += [f"  {each}" for each in result.differences[:NAMED]]
    said += [f"  and {differ - NAMED} more, in the kept result"] if differ > NAMED else []
    said += [f"  expected: {each}: {each.left}" for each in result.expected[:NAMED]]
    said += [f"  and {left - NAMED} more expected, in the kept result"] if left > NAMED else []
    said += [f"  note: {note}" for note in result.notes]
    return said + ([f"  not finished: {result.stopped}"] if result.stopped else [])
