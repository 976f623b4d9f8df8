"""What a platform, its migration and its rehearsal are made of, as frozen values that were checked once at the door.

Every description below is shown to the operator as the fix when a value is refused.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from landbridge.config.api import Api
from landbridge.config.calls import ACT_SECONDS, LEAST_LEASE_SECONDS
from landbridge.config.control import Approvals, Calendar, Retire, Seize
from landbridge.config.database import Database
from landbridge.config.deployment import Deployment
from landbridge.config.edge import Edge
from landbridge.config.frozen import Spec
from landbridge.config.market import Market
from landbridge.config.network import Network
from landbridge.config.preflight import Preflight
from landbridge.config.verify import Verify
from landbridge.model.metrics import HISTORY
from landbridge.model.region import REGION_PATTERN, Region

RegionName = Annotated[
    str,
    Field(pattern=f"^{REGION_PATTERN}$", description="the name of an AWS region, like eu-central-1"),
    AfterValidator(Region),
]
Suffix = Annotated[
    str,
    Field(
        min_length=3,
        max_length=20,
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        description="3 to 20 lower-case letters and digits in words joined by single hyphens, beginning with a letter",
    ),
]
Seconds = Annotated[float, Field(gt=0, le=86_400, description="a number of seconds above 0, at most a day")]
Regressed = Annotated[float, Field(gt=0, lt=1, description="the share of answers that is a regression, above 0 and below 1")]
Chance = Annotated[float, Field(gt=0, le=0.1, description="a chance above 0, at most 0.1")]
Weight = Annotated[int, Field(ge=1, le=100, description="percent of reads from 1 to 100")]
Share = Annotated[float, Field(ge=0, le=1, description="a share between 0 and 1")]


class Platform(Spec):
    """Which platform moves, and between which regions."""

    environment_suffix: Suffix
    environment: Annotated[
        str, Field(min_length=1, max_length=64, description="the value of the tag Environment, like production")
    ]
    cost_center: Annotated[str, Field(min_length=1, max_length=64, description="the value of the tag CostCenter")]
    source: RegionName
    target: RegionName
    journal: RegionName
    domain: Annotated[
        str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", description="the origin's name, like origin.trading.example")
    ]

    def named(self, kind: str, region: str = "") -> str:
        """The name of one of the platform's things; with its region where names are the whole world's."""
        return "-".join(filter(None, ("trading-analytics", kind, self.environment_suffix, region)))

    @model_validator(mode="after")
    def _three_regions(self) -> Self:
        if self.source == self.target:
            raise ValueError("source and target are the same region: name two different ones")
        if self.journal in {self.source, self.target}:
            raise ValueError("the journal must outlive both the source and the target: name a third region")
        return self


class Pens(Spec):
    """How writing moves (docs/protocol.md has the timing of a move)."""

    fences: Annotated[int, Field(ge=1, le=256, description="a number of fences from 1 to 256")]
    budget_seconds: Seconds
    effects_budget_seconds: Seconds
    feeds_patience_seconds: Seconds
    stream_retention_hours: Annotated[
        int, Field(ge=24, le=8760, description="whole hours from 24 to 8760, as the streams have it")
    ]
    skew_bound_seconds: Seconds
    hold_seconds: Annotated[float, Field(gt=0, le=20, description="seconds above 0, at most 20: the write function ends at 25")]
    route_cache_seconds: Annotated[float, Field(ge=0, le=1, description="seconds from 0 to 1: a cached pen only routes")]

    @model_validator(mode="after")
    def _hold_outlasts_the_move(self) -> Self:
        if self.hold_seconds <= self.budget_seconds:
            raise ValueError("hold_seconds must be above budget_seconds, or writes are refused before a slow move can unwind")
        return self


class Gate(Spec):
    """When a region is healthy enough to go on (docs/decisions/0008 derives every value)."""

    window_seconds: Seconds
    probes_per_look: Annotated[int, Field(ge=1, le=100, description="a number of probes from 1 to 100")]
    min_probes: Annotated[int, Field(ge=1, le=10_000, description="a number of probes from 1 to 10000")]
    max_error_rise: Regressed
    max_wrong_rate: Regressed
    max_slow_share: Regressed
    max_slowdown: Annotated[float, Field(gt=1, le=100, description="how many times slower than the source's p99, above 1")]
    slow_floor_seconds: Seconds
    max_lag_seconds: Seconds
    silence_seconds: Seconds
    false_fail_chance: Chance
    false_pass_chance: Chance
    metrics_period_seconds: Annotated[int, Field(ge=1, le=3600, description="whole seconds from 1 to 3600; AWS gives 60 at best")]
    max_history_lag_seconds: Seconds = 900.0

    def most_lag(self, store: str) -> float:
        """How far behind a store's copy may be, in seconds: S3 promises a quarter of an hour, the others are quicker."""
        return self.max_history_lag_seconds if store == HISTORY else self.max_lag_seconds

    @model_validator(mode="after")
    def _can_pass(self) -> Self:
        least = min(self.max_error_rise, self.max_wrong_rate, self.max_slow_share)
        if (1 - least) ** self.min_probes > self.false_pass_chance:
            raise ValueError(
                f"{self.min_probes} probes can't rule out {least:g} of them bad, so nothing passes: raise min_probes"
            )
        return self


