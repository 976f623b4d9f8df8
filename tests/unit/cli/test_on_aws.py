"""`--on aws`: the run is begun here, told once, and led there; a machine never begins one."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.builders import trading
from tests.fakes import SOURCE, TARGET, Clock, FakeJournalStore, FakePens
from tests.unit.cli.test_main import run_verb

from landbridge.aws.clients import Clients
from landbridge.cli import migrate, retire, seize
from landbridge.cli.exits import Exit
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import under_way
from landbridge.migrate.adapters.machine import ORDERS, Orders
from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind
from landbridge.model.errors import Refused
from landbridge.model.pen import PenState
from landbridge.model.region import Region

JOURNAL = Region("eu-west-1")
DOORS = dict.fromkeys((SOURCE, TARGET, JOURNAL), "http://127.0.0.1:9")
CONFIG = trading({"engine": {"patience_seconds": 1, "tick_seconds": 0.01}})


@dataclass
class Cloud:
    """The bucket and the state machine of the journal's region."""

    objects: dict[str, bytes] = field(default_factory=dict)
    started: list[dict[str, Any]] = field(default_factory=list)

    def put_object(self, **given: Any) -> None:
        """Kept by its key."""
        self.objects[given["Key"]] = given["Body"]

    def start_execution(self, **given: Any) -> None:
        """Told once."""
        self.started.append(given)


@dataclass(frozen=True)
class Cloudy(Clients):
    """Clients of that region alone."""

    cloud: Cloud = field(default_factory=Cloud)

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """One thing for both services."""
        assert (service in {"s3", "stepfunctions"}, region, retries) == (True, JOURNAL, True)
        return self.cloud


@dataclass(frozen=True)
class Handed(Migration):
    """A migration whose chain is in memory, and whose stacks tell what is laid out."""

    store: FakeJournalStore = field(default_factory=FakeJournalStore)
    outputs: dict[str, str] = field(default_factory=lambda: {"MachineArn": "arn:machine", "BucketName": "code"})

    def journal(self, who: str) -> Journal:
        """In memory."""
        return Journal(self.store, who, self.clock, CONFIG.engine.lease_seconds, 0.1)

    def told(self, stack: str, output: str, region: Region) -> str:
        """Laid out, or not deployed."""
        if output not in self.outputs:
            raise Refused(region, f"finding the {output} of {stack}", "its stack is not deployed there, or has none")
        return self.outputs[output]

    def kinds(self) -> list[Kind]:
        """What the chain says, leases aside."""
        return [record.kind for record in self.store.kept if record.kind is not Kind.LEASE]


@pytest.fixture(name="handed")
def _handed(monkeypatch: pytest.MonkeyPatch) -> Handed:
    clock = Clock()
    made = Handed(Cloudy(DOORS), CONFIG, Path("templates"), clock, clock.sleep)
    monkeypatch.setattr(migrate, "moving_of", lambda _run, _templates: made)
    return made


def cloud(handed: Handed) -> Cloud:
    """What was told there."""
    assert isinstance(handed.clients, Cloudy)
    return handed.clients.cloud


def test_the_run_is_begun_here_and_started_there(
    handed: Handed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One record of a plan, a lease that is free again, one execution under a name of its own."""
    assert run_verb(monkeypatch, "migrate", "run", "--on", "aws") == Exit.DONE
    assert handed.kinds() == [Kind.PLAN]
    assert [record.why for record in handed.store.kept if record.kind is Kind.LEASE] == ["taken", "released"]
    (begun,) = cloud(handed).started
    assert (begun["stateMachineArn"], begun["name"]) == ("arn:machine", "run-2-2")
    assert json.loads(begun["input"]) == {"name": "run-2-2", "part": 0}
    assert "led in AWS by run-2-2" in capsys.readouterr().out


def test_what_it_is_told_is_the_configuration_and_the_way_there(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back, it makes the same plan."""
    run_verb(monkeypatch, "migrate", "run", "--on", "aws")
    orders = Orders.of(cloud(handed).objects[ORDERS].decode())
    assert (orders.trading, orders.endpoints) == (CONFIG, DOORS)
    again = Migration(orders.clients(), orders.trading, Path("templates"), handed.clock, handed.sleep)
    assert again.plan().hash == handed.plan().hash


def test_a_run_under_way_is_only_gone_on_with(
    handed: Handed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By --resume, as another execution; without it the verb is refused and nothing is started."""
    run_verb(monkeypatch, "migrate", "run", "--on", "aws")
    assert run_verb(monkeypatch, "migrate", "run", "--on", "aws") == Exit.BAD_INPUT
    assert "go on with it by --resume" in capsys.readouterr().err
    assert run_verb(monkeypatch, "migrate", "run", "--on", "aws", "--resume") == Exit.DONE
    assert handed.kinds() == [Kind.PLAN]
    names = [begun["name"] for begun in cloud(handed).started]
    assert len(set(names)) == len(names) == 2


def test_nothing_is_begun_where_there_is_no_machine(
    handed: Handed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that nobody leads would be a silent one."""
    del handed.outputs["MachineArn"]
    assert run_verb(monkeypatch, "migrate", "run", "--on", "aws") == Exit.BAD_INPUT
    assert "deploy foothold and orchestrator, or move from here" in capsys.readouterr().err
    assert not handed.store.kept


@dataclass(frozen=True)
class Lost(Handed):
    """The same with pens: the source holds them, and does not answer."""

    fake_pens: FakePens = field(default_factory=lambda: FakePens(Clock()))

    @property
    def pens(self) -> FakePens:  # type: ignore[override]
        """In memory."""
        return self.fake_pens


def test_a_seize_is_led_there_too(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan is begun here, and is one that the machine's engine finds by the journal alone."""
    lost = Lost(handed.clients, CONFIG, Path("templates"), handed.clock, handed.sleep)
    for domain in lost.movers.domains:
        lost.pens.lay(SOURCE, domain, PenState.OPEN, epoch=1)
        lost.pens.lay(TARGET, domain, PenState.CLOSED, epoch=0)
    lost.pens.out.add(SOURCE)
    monkeypatch.setattr(seize, "migration_of", lambda _run, _templates: lost)
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss", "--on", "aws") == Exit.DONE
    assert [begun["name"] for begun in cloud(handed).started] == ["run-2-2"]
    (plan,) = [record for record in lost.store.kept if record.kind is Kind.PLAN]
    orders = Orders.of(cloud(handed).objects[ORDERS].decode())
    there = under_way(
        Migration(orders.clients(), orders.trading, Path("templates"), handed.clock, handed.sleep), plan.data["hash"]
    )
    assert (there.plan().name, plan.data["name"]) == ("seize us-east-1 for eu-central-1",) * 2


def test_a_retirement_is_led_there_too(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """As final as from here."""
    monkeypatch.setattr(retire, "migration_of", lambda _run, _templates: handed)
    monkeypatch.setattr(retire, "refuse_unmoved", lambda _migration, _run: None)
    assert run_verb(monkeypatch, "retire", "run", "--on", "aws") == Exit.DONE
    (plan,) = [record for record in handed.store.kept if record.kind is Kind.PLAN]
    assert (plan.data["name"], len(cloud(handed).started)) == ("retire us-east-1", 1)
