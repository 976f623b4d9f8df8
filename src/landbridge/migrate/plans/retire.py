"""The source retires: the target is judged alone, the source is proved needless, then it goes. Only the last part is final."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Trading
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.gate import Gate
from landbridge.migrate.one_by_one import Removal
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.cutover import Movers
from landbridge.migrate.step import Step
from landbridge.migrate.steps.bake_target import BakeTarget
from landbridge.migrate.steps.copy_evidence import CopyEvidence, Evidence
from landbridge.migrate.steps.destroy_source import DestroySource
from landbridge.migrate.steps.detach_member import DetachMember, Member
from landbridge.migrate.steps.go_untried import GoUntried
from landbridge.migrate.steps.hand_over_tables import HandOverTables
from landbridge.migrate.steps.quiet_source import QuietSource, SourceUse
from landbridge.migrate.steps.report_residency import ReportResidency, Residency
from landbridge.migrate.steps.restore_backup import Backup, RestoreBackup
from landbridge.migrate.steps.verify_store import VerifyStore
from landbridge.migrate.takeover import Takeover
from landbridge.model.region import Pair, Region
from landbridge.verify.port import Verifier


@dataclass(frozen=True)
class Leaving:
    """What the platform leaves its source with. A kind of member it has none of is not among them."""

    use: SourceUse
    backups: Mapping[str, Backup]  # of each store
    evidence: Evidence
    tables: Takeover  # those whose owner must change
    members: Mapping[Member, Removal]
    stacks: Removal  # the source's
    residency: Residency
    untried: tuple[str, ...] = ()  # the stores whose backups nothing here can restore


@dataclass(frozen=True)
class Leave:
    """The plan by which a platform that has moved leaves its source."""

    config: Trading
    leaving: Leaving
    movers: Movers
    gate: Gate
    verifiers: Mapping[str, Verifier]
    pair: Pair[Region]

    def plan(self) -> Plan:
        """The proofs are looked at again until all of them stand, and only then is anything taken away."""
        need = self.config.approvals
        untried = tuple(GoUntried(store, self.pair.target) for store in self.leaving.untried)
        phases = (
            *((Phase("untried", untried, max(1, need.retire)),) if untried else ()),  # never without somebody who answers for it
            Phase("bake", (*self._compare("bake"), self._judge(self._bake, "bake")), need.bake),
            Phase("retire.prove", self._proofs(), need.retire),
            Phase("retire.remove", self._removals(), need.retire, final=True),
        )
        return Plan(f"retire {self.pair.source}", phases, Calendar(self.config.calendar))

    def _proofs(self) -> tuple[Step, ...]:
        backups = self.leaving.backups.items()
        return (
            *self._compare("retire"),
            self._judge(timedelta(0), "retire", "retire"),
            QuietSource(self.pair.source, self.leaving.use, self._bake, self._patience),
            *(RestoreBackup(store, self.pair.target, backup) for store, backup in backups),
            CopyEvidence(self.leaving.evidence),
        )

    def _removals(self) -> tuple[Step, ...]:
        source, members = self.pair.source, self.leaving.members
        return (
            HandOverTables(self.pair, self.leaving.tables),
            *(DetachMember(kind, source, members[kind]) for kind in Member if kind in members),
            DestroySource(source, self.leaving.stacks),
            ReportResidency(source, self.leaving.residency),
        )

    def _compare(self, again: str) -> tuple[VerifyStore, ...]:
        expires = timedelta(seconds=self.config.verification.expires_seconds)
        return tuple(VerifyStore(store, verifier, expires, again) for store, verifier in self.verifiers.items())

    def _judge(self, long: timedelta, compared: str, again: str = "") -> BakeTarget:
        fresh = tuple(f"{store}.{compared}" for store in self.verifiers)
        movers = self.movers
        return BakeTarget(self.pair.target, movers.domains, movers.pens, self.gate, long, self._patience, fresh, again)

    @property
    def _bake(self) -> timedelta:
        return timedelta(seconds=self.config.retire.bake_seconds)

    @property
    def _patience(self) -> timedelta:
        return timedelta(seconds=self.config.engine.patience_seconds)
