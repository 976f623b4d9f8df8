"""What a rehearsal is made of: the world on one machine, who uses it, and what goes wrong in it."""

from typing import Annotated, Literal

from pydantic import Field

from landbridge.config.frozen import Spec
from landbridge.config.spec import Seconds, Share


class Emulator(Spec):
    """Who plays AWS."""

    kind: Literal["ministack"]
    read_slots: Annotated[int, Field(ge=1, le=64, description="functions answering reads at once in a region, 1 to 64")]
    write_slots: Annotated[int, Field(ge=1, le=64, description="functions answering writes at once in a region, 1 to 64")]


class Fabric(Spec):
    """What AWS does between regions, and how fast it does it here."""

    table_lag_seconds: Annotated[float, Field(ge=0, le=600, description="seconds from 0 to 600")]
    objects_lag_seconds: Annotated[float, Field(ge=0, le=600, description="seconds from 0 to 600")] = 0.2
    switchover_seconds: Annotated[float, Field(ge=0, le=600, description="seconds from 0 to 600")] = 0.1
    minute_seconds: Annotated[float, Field(ge=0.1, le=60, description="seconds from 0.1 to 60")] = 1.0
    resolver_caches: Annotated[int, Field(ge=50, le=10_000, description="at least 50 caches, so that 1 % means 1 % of requests")]
    health_check_seconds: Seconds
    health_check_failures: Annotated[int, Field(ge=1, le=10, description="failures in a row from 1 to 10")]


class Traffic(Spec):
    """Who uses the platform while it moves."""

    rate: Annotated[float, Field(gt=0, le=500, description="requests a second, above 0 and at most 500")]
    ticks: Annotated[float, Field(ge=1, le=5000, description="trades of the market a second, from 1 to 5000")] = 20
    traders: Annotated[int, Field(ge=1, le=5000, description="a number of traders from 1 to 5000")]
    write_share: Share
    commanders: Annotated[int, Field(ge=1, le=1000, description="a number of traders who order too, from 1 to 1000")]
    command_share: Share
    items: Annotated[int, Field(ge=1, le=1_000_000, description="items the platform holds before anything moves")]
    history_versions: Annotated[int, Field(ge=1, le=100_000, description="versions of objects from 1 to 100000")] = 300
    retry_seconds: Seconds
    slow_seconds: Seconds
    warm_up_seconds: Seconds


class Rehearsal(Spec):
    """config/rehearsal.toml: the world on one machine."""

    emulator: Emulator
    fabric: Fabric
    traffic: Traffic
    seed: Annotated[int, Field(ge=0, lt=2**32, description="a whole number from 0 to 4294967295")]
    limit_seconds: Seconds
    overrides: dict[str, dict[str, object]] = Field(default={}, description="tables of the platform's file, quickened")
    payments: dict[str, dict[str, object]] = Field(default={}, description="tables of config/payments.toml, for here")


class Fault(Spec):
    """One file of config/faults: what goes wrong, when, and what should come of it."""

    promise: Annotated[str, Field(min_length=20, description="one sentence: what the product promises under this fault")]
    kind: Literal[
        "errors", "throttling", "slow", "lag", "stall", "region-out", "link-out", "poison", "kill-engine", "two-engines", "abort",
        "switchover-stalls", "database-killed",
    ]  # fmt: skip
    at_step: Annotated[str, Field(min_length=3, description="the step during which it strikes, or 'random'")]
    side: Literal["source", "target"] = "target"
    store: Literal["tables", "history", "market"] = "tables"
    share: Share = 1.0
    delay: Annotated[float, Field(ge=0, le=60, description="seconds from 0 to 60")] = 3.0
    seconds: Seconds = 10.0
    times: Annotated[int, Field(ge=1, le=20, description="how often, from 1 to 20")] = 1
    outcome: Literal["done", "rolled back", "held"]
