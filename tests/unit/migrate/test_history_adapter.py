"""The history as a migration moves it: names, ways, and hearts that begin with the copy."""

from tests.builders import trading
from tests.fake_regions import FakeReplicator
from tests.fakes import REGIONS, Clock

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.history import History, Late


def told(stack: str, output: str, region: str) -> str:
    """What is asked of a stack."""
    return f"{output} of {stack} in {region}"


def test_each_way_has_its_own_buckets_and_role() -> None:
    """The way home copies by what its own source's stack tells."""
    clock = Clock()
    there = History(Clients(), trading(), REGIONS, told, clock, clock.sleep).there
    home = History(Clients(), trading(), REGIONS.swapped(), told, clock, clock.sleep).there
    assert (there.buckets, there.jobs.role()) == (home.buckets.swapped(), "BatchRoleArn of history in us-east-1")
    assert (home.buckets.source, home.jobs.reports) == (
        "trading-analytics-history-prod-eu-central-1",
        "trading-analytics-reports-prod-eu-central-1",
    )


def test_a_heart_begins_with_its_copy_and_goes_on() -> None:
    """Nothing is written before there is anything to copy it."""
    copy = FakeReplicator()
    heart = Late(copy)
    heart.beat()
    copy.status = "creating"
    heart.beat()
    copy.status = None
    heart.beat()
    assert copy.beats == 2
