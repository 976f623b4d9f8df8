"""The database's one writer, as RDS reports it and as RDS is asked to move it; and the member that is taken away at the end.

An answer that was lost is resolved by reading: what was asked for may have begun all the same.
"""

from dataclasses import dataclass

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.replicate.aurora import AVAILABLE, Aurora, GlobalCluster, Member


@dataclass(frozen=True)
class DatabaseWriter:
    """Implements `Database` and `Failover` over one global cluster."""

    aurora: Aurora
    name: str
    regions: Pair[Region]

    @property
    def takes_at_most(self) -> float:
        """A call is sent once and given up after its timeouts."""
        return self.aurora.clients.timeouts.once

    def writer(self) -> Region | None:
        """Where the one writer is, as every region that answers reports it; None = moving, or not exactly one."""
        told = self._told()
        where = {_writer(one) for one in told}
        return where.pop() if len(where) == 1 else None

    def switch(self, to: Region) -> None:
        """Begins a planned switchover; nothing is lost by it."""
        self._move(to, "switchover_global_cluster", {})

    def fail_over(self, to: Region) -> None:
        """Begins a failover; what has not arrived there is lost."""
        self._move(to, "failover_global_cluster", {"AllowDataLoss": True})

    def _move(self, to: Region, operation: str, allowed: dict[str, bool]) -> None:
        """Asked of the region that shall write: the other one may be out."""
        member = self._due(to)
        if member is None:
            return
        try:
            self.aurora.act(to, operation, GlobalClusterIdentifier=self.name, TargetDbClusterIdentifier=member.arn, **allowed)
        except (Refused, Unreachable):
            if self._due(to) is not None:
                raise

    def _due(self, to: Region) -> Member | None:
        """The member to be made the writer; None when it is that, or is being made it."""
        told = self.aurora.joined(to, self.name)
        member = None if told is None else told.at(to)
        if told is None or member is None:
            raise Refused(to, "moving the database's writer", f"{self.name} has no member there")
        return None if told.moving or member.writes else member

    def _told(self) -> list[GlobalCluster]:
        told, silent = [], None
        for region in self.regions:
            try:
                one = self.aurora.joined(region, self.name)
            except Unreachable as out:
                silent = out
                continue
            if one is None:
                raise Refused(region, "finding the database", f"there is no global cluster {self.name}")
            told.append(one)
        if not told and silent is not None:
            raise silent
        return told


@dataclass(frozen=True)
class DatabaseMember:
    """Implements `Removal`: the member of one region, taken away from the side that stays."""

    aurora: Aurora
    name: str
    leaves: Region
    stays: Region

    def standing(self) -> list[str]:
        """The member's name, while there is one."""
        member = self._member()
        return [] if member is None else [member.arn]

    def moving(self) -> list[str]:
        """Whether the writer is being moved meanwhile, or the member is on its way out: it is listed for a while yet."""
        told = self.aurora.joined(self.stays, self.name)
        member = None if told is None else told.at(self.leaves)
        cluster = None if member is None else self.aurora.cluster(self.leaves, member.arn.rpartition(":")[2])
        leaving = [cluster.name] if cluster is not None and cluster.status != AVAILABLE else []
        return [self.name] if told is not None and told.moving else leaving

    def broken(self) -> list[str]:
        """A member that writes can't go."""
        member = self._member()
        if member is None or not member.writes:
            return []
        return [f"{member.arn} is the writer of {self.name}: move the writer to {self.stays} first"]

    def remove(self, thing: str) -> None:
        """Detaches it; it stands alone from then on, until its stack is deleted."""
        if thing in self.standing():
            self.aurora.act(
                self.stays, "remove_from_global_cluster", GlobalClusterIdentifier=self.name, DbClusterIdentifier=thing
            )

    def _member(self) -> Member | None:
        told = self.aurora.joined(self.stays, self.name)
        return None if told is None else told.at(self.leaves)


def _writer(told: GlobalCluster) -> Region | None:
    forwarding = [member for member in told.members if member.forwarding]
    if forwarding:
        why = f"{forwarding[0].arn} forwards writes to the writer, so it takes them too; turn write forwarding off"
        raise Refused(forwarding[0].region, "telling the database's one writer", why)
    writers = [member.region for member in told.members if member.writes]
    return writers[0] if len(writers) == 1 and not told.moving else None
