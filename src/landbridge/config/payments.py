"""The payments platform as CDK's context tells it: what is the same everywhere, and one entry a region.

Every description below is shown to the operator as the fix when a value is refused.
"""

from ipaddress import IPv4Network
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from landbridge.config.frozen import Spec
from landbridge.config.network import Cidr

REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
Region = Annotated[str, Field(pattern=REGION, description="the name of an AWS region, like us-east-2")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="two capital letters of ISO 3166, like KP")]
ENVIRONMENT = "[a-z][a-z0-9]{1,7}"
Percent = Annotated[int, Field(ge=10, le=95, description="a number from 10 to 95")]
# Fargate offers these sizes and no others: GB of memory by 1024ths of a processor.
MEMORY = {256: (512, 2048), 512: (1024, 4096), 1024: (2048, 8192), 2048: (4096, 16384), 4096: (8192, 30720)}
# Strong consistency is to be had within one of these sets of regions alone.
STRONG = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)


class Task(Spec):
    """How large a task of the service is, and how many there may be."""

    cpu: Annotated[Literal[256, 512, 1024, 2048, 4096], Field(description="256, 512, 1024, 2048 or 4096")]
    memory: Annotated[int, Field(multiple_of=512, description="MB, a size Fargate offers with that cpu")]
    least: Annotated[int, Field(ge=1, le=100, description="how many tasks there are at least, from 1 to 100")]
    most: Annotated[int, Field(ge=1, le=100, description="how many tasks there are at most, from 1 to 100")]
    busy: Percent

    @model_validator(mode="after")
    def _offered(self) -> Self:
        low, high = MEMORY[self.cpu]
        if not low <= self.memory <= high:
            raise ValueError(f"Fargate has no task of cpu {self.cpu} with {self.memory} MB: from {low} to {high}")
        if self.least > self.most:
            raise ValueError(f"least ({self.least}) is more than most ({self.most})")
        return self


class Limits(Spec):
    """Beyond what this region's alarms ring."""

    latency_ms: Annotated[int, Field(ge=50, le=30000, description="ms a hundredth of the answers may exceed, 50 to 30000")]
    errors: Annotated[int, Field(ge=0, le=10000, description="how many answers a minute may be 5xx, from 0 to 10000")]
    database_cpu: Percent
    replica_lag_seconds: Annotated[int, Field(ge=5, le=3600, description="seconds a replica may be behind, from 5 to 3600")]
    event_age_seconds: Annotated[int, Field(ge=10, le=86400, description="seconds an event may wait, from 10 to 86400")]
    session_latency_ms: Annotated[int, Field(ge=5, le=1000, description="ms a session may take to be read, from 5 to 1000")]


class RegionSpec(Spec):
    """One region of the payments platform: everything in which it may differ from another."""

    region: Region
    copies_from: Annotated[str, Field(pattern=f"({REGION})?", description="the region with the writer, or empty in that one")]
    vpc_cidr: Cidr
    nat: Annotated[Literal["zone", "one"], Field(description="zone or one")]
    blocked_countries: Annotated[tuple[Country, ...], Field(min_length=1, max_length=50, strict=False, description='["KP"]')]
    requests: Annotated[int, Field(ge=10, le=2_000_000_000, description="how often one address may ask in five minutes")]
    task: Task
    database_class: Annotated[str, Field(pattern=r"^db\.[mr][5-9]g?d?\.[0-9x]*large$", description="like db.m6g.large")]
    events_at_once: Annotated[int, Field(ge=2, le=1000, description="how many events are processed at once, from 2 to 1000")]
    limits: Limits


class Payments(Spec):
    """The whole platform; a further region is one more entry of `regions`."""

    environment: Annotated[str, Field(pattern=f"^{ENVIRONMENT}$", description="2 to 8 lower-case letters and digits")]
    sessions: Annotated[Literal["eventual", "strong"], Field(description="eventual or strong")]
    witness: Annotated[str, Field(pattern=f"({REGION})?", description="a region that only votes, or empty")] = ""
    regions: Annotated[tuple[RegionSpec, ...], Field(min_length=1, strict=False, description="a list of regions")]

    @model_validator(mode="after")
    def _together(self) -> Self:
        names = [each.region for each in self.regions]
        if len(set(names)) < len(names):
            raise ValueError(f"a region is named twice among {', '.join(names)}")
        first = [each.region for each in self.regions if not each.copies_from]
        if len(first) != 1 or any(each.copies_from not in ("", first[0]) for each in self.regions):
            raise ValueError("one region leaves copies_from empty, and every other one names that region there")
        for one, other in combinations(self.regions, 2):
            if IPv4Network(one.vpc_cidr).overlaps(IPv4Network(other.vpc_cidr)):
                raise ValueError(f"{one.region} and {other.region} have overlapping addresses, so they could not be connected")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        members = {each.region for each in self.regions} | ({self.witness} - {""})
        if self.sessions == "eventual" and self.witness:
            raise ValueError("a witness is for strong sessions alone: leave it empty, or write sessions strong")
        if self.sessions == "strong" and (len(members) != 3 or not any(members <= each for each in STRONG)):
            told = ", ".join(sorted(members))
            raise ValueError(f"strong sessions need three regions of one set, the witness among them, and not {told}")
        return self

    @property
    def first(self) -> RegionSpec:
        """The region with the writer."""
        return next(each for each in self.regions if not each.copies_from)

    @property
    def others(self) -> tuple[RegionSpec, ...]:
        """The regions that copy from it."""
        return tuple(each for each in self.regions if each.copies_from)
