"""What else a region's front door may do with what passes it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from landbridge.rehearse.emulator import peerings, refusal
from landbridge.rehearse.emulator.description import Describe, Drop
from landbridge.rehearse.emulator.gateway import ApiRequest
from landbridge.rehearse.emulator.mappings import DeployedMappings
from landbridge.rehearse.emulator.objects import Objects

Count = Callable[[ApiRequest, int, float], None]
Answer = Callable[[bytes, str], Awaitable[refusal.Refusal | None]]  # body and action; None: the emulator is asked instead


@dataclass(frozen=True, slots=True)
class Hooks:
    """What else a door does: notes API answers, corrects what is told, adapts templates, connects networks, asks others."""

    count: Count | None = None
    describe: Describe | None = None
    drop: Drop | None = None  # takes away a table's copy in the region that declared it
    adapt: Callable[[], None] | None = None  # sees to it that the adapter's function is there
    peer: Callable[[bytes], peerings.Told | None] | None = None  # answers for connections to other regions
    mappings: DeployedMappings | None = None  # on Kinesis streams, which the fabric reads
    answers: Mapping[str, Answer] = field(default_factory=dict)  # by service
    objects: Objects | None = None  # copies what is put into S3
    abroad: Mapping[str, str] = field(default_factory=dict)  # the other regions' doors
