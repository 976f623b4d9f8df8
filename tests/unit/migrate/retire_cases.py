"""The cases of the steps by which a source is taken over, and by which it goes."""

from collections.abc import Mapping
from datetime import timedelta

from tests.builders import FakeWorld
from tests.fakes import REGIONS, SOURCE, TARGET
from tests.unit.migrate.case import BAKE, DONE, FAILED, READY, WAITING, Case
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import Step
from landbridge.migrate.steps.adopt_source import AdoptSource
from landbridge.migrate.steps.bake_target import BakeTarget
from landbridge.migrate.steps.copy_evidence import CopyEvidence
from landbridge.migrate.steps.destroy_source import DestroySource
from landbridge.migrate.steps.detach_member import DetachMember, Member
from landbridge.migrate.steps.go_untried import GoUntried
from landbridge.migrate.steps.hand_over_tables import HandOverTables
from landbridge.migrate.steps.quiet_source import QuietSource
from landbridge.migrate.steps.report_residency import ReportResidency
from landbridge.migrate.steps.restore_backup import RestoreBackup
from landbridge.model.pen import Domain, PenState

PATIENCE = timedelta(seconds=30)
ONE_BY_ONE = (READY, WAITING, READY, WAITING, DONE)


def baking(world: FakeWorld, bake: timedelta = BAKE) -> BakeTarget:
    """The target judged alone."""
    domains = (Domain.MARKET, Domain.STATE)
    return BakeTarget(TARGET, domains, world.pens, world.gate, bake, PATIENCE, ("state.bake",))


def quiet(world: FakeWorld) -> QuietSource:
    """The source that nobody needs."""
    return QuietSource(SOURCE, world.leaving.use, BAKE, PATIENCE)


def restoring(world: FakeWorld) -> RestoreBackup:
    """The trial."""
    return RestoreBackup("state", TARGET, world.leaving.backup)


def detaching(world: FakeWorld) -> DetachMember:
    """The replicas."""
    return DetachMember(Member.REPLICAS, SOURCE, world.leaving.members[Member.REPLICAS])


def destroying(world: FakeWorld) -> DestroySource:
    """The source's stacks."""
    return DestroySource(SOURCE, world.leaving.stacks)


def reporting(world: FakeWorld) -> ReportResidency:
    """Where everything lives."""
    return ReportResidency(SOURCE, world.leaving.residency)


def adopting(world: FakeWorld) -> AdoptSource:
    """What runs."""
    return AdoptSource(SOURCE, world.leaving.estate)


def moved(world: FakeWorld, _hand: Hand) -> None:
    """Every pen is at the target."""
    for domain in Domain:
        world.pens.lay(SOURCE, domain, PenState.CLOSED, epoch=1, turn=1)
        world.pens.lay(TARGET, domain, PenState.OPEN, epoch=2, turn=1)


RETIRE_CASES: Mapping[type[Step], Case] = {
    AdoptSource: Case(adopting, ONE_BY_ONE, back=(WAITING, WAITING, DONE)),
    HandOverTables: Case(lambda w: HandOverTables(REGIONS, w.leaving.tables), ONE_BY_ONE, back=(WAITING, WAITING, DONE)),
    BakeTarget: Case(baking, (WAITING,) * 3 + (DONE,), undone=DONE, killed=WAITING, prepare=moved),
    QuietSource: Case(quiet, (DONE,), undone=DONE, killed=DONE),
    RestoreBackup: Case(restoring, (READY, WAITING, DONE), undone=DONE),
    GoUntried: Case(lambda _: GoUntried("database", TARGET), (READY, DONE), undone=DONE, killed=DONE),
    CopyEvidence: Case(lambda w: CopyEvidence(w.leaving.evidence), (READY, WAITING, DONE), undone=DONE),
    DetachMember: Case(detaching, (READY, WAITING, DONE), back=(FAILED,), undone=DONE),
    DestroySource: Case(destroying, ONE_BY_ONE, back=(FAILED,), undone=DONE),
    ReportResidency: Case(reporting, (READY, DONE), undone=DONE, left=("items", "reported")),
}
