"""The stacks an engine in AWS runs by, deployed as an operator does it: the bucket, its code, then the machine."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from landbridge.deploy.artifacts import upload
from landbridge.deploy.engine_code import engine_code
from landbridge.deploy.graph import Place
from landbridge.deploy.regional import LEADING
from landbridge.deploy.run import Patience, deploy_all
from landbridge.migrate.adapters.compose import Migration
from landbridge.model.region import Region

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


def led(migration: Migration, turn_seconds: float) -> Migration:
    """The same migration with an engine's archive, and its stacks up in the journal's region."""
    archive = engine_code(TEMPLATES, {})  # the emulator's Python has the wheels
    config = migration.config
    config = config.model_copy(update={"engine": config.engine.model_copy(update={"archive": archive.key})})
    migration = replace(migration, config=config)
    region, deployer = Region(config.platform.journal), migration.deployer
    patience = Patience(time.monotonic, time.sleep, limit_seconds=120, pause_seconds=0.25)
    first, then = [Place(name, region) for name in ("journal", *LEADING[:-1])], [Place(LEADING[-1], region)]
    deploy_all(deployer, deployer.graph.only(first), patience).result()
    upload(migration.clients, region, migration.told("foothold", "BucketName", region), archive)
    deploy_all(deployer, deployer.graph.only(then), patience).result()
    _shorten(migration, region, turn_seconds)
    return migration


def engine_of(migration: Migration) -> str:
    """The function's name."""
    return migration.named("engine")


def workers(migration: Migration, pids: Iterable[int]) -> list[int]:
    """Which of these processes run the engine's function."""
    mark = f"ministack-lambda-{engine_of(migration)}-".encode()
    return [pid for pid in pids if mark in _words(pid)]


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it is gone
        return b""


def _shorten(migration: Migration, region: Region, seconds: float) -> None:
    """So that there are many turns in little time."""
    functions, name = migration.clients.client("lambda", region), engine_of(migration)
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    short = {"Variables": {**variables, "TURN_SECONDS": f"{seconds:g}"}}
    functions.update_function_configuration(FunctionName=name, Environment=short)
