"""The platform's database as a migration moves it on AWS: its copy, its comparison, its writer, and the pen of the effects."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from landbridge.migrate.adapters.cluster_comparison import ClusterComparison
from landbridge.migrate.adapters.command_copies import CommandMarks
from landbridge.migrate.adapters.database_secret import Secret
from landbridge.migrate.adapters.database_writer import DatabaseMember, DatabaseWriter
from landbridge.migrate.adapters.effects import EffectMarks, EffectsCopies, EffectsDatabase, EffectsPens, FenceRow
from landbridge.migrate.adapters.pen_table import PenTable
from landbridge.migrate.adapters.stores import Stores
from landbridge.model.effects import DATABASE, USER
from landbridge.model.errors import Refused
from landbridge.model.measure import Survey
from landbridge.model.region import Pair, Region
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.database import DatabaseReplicator, Secondary
from landbridge.replicate.database_facts import facts, unlike
from landbridge.replicate.from_writer import FromWriter
from landbridge.replicate.login import Login
from landbridge.replicate.secret import SecretReplicator
from landbridge.verify.stores import Asked

STORE, SECRET = "database", "secret"
BOUND = {"sslmode": "require", "channel_binding": "require"}  # the server must know the password too, at its own TLS end


@dataclass(frozen=True)
class LiveDatabase:
    """One platform's database, beside its tables; `table` has the pens of the other domains, `asked` how it is compared."""

    tables: Stores
    table: PenTable
    asked: Asked

    @property
    def regions(self) -> Pair[Region]:
        """From where to where."""
        return self.tables.regions

    @cached_property
    def effects(self) -> EffectsDatabase:
        """The effects in it."""
        return EffectsDatabase(self._aurora, self._name, self._clusters(self.regions), self.regions, self._login)

    @cached_property
    def pens(self) -> EffectsPens:
        """Every domain's; the effects' master lies in the same table, and their one fence here."""
        return EffectsPens(self.table, replace(self.table, fences=0), FenceRow(self.effects, self.tables.clock))

    @cached_property
    def writer(self) -> DatabaseWriter:
        """What moves it."""
        return DatabaseWriter(self._aurora, self._name, self.regions)

    @property
    def member(self) -> DatabaseMember:
        """The source's, as it leaves."""
        return DatabaseMember(self._aurora, self._name, self.regions.source, self.regions.target)

    @cached_property
    def copy(self) -> FromWriter:
        """What the stacks of the target made, and how far it is behind."""
        back = self._way(self.regions.swapped())
        return FromWriter(self._there, back, lambda: self.effects.writer() == self.regions.target)

    @cached_property
    def secret(self) -> SecretReplicator:
        """The copy of its password, by which the target's worker signs in."""
        return SecretReplicator(self.tables.clients, self._name, self.tables.key, self.regions, self.tables.clock)

    @cached_property
    def verifier(self) -> ClusterComparison:
        """Every row of every table of both clusters."""
        return ClusterComparison(self.effects, self.asked)

    @property
    def copies(self) -> EffectsCopies:
        """By which a move is proved."""
        return EffectsCopies(self.effects)

    @property
    def marks(self) -> EffectMarks:
        """By which the ways are."""
        return EffectMarks(self.effects, CommandMarks(self.tables.commands, self.tables.apis))

    def survey(self) -> Survey:
        """There is a cluster to move; one at the target is its copy, and like it."""
        return Survey(tuple(self._obstacles()))

    def _obstacles(self) -> Iterator[str]:
        source, target = zip(self.regions, self._clusters(self.regions), strict=True)
        if self._aurora.cluster(*source) is None:
            yield f"{source[0]} has no cluster {source[1]}: deploy its stack {STORE} first"
        elif self._there.stranger():
            yield f"{target[0]} has a cluster {target[1]} that is no copy of the source's: rename or delete it first"
        elif self._there.copied():
            found = Pair(facts(self._aurora, self._login, *source), facts(self._aurora, self._login, *target))
            yield from (f"the database's clusters are not alike: {each}" for each in unlike(found))

    @property
    def _name(self) -> str:
        return self.tables.config.platform.named(STORE)

    def _clusters(self, regions: Pair[Region]) -> Pair[str]:
        return regions.map(lambda region: self.tables.config.platform.named(STORE, region))

    @cached_property
    def _aurora(self) -> Aurora:
        return Aurora(self.tables.clients)

    @cached_property
    def _login(self) -> Login:
        secret = Secret(self.tables.clients, self._name, self.regions)
        return Login(USER, secret.password, DATABASE, {} if self.tables.clients.endpoints else BOUND)

    @cached_property
    def _there(self) -> DatabaseReplicator:
        return self._way(self.regions)

    def _way(self, regions: Pair[Region]) -> DatabaseReplicator:
        clock, clusters = self.tables.clock, self._clusters(regions)
        return DatabaseReplicator(self._aurora, self._name, clusters, regions, self._secondary, self._login, clock)

    def _secondary(self) -> Secondary:
        raise Refused(self.regions.target, "copying the database", f"its stack {STORE} makes the copy: deploy it there again")
