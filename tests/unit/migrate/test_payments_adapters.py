"""What payments' plans see of the live platform: its queues, its image, a region alone, and which region is which."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.builders import expansion, gate
from tests.fakes import SOURCE, Clock
from tests.unit.house.places import ROOT
from tests.unit.replicate.objects_fakes import FakeClients, no
from tests.windows import NOW, window

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.event_queue import EventQueue
from landbridge.migrate.adapters.image import Image
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.migrate.alone_gate import AloneGate
from landbridge.migrate.gate import Verdict
from landbridge.model.region import Region
from landbridge.traffic.window import Window

BORN, GREW = Region("us-east-1"), Region("us-east-2")


@dataclass
class Queues:
    """SQS, by address."""

    told: dict[str, dict[str, str]]

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803
        """Those asked for."""
        return {"Attributes": {name: value for name, value in self.told[QueueUrl].items() if name in AttributeNames}}


def test_events_are_counted_by_what_they_wait_for() -> None:
    """Also those a function has just taken."""
    told = {
        "events": {"ApproximateNumberOfMessages": "2", "ApproximateNumberOfMessagesNotVisible": "1"},
        "aside": {"ApproximateNumberOfMessages": "3", "ApproximateNumberOfMessagesDelayed": "0"},
    }
    queue = EventQueue(FakeClients({"sqs": Queues(told)}), SOURCE, lambda: "events", lambda: "aside")
    assert queue.waiting() == {"in the queue": 2, "with a function": 1, "to come later": 0}
    assert queue.set_aside() == 3


@dataclass
class Repository:
    """ECR with some images, or without the repository."""

    images: tuple[str, ...] | None

    def describe_images(self, *, repositoryName: str, imageIds: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        """All of those asked for, or an error."""
        if self.images is None:
            raise no("RepositoryNotFoundException", repositoryName)
        if any(each["imageDigest"] not in self.images for each in imageIds):
            raise no("ImageNotFoundException", repositoryName)
        return {"imageDetails": imageIds}


@pytest.mark.parametrize(("images", "lacks"), [(("sha256:1",), 0), (("sha256:2",), 1), (None, 1)])
def test_an_image_that_was_never_pushed_is_told(images: tuple[str, ...] | None, lacks: int) -> None:
    """Before tasks that can't begin are waited for."""
    image = Image(FakeClients({"ecr": Repository(images)}), SOURCE, lambda: "service", "sha256:1")
    assert len(list(image.lacks())) == lacks


@dataclass
class Seen:
    """Probes as laid out."""

    window: Window = field(default_factory=window)

    def sample(self, now: float) -> Window:
        """At that moment."""
        assert now == NOW
        return self.window


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (window(1000), Verdict.PASS),
        (window(480), Verdict.PASS),
        (window(479), Verdict.INCONCLUSIVE),
        (window(0), Verdict.INCONCLUSIVE),
        (window(1000, errors=200), Verdict.INCONCLUSIVE),
        (window(1000, wrong=100), Verdict.INCONCLUSIVE),
        (window(1000, slow=500, long=9.0), Verdict.PASS),
    ],
)
def test_a_region_alone_is_judged_by_what_it_answers(seen: Window, verdict: Verdict) -> None:
    """Too little never passes, and nobody is there to be slower than."""
    assert AloneGate(gate(), Seen(seen), lambda: NOW).judge(None).verdict is verdict


def made(out: Region | None = None) -> PaymentsMigration:
    """A migration that can reach nothing."""
    clients = Clients(dict.fromkeys((BORN, GREW, Region("us-west-2")), "http://127.0.0.1:9"))
    clock = Clock()
    return PaymentsMigration(
        clients, expansion(), ROOT / "templates", clock, clock.sleep, out, front=lambda _: "http://127.0.0.1:9"
    )


def test_each_way_has_a_plan_of_its_own() -> None:
    """Made without a call to anything; a journal tells from its hash which one it is."""
    plans = {way.out: way.plan() for way in made().ways()}
    assert [plan.name for plan in plans.values()] == [
        "expand us-east-1 to us-east-2",
        "evacuate us-east-1",
        "evacuate us-east-2",
    ]
    assert len({plan.hash for plan in plans.values()}) == 3


@pytest.mark.parametrize("out", [None, BORN, GREW])
def test_the_region_that_gets_clients_is_the_target_of_the_weights(out: Region | None) -> None:
    """Growing and coming back it is the one that had none."""
    way = made(out)
    gets = out or GREW
    assert way.traffic.regions.target == way.stores.sessions.regions.target == gets
    assert way.regions.target == (GREW if out in (None, BORN) else BORN)


def test_what_only_the_region_that_grew_has_is_judged_there_alone() -> None:
    """Uploads and rows go one way, out of the region the platform was born in."""
    assert {out: sorted(made(out).stores.watched) for out in (None, BORN, GREW)} == {
        None: ["database", "uploads"],
        BORN: [],
        GREW: ["database", "uploads"],
    }


def test_stores_are_named_as_their_stacks_name_them() -> None:
    """In the platform's own way."""
    way = made()
    assert way.stores.sessions.table == "sessions-prod-blue"
    assert way.stores.uploads.buckets.source == "uploads-prod-blue-us-east-1"
    assert way.stores.database.instance == "database-prod-blue"


def test_a_file_that_names_the_rows_has_them_compared() -> None:
    """As long as the replica is the one that gets clients."""
    found = expansion({"verify": {"database": {"source": "host=writer.example", "target": "host=reader.example"}}})
    stores = [replace(made(out), config=found, kept=Path("kept")).stores for out in (None, BORN, GREW)]
    assert [sorted(each.compared_anew) for each in stores] == [["database", "sessions"], ["sessions"], ["database", "sessions"]]
    assert sorted(stores[0].verifiers) == ["database", "sessions", "uploads"]