class Shares(Spec):
    """How a share of the reads, or of all requests, moves."""

    weights: Annotated[
        tuple[Weight, ...], Field(min_length=1, strict=False, description="percent at the target, rising, like [1, 5, 25, 50]")
    ]
    bake_seconds: Seconds
    record_ttl_seconds: Annotated[int, Field(ge=1, le=60, description="whole seconds from 1 to 60")]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if list(self.weights) != sorted(set(self.weights)):
            raise ValueError("weights must rise, like [1, 5, 25, 50]")
        return self


class Shift(Shares):
    """How reads move, all of them in the end."""

    weights: Annotated[
        tuple[Weight, ...],
        Field(min_length=1, strict=False, description="percent of reads at the target, rising, ending at 100"),  # TOML has lists
    ]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if list(self.weights) != sorted(set(self.weights)) or self.weights[-1] != 100:
            raise ValueError("weights must rise and end at 100, like [1, 5, 25, 50, 100]")
        return self


class Engine(Spec):
    """The migration engine's own rhythm."""

    tick_seconds: Seconds
    lease_seconds: Annotated[
        float,
        Field(
            ge=LEAST_LEASE_SECONDS,
            le=600,
            description=f"seconds from {LEAST_LEASE_SECONDS:g} to 600: an act that nothing can call back may last "
            f"{ACT_SECONDS:g} s, and is never sent under a shorter lease",
        ),
    ]
    patience_seconds: Seconds
    archive: Annotated[
        str,
        Field(pattern=r"^(engine/[0-9a-f]{64}\.zip)?$", description='what `landbridge package --wheels` wrote, or "" for none'),
    ] = ""


class Verification(Spec):
    """How copies are compared, and how long a comparison counts."""

    segments: Annotated[int, Field(ge=1, le=64, description="a number of parallel segments from 1 to 64")]
    settle_seconds: Seconds
    expires_seconds: Seconds


class Trading(Spec):
    """config/trading.toml: the trading platform and its migration."""

    platform: Platform
    pens: Pens
    gate: Gate
    shift: Shift
    engine: Engine
    verification: Verification
    retire: Retire
    calendar: Calendar = Calendar()
    approvals: Approvals = Approvals()
    deploy: Deployment = Deployment()
    market: Market = Market()
    database: Database = Database()
    network: Network = Network()
    edge: Edge = Edge()
    api: Api = Api()
    seize: Seize = Seize()
    preflight: Preflight = Preflight()
    verify: Verify = Verify()

    @model_validator(mode="after")
    def _streams_keep_what_is_read_back(self) -> Self:
        if self.seize.read_back_hours > self.pens.stream_retention_hours:
            raise ValueError("seize.read_back_hours is above pens.stream_retention_hours: the streams do not keep that long")
        return self

    @model_validator(mode="after")
    def _sign_in_outlives_the_source(self) -> Self:
        if f":{self.platform.source}:" in self.api.user_pool:
            raise ValueError("api.user_pool lies in the region that is left: nobody could sign in once it is gone")
        return self

    @model_validator(mode="after")
    def _window_holds_enough(self) -> Self:
        refuse_too_few_probes(self.gate, self.engine)
        return self


def refuse_too_few_probes(gate: Gate, engine: Engine) -> None:
    """A window that can't hold what a pass rests on is refused, for any platform."""
    most = int(gate.probes_per_look * gate.window_seconds / engine.tick_seconds)
    if most < gate.min_probes:
        raise ValueError(f"gate.window_seconds has room for {most} probes, fewer than gate.min_probes: nothing would pass")
