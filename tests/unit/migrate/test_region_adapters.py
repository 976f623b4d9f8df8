"""Preflight over a deployer that tells what is laid out."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import pytest
from tests.builders import CONFIG, FakeWorld, trading
from tests.fakes import REGIONS, SOURCE, TARGET, Clock, FakePens

from landbridge.aws.clients import Clients, Timeouts
from landbridge.config.api import Api
from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.regions import LiveRegions, PensHeld
from landbridge.model.errors import BadInput, Refused, Unreachable
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Pair, Region
from landbridge.replicate.global_table import GlobalTableReplicator


@dataclass(frozen=True)
class Spec:
    """A stack's name is asked for, and whether it leads to the other region."""

    name: str
    link: bool = False


@dataclass
class FakeDeployer:
    """Three stacks a region, each as laid out; absent when nothing is."""

    looks: dict[tuple[str, Region], Look] = field(default_factory=dict)

    def stacks(self, region: Region) -> tuple[Spec, ...]:
        """The same in both."""
        del region
        return tuple(Spec(name) for name in ("tables", "pens", "api"))

    def stack(self, name: str) -> Spec:
        """By name."""
        return Spec(name)

    def look(self, stack: Spec, region: Region) -> Look:
        """As laid out."""
        return self.looks.get((stack.name, region), Look(Standing.ABSENT, "not there"))

    def outputs(self, stack: Spec, region: Region) -> dict[str, str]:
        """As laid out."""
        return dict(self.look(stack, region).outputs)


class Ahead:
    """The regions' clocks."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = seconds

    def ahead(self, region: Region, _now: object, *, well: bool = True) -> float:
        """Of ours; the source must be well, the target need not."""
        assert well is (region == REGIONS.source)
        return self.seconds[region.replace("-", "_")]


@dataclass
class Stranger:
    """A target whose table is, or isn't, somebody else's."""

    table: str = "state"
    there: bool = False

    def stranger(self) -> bool:
        """As laid out."""
        return self.there


def live(
    deployer: FakeDeployer,
    replicator: Stranger | None = None,
    regions: Pair[Region] = REGIONS,
    pens: FakePens | None = None,
    **ahead: float,
) -> LiveRegions:
    """Preflight's view."""
    copies = [cast("GlobalTableReplicator", each) for each in (Stranger("commands"), replicator or Stranger())]
    apis, stacks = cast("HttpApis", Ahead(**ahead)), cast("Deployer", deployer)
    held = PensHeld(stacks, pens or FakeWorld().pens, regions, (Domain.STATE, Domain.COMMANDS))
    return LiveRegions(stacks, apis, regions, copies, held, Clock())


def standing(deployer: FakeDeployer, region: Region, how: Standing) -> None:
    """All stacks of a region alike."""
    for stack in deployer.stacks(region):
        deployer.looks[stack.name, region] = Look(how, "because", {"ApiId": "abc"})


@pytest.mark.parametrize("how", [Standing.CURRENT, Standing.STALE])
def test_a_whole_source_and_an_empty_target_are_no_obstacle(how: Standing) -> None:
    """The source may be a version behind."""
    deployer = FakeDeployer()
    standing(deployer, SOURCE, how)
    assert live(deployer).obstacles() == []


@pytest.mark.parametrize("how", [Standing.ABSENT, Standing.MOVING, Standing.BROKEN])
def test_a_source_that_does_not_stand_is_an_obstacle(how: Standing) -> None:
    """Each stack with its way out."""
    deployer = FakeDeployer()
    standing(deployer, SOURCE, Standing.CURRENT)
    deployer.looks["pens", SOURCE] = Look(how, "because")
    assert live(deployer).obstacles() == [f"stack pens in us-east-1 is {how} (because): deploy the source first"]


def test_something_broken_at_the_target_is_an_obstacle() -> None:
    """What moves or stands there is not."""
    deployer = FakeDeployer()
    standing(deployer, SOURCE, Standing.CURRENT)
    standing(deployer, TARGET, Standing.MOVING)
    deployer.looks["api", TARGET] = Look(Standing.BROKEN, "quota")
    assert live(deployer).obstacles() == ["stack api in eu-central-1 is broken (quota): delete it, then go on"]


def test_a_strangers_table_at_the_target_is_an_obstacle() -> None:
    """No replica could ever be made beside it, so waiting for one would never end."""
    deployer = FakeDeployer()
    standing(deployer, SOURCE, Standing.CURRENT)
    found = live(deployer, Stranger(there=True)).obstacles()
    assert found == ["eu-central-1 has a table state that is no copy of the source's: rename or delete it first"]


def test_a_move_begins_where_the_pen_is() -> None:
    """Shifting reads away from a region that nobody writes in would be a move in the wrong direction."""
    deployer = FakeDeployer()
    standing(deployer, TARGET, Standing.CURRENT)
    standing(deployer, SOURCE, Standing.CURRENT)
    found = live(deployer, regions=REGIONS.swapped()).obstacles()
    assert found == [
        f"eu-central-1 does not hold the {domain} pen: a move begins where the pen is" for domain in ("state", "commands")
    ]


