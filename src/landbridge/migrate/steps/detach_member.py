"""The source's part of what spans both regions is taken away from the side that stays, kind by kind, before any stack goes.

So the deletion of the source's stacks finds nothing in them that the target still needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from landbridge.migrate import one_by_one
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


class Member(StrEnum):
    """The kinds, in the order in which they go."""

    ROUTE = "route"
    REPLICAS = "replicas"
    SECRETS = "secrets"
    CLUSTER = "cluster"
    OBJECTS = "objects"
    PEERING = "peering"


SAID: Mapping[Member, str] = {
    Member.ROUTE: "weighted record and health check",  # first: nobody is sent there any more, whatever fails
    Member.REPLICAS: "replicas of tables",
    Member.SECRETS: "copies of secrets",
    Member.CLUSTER: "member of the database",
    Member.OBJECTS: "replication rules of buckets",
    Member.PEERING: "peering, and what each side is told of the other",
}


@dataclass(frozen=True)
class DetachMember(Step):
    """Done when the source has no member of this kind."""

    kind: Member
    source: Region
    members: one_by_one.Removal
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"detach_member.{self.kind}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"take away, from the side that stays, what {self.source} has of this kind: {SAID[self.kind]}"

    def before(self) -> dict[str, list[str]]:
        """What there was."""
        return {"standing": self.members.standing()}

    def check(self, context: Context) -> Seen:
        """One by one."""
        left = self.members.standing()[::-1]
        return one_by_one.look(self.members, left, f"is still in {self.source}") or Seen(
            State.DONE, f"{self.source} has none of this kind any more: {SAID[self.kind]}"
        )

    def apply(self, context: Context) -> None:
        """Takes the last one away."""
        one_by_one.begin(self.members, self.members.standing()[::-1], self.members.remove)

    def revert(self, context: Context) -> Seen:
        """Only what was never taken."""
        return one_by_one.refuse_back(self.members, context.before)
