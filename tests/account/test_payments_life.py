"""One life of the payments platform, the same in the world of a rehearsal (`--on rehearsal`) and on an account (`--on aws`).

On an account it needs a file of the platform with a certificate for each region (`--payments`) and a command that pushes the
service's image (`--push`); it deploys under a suffix of its own, costs money while it runs, and takes everything down again.
"""

import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.account.customer import Customer
from tests.account.grounds import ROOT, Ground, played, under
from tests.account.life import deployed, gone_afterwards, tell, unchanged, until

from landbridge.cli.migrate import moving_of
from landbridge.config.expansion import Expansion
from landbridge.config.load import load
from landbridge.migrate.adapters.event_queue import EventQueue
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.metrics import SESSIONS, UPLOADS
from landbridge.model.region import Region
from landbridge.replicate.port import Replicator
from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.states import Kind

DIGEST = r"sha256:[0-9a-f]{64}"


@pytest.fixture(name="payments")
def _payments(request: pytest.FixtureRequest, on: str, tmp_path: Path, suffix: str) -> Iterator[Ground]:
    file = under(suffix, ROOT / request.config.getoption("--payments"), tmp_path)
    if on == "aws":
        lacks = [each for each in load(file, Expansion).serving.lacks() if "certificate" in each]
        assert not lacks, f"--payments: {'; '.join(lacks)}"
        assert request.config.getoption("--push"), "--push: name a command that pushes the service's image"
        yield Ground("payments", file)
        return
    with played(file) as made:
        yield made


@pytest.fixture(name="pushed")
def _pushed(request: pytest.FixtureRequest) -> Callable[[Ground], None]:
    """Puts the service's image into both regions' repositories, where there are any."""
    return partial(_push, command=shlex.split(request.config.getoption("--push")))


def _push(ground: Ground, command: list[str]) -> None:
    if ground.run:
        return
    code, said, complained = ground.runs("deploy", "--yes", "--only", "keys", "--only", "images")
    assert code == 0, said + complained
    moving = _moving(ground)
    repositories = [moving.told("images", "RepositoryUri", region) for region in moving.born]
    digests = {subprocess.check_output([*command, repository], text=True).strip() for repository in repositories}
    (digest,) = digests
    assert re.fullmatch(DIGEST, digest), f"--push: printed {digest}, which is no digest"
    told = re.sub(r'(?m)^image_digest = "[^"]*"', f'image_digest = "{digest}"', ground.file.read_text("utf-8"))
    ground.file.write_text(told, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_the_payments_platform_lives_and_leaves_nothing(
    payments: Ground, suffix: str, pushed: Callable[[Ground], None], record_property: Callable[[str, object], None]
) -> None:
    """Up in both regions, serving, each event counted once, files copied one way, unchanged and without drift; then down."""
    with gone_afterwards(payments, suffix):
        pushed(payments)
        deployed(payments)
        moving = _moving(payments)
        customer = Customer(moving, "tester")
        for region in moving.born:
            until(payments, f"an answer from {region}", partial(customer.reaches, region))
        customer.begins(moving.born.source)
        _each_event_counts_once(payments, customer)
        _files_go_one_way(payments, customer)
        unchanged(payments)
    tell(payments, record_property)


def _moving(ground: Ground) -> PaymentsMigration:
    """What an engine would move there."""
    moving = moving_of(ground.run or ground.file, ROOT / "templates")
    assert isinstance(moving, PaymentsMigration)
    return moving


def _each_event_counts_once(ground: Ground, customer: Customer) -> None:
    """A payment asked for twice, its authorization told again and again through the deployed queue: one effect each."""
    moving, source = customer.moving, customer.moving.born.source
    payment, again = (customer.pays(source, "key-1") for _ in range(2))
    assert payment == again
    queue, aside = (partial(moving.told, "events", name, source) for name in ("QueueUrl", "SetAsideUrl"))

    def told_again() -> bool:
        text = Event(payment, Kind.AUTHORIZE, reference="r-1").text()
        moving.clients.client("sqs", source).send_message(QueueUrl=queue(), MessageBody=text)
        counted = _counted(moving, source)
        return counted["taken"] >= 2 and counted["known"] >= 2

    until(ground, "two events taken and two known", told_again)
    until(ground, "authorized", lambda: customer.state(source, payment) == "authorized")
    events = EventQueue(moving.clients, source, queue, aside)
    until(ground, "an empty queue", lambda: not any(events.waiting().values()))
    counted = _counted(moving, source)
    assert (counted["taken"], counted["contradicts"], counted["spoilt"], events.set_aside()) == (2, 0, 0, 0), counted


def _counted(moving: PaymentsMigration, region: Region) -> Counter[str]:
    """What the log of the deployed function says became of events, in how many cases."""
    group = f"/aws/lambda/{moving.told('events', 'FunctionName', region)}"
    pages = moving.clients.client("logs", region).get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [each["message"] for page in pages for each in page["events"] if each["message"].startswith("events ")]
    counted: Counter[str] = Counter()
    for word, number in re.findall(r"(\w+) (\d+)", " ".join(lines)):
        counted[word] += int(number)
    return counted


def _files_go_one_way(ground: Ground, customer: Customer) -> None:
    """What lay in the source and what is sent there later is copied; what the target's bucket takes stays there alone."""
    stores, (source, target) = customer.moving.stores, customer.moving.born
    before = customer.sends(source)
    copies = [stores.replicators[store] for store in (SESSIONS, UPLOADS)]
    until(ground, "copies of what was there", lambda: all([_copied(copy) for copy in copies]))  # noqa: C419 - both at once
    until(ground, "the session known at the target", lambda: customer.asks(target, "GET", "/session")[0] == 200)
    theirs, after = customer.sends(target), customer.sends(source)
    until(ground, "both files copied", lambda: all(customer.has(target, upload) for upload in (before, after)))
    assert customer.has(target, theirs)
    assert not customer.has(source, theirs)


def _copied(copy: Replicator) -> bool:
    """As a plan's step begins it: whether what was there before has arrived."""
    copy.start()
    copy.beat()
    return copy.lag() is not None