def test_a_move_goes_on_where_another_one_ended() -> None:
    """A pen that has moved is no obstacle to those that have not, in either direction; one that nobody holds is."""
    deployer, pens = FakeDeployer(), FakeWorld().pens
    for region in REGIONS:
        standing(deployer, region, Standing.CURRENT)
    pens.lay(SOURCE, Domain.STATE, PenState.CLOSED, epoch=1)
    pens.lay(TARGET, Domain.STATE, PenState.OPEN, epoch=2)
    for regions in (REGIONS, REGIONS.swapped()):
        assert live(deployer, regions=regions, pens=pens).obstacles() == []
    pens.lay(TARGET, Domain.STATE, PenState.CLOSED, epoch=2)
    found = live(deployer, pens=pens).obstacles()
    assert found == ["us-east-1 does not hold the state pen: a move begins where the pen is"]


def test_a_region_that_was_seized_from_and_not_closed_is_an_obstacle() -> None:
    """Two sides hold the pen: nothing but the first contact may come next."""
    deployer, pens = FakeDeployer(), FakeWorld().pens
    standing(deployer, SOURCE, Standing.CURRENT)
    pens.lay(TARGET, Domain.STATE, PenState.OPEN, epoch=40)
    assert live(deployer, pens=pens).obstacles() == []  # without a stack of pens nobody there could write
    standing(deployer, TARGET, Standing.STALE)
    found = live(deployer, pens=pens).obstacles()
    assert found == ["us-east-1 and eu-central-1 both hold the state pen: finish the seize, which closes the one seized from"]


def test_the_regions_clocks_are_compared_once_both_can_tell() -> None:
    """Before the target has an API, ours stands for its clock."""
    deployer = FakeDeployer()
    assert live(deployer, us_east_1=0.5).skew() == timedelta(seconds=0.5)
    standing(deployer, TARGET, Standing.CURRENT)
    assert live(deployer, us_east_1=0.5, eu_central_1=-0.25).skew() == timedelta(seconds=0.75)


def test_a_migration_is_put_together_without_asking_anybody() -> None:
    """Its plan can be read with no region in reach; the first call is what fails, in our words."""
    clients = Clients(dict.fromkeys((*REGIONS, Region("eu-west-1")), "http://127.0.0.1:9"), timeouts=Timeouts(attempts=1))
    clock = Clock()
    migration = Migration(clients, trading(), CONFIG.parent / "templates", clock, clock.sleep)
    engine = migration.engine("one")
    phases = [phase.name for phase in engine.plan.phases]
    assert phases == ["preflight", "adopt", "foundation", "replicate", "verify", "shift", "cutover.state", "cutover.commands"]
    assert engine.plan.name == "trading us-east-1 to eu-central-1"
    assert engine.plan.phase_of("open_target.state").name == "cutover.state"
    assert engine.plan.hash == migration.engine("two").plan.hash
    taken = replace(migration, back=True, seizing=True).plan()
    assert (taken.name, taken.phases[0].approvals) == ("seize eu-central-1 for us-east-1", 1)
    assert migration.named("pens") == "trading-analytics-pens-prod"
    with pytest.raises(Unreachable):
        migration.pens.read(SOURCE, Domain.STATE)


def test_a_move_is_refused_before_it_begins_where_the_engine_could_not_write_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """By token it has none to show; by signature it signs. A seizure needs no marks, and is never in the way of one."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "x")
    pool = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/x"
    by_token, by_role = Api(authorizer="jwt", user_pool=pool), Api(authorizer="iam", role_users={"Mover": "*"})
    url = "https://abc123.execute-api.eu-central-1.amazonaws.com/live/state/~canary/v"

    def made(api: Api) -> Migration:
        config = trading().model_copy(update={"api": api})
        return Migration(Clients(), config, CONFIG.parent / "templates", Clock(), Clock().sleep)

    with pytest.raises(BadInput, match="has no token"):
        made(by_token).plan()
    assert replace(made(by_token), seizing=True).plan()
    assert "Authorization" in made(by_role).apis.entitle("PUT", url, b"{}")
    assert made(Api()).apis.entitle("PUT", url, b"{}") == {}


def test_the_copy_gets_the_targets_own_key() -> None:
    """As the target's keys stack tells it; where there is none, what is missing is said."""
    clock, deployer = Clock(), FakeDeployer()
    migration = Migration(Clients(), trading(), CONFIG.parent / "templates", clock, clock.sleep)
    migration.__dict__["deployer"] = deployer
    with pytest.raises(Refused, match="finding the DataKeyArn of keys"):
        migration.stores.replicators["state"].key()
    deployer.looks["keys", TARGET] = Look(Standing.CURRENT, "because", {"DataKeyArn": "arn:key"})
    assert migration.stores.replicators["state"].key() == "arn:key"
