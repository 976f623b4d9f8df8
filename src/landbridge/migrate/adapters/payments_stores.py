"""The payments platform's stores in both regions: what copies each, what compares it, and what tells how far it is behind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from math import inf

from landbridge.aws.clients import Clients
from landbridge.config.expansion import Expansion
from landbridge.migrate.adapters.history import Late
from landbridge.model.metrics import DATABASE, SECRETS, SESSIONS, UPLOADS
from landbridge.model.region import Pair, Region
from landbridge.replicate.global_table import GlobalTableReplicator
from landbridge.replicate.object_jobs import ObjectJobs
from landbridge.replicate.object_rule import Buckets, StackRule
from landbridge.replicate.objects import ObjectReplicator
from landbridge.replicate.port import Heart, Replicator
from landbridge.replicate.read_replica import ReadReplica
from landbridge.replicate.secret import SecretReplicator
from landbridge.replicate.stack_switch import StackSwitch
from landbridge.replicate.switched import SwitchedCopy
from landbridge.replicate.together import Together
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.bucket import BucketCopy, Copy
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.versions import Rule
from landbridge.verify.port import Verifier
from landbridge.verify.postgres.comparison import DatabaseComparison
from landbridge.verify.results import ResultFiles
from landbridge.verify.settle import Settling
from landbridge.verify.stores import Asked
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import Copy as Items
from landbridge.verify.tables.wire import TableCopy

SELDOM = 1.0  # seconds: a heartbeat among objects is a version that is kept for a while
SECRET_KINDS = ("database", "identity")
KEYS = ("session",)


@dataclass(frozen=True)
class PaymentsStores:
    """Every store; `named` gives the name of a thing, with its region where names are the whole world's."""

    clients: Clients
    config: Expansion
    regions: Pair[Region]  # from the region that has to the one that gets
    born: Pair[Region]  # where the platform was born, and where it grew
    named: Callable[..., str]
    told: Callable[[str, str, Region], str]
    asked: Asked
    same_versions: bool  # whether a copy keeps its version's id, as on AWS

    @cached_property
    def sessions(self) -> GlobalTableReplicator:
        """The table, in the direction at hand."""
        return GlobalTableReplicator(
            self.clients, self.named(SESSIONS), KEYS, self.regions, self.asked.clock, partial(self._key, self.regions.target)
        )

    @cached_property
    def uploads(self) -> ObjectReplicator:
        """One way, out of the region the platform was born in."""
        source, names = self.born.source, self.born.map(partial(self.named, UPLOADS))
        rule = StackRule(Buckets(self.clients, source, *names), self.named(UPLOADS), self._besides)
        jobs = ObjectJobs(
            self.clients, source, names.source, self.named("reports", source), partial(self.told, UPLOADS, "BatchRoleArn", source)
        )
        return ObjectReplicator(self.clients, self.born, names, lambda: rule, jobs, self.asked.clock)

    @cached_property
    def database(self) -> ReadReplica:
        """The replica."""
        return ReadReplica(self.clients, self.named(DATABASE), self.born.target, self.asked.clock)

    @property
    def replicators(self) -> dict[str, Replicator]:
        """What copies each store."""
        secrets = {kind: self._secret(kind) for kind in SECRET_KINDS}
        return {
            SESSIONS: self._switched(SESSIONS, self.sessions),
            SECRETS: self._switched("credentials", Together(secrets)),
            UPLOADS: self.uploads,
            DATABASE: self.database,
        }

    @property
    def watched(self) -> dict[str, Heart]:
        """Whose lag is judged besides the sessions': what only the region that grew has."""
        return {UPLOADS: self.uploads, DATABASE: self.database} if self._growing else {}

    @property
    def hearts(self) -> tuple[tuple[Callable[[], None], float], ...]:
        """What writes heartbeats, and how many seconds apart at least."""
        uploads = ((Late(self.uploads).beat, SELDOM),) if self._growing else ()
        return ((self.sessions.beat, 0.0), *uploads)

    @cached_property
    def compared_anew(self) -> dict[str, Verifier]:
        """What is compared before a region that was out is given clients again."""
        rows = {DATABASE: self._rows} if self._rows and self._growing else {}
        return {SESSIONS: self._items(), **rows}

    @cached_property
    def verifiers(self) -> dict[str, Verifier]:
        """What is compared before the region that grew gets its first client."""
        return {**self.compared_anew, UPLOADS: self._listed()}

    @property
    def _growing(self) -> bool:
        return self.regions == self.born

    def _items(self) -> StoreComparison:
        limits = self.config.verification
        copies: Pair[Items] = self.regions.map(lambda at: TableCopy(self.clients, self.named(SESSIONS), at, self._unhurried()))
        table = Table(SESSIONS, copies, limits.segments, Settling(limits.settle_seconds, self.asked.sleep))
        return StoreComparison(table, self.asked.clock)

    def _listed(self) -> StoreComparison:
        copies: Pair[Copy] = self.born.map(lambda at: BucketCopy(self.clients, self.named(UPLOADS, at), at))
        rule = Rule(same_ids=self.same_versions, etags=False, markers=True)
        late = self.config.gate.most_lag(UPLOADS)
        return StoreComparison(Bucket(UPLOADS, copies, rule, Settling(late, self.asked.sleep)), self.asked.clock)

    @cached_property
    def _rows(self) -> DatabaseComparison | None:
        """Only where the file says from where both can be reached."""
        spec, asked = self.config.verify.database, self.asked
        if spec is None:
            return None
        results = ResultFiles(asked.folder)
        return DatabaseComparison(DATABASE, spec, results, asked.folder, asked.clock, asked.sleep, asked.say)

    def _unhurried(self) -> Budget:
        return Budget(inf, self.asked.clock, self.asked.sleep)

    def _secret(self, kind: str) -> SecretReplicator:
        target = self.born.target
        return SecretReplicator(self.clients, self.named(kind), partial(self._key, target), self.born, self.asked.clock)

    def _switched(self, stack: str, heart: Heart) -> SwitchedCopy:
        target = self.born.target
        return SwitchedCopy(
            StackSwitch(self.clients, self.born.source, self.named(stack)), target, partial(self._key, target), heart
        )

    def _besides(self) -> dict[str, str]:
        """The other side's name and key."""
        return {"PeerRegion": self.born.target, "PeerDataKeyArn": self._key(self.born.target)}

    def _key(self, region: Region) -> str:
        return self.told("keys", "DataKeyArn", region)
