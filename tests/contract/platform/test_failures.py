"""Planted failures, on real emulators: each ends in one sentence and a state from which the same deploy goes on."""

import hashlib
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.contract.platform.doors import Door
from tests.contract.platform.emulators import JOURNAL, REGIONS, SOURCE, every_stack
from tests.contract.platform.verbs import ROOT, Operator

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.model.region import Region
from landbridge.rehearse.emulator.conditions import Conditions, Doorway

FEW = ("--only", "keys", "--only", "pens", "--only", "journal")
LOCK = "/landbridge/trading/{}/deploy"


@dataclass(frozen=True)
class Site:
    """An operator, the doors between him and the regions, and the regions themselves."""

    operator: Operator
    doors: Mapping[Region, Door]
    clients: Clients
    suffix: str

    def deploys(self, *options: str, templates: Path = ROOT / "templates") -> tuple[int, str, str]:
        """A deploy of a few stacks."""
        return self.operator.runs("deploy", *(options or FEW), "--yes", templates=templates)

    def goes_on(self) -> None:
        """The deploy that should have been, and then nothing is left to do; the lock is free, nothing is half made."""
        code, said, complained = self.deploys()
        assert (code, complained) == (0, ""), said
        assert "5 stacks stand" in said
        held = self.clients.client("ssm", JOURNAL).get_parameters_by_path(Path=LOCK.format(self.suffix))["Parameters"]
        assert [json.loads(each["Value"])["beat"] for each in held] == [0.0]
        for region in REGIONS:
            cloudformation = self.clients.client("cloudformation", region)
            ours = [each for each in every_stack(cloudformation) if self.suffix in each["StackName"]]
            left = [each for each in ours if each["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"}]
            assert left == []


@pytest.fixture(name="site")
def _site(
    request: pytest.FixtureRequest, tmp_path: Path, trading: Trading, endpoints: Mapping[Region, str], clients: Clients
) -> Iterator[Site]:
    suffix = "f" + hashlib.sha256(request.node.name.encode()).hexdigest()[:8]
    source, target, journal = (Door(region, endpoints[region]) for region in REGIONS)
    with source, target, journal:
        doors = dict(zip(REGIONS, (source, target, journal), strict=True))
        urls = {region: door.url for region, door in doors.items()}
        site = Site(Operator.of(tmp_path / "run", trading, suffix, urls), doors, clients, suffix)
        yield site


def templates_with(folder: Path, stack: str, edit: Callable[[dict[str, Any]], None]) -> Path:
    """The committed templates with one of them edited, and a manifest that says so."""
    manifest = json.loads((ROOT / "templates/manifest.json").read_text())
    for entry in manifest["stacks"]:
        template = json.loads((ROOT / "templates" / entry["template"]).read_text())
        if entry["name"] == stack:
            edit(template)
        body = json.dumps(template).encode()
        path = folder / entry["template"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        entry["sha256"] = hashlib.sha256(body).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def _one_sentence(complained: str, *words: str) -> None:
    assert complained.startswith("landbridge: "), complained
    assert "Traceback" not in complained
    for word in words:
        assert word in complained


def _wants_more(template: dict[str, Any]) -> None:
    template["Parameters"]["Nobody"] = {"Type": "String"}


def _unknown_type(template: dict[str, Any]) -> None:
    template["Resources"]["Wish"] = {"Type": "AWS::Wish::Fairy"}


def _impossible(template: dict[str, Any]) -> None:
    template["Resources"]["Odd"] = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "SecureString", "Value": "x"}}


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (_wants_more, ("deploying pens", "Nobody has no value")),
        (_unknown_type, ("trading-analytics-pens-", "AWS::Wish::Fairy")),
        (_impossible, ("deploying pens", "Odd: ")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_template_that_can_not_be(
    site: Site, tmp_path: Path, edit: Callable[[dict[str, Any]], None], words: tuple[str, ...]
) -> None:
    """A parameter nobody gives, a type nobody knows, a resource that fails: said by name."""
    code, _, complained = site.deploys(templates=templates_with(tmp_path / "templates", "pens", edit))
    assert code == 1
    _one_sentence(complained, *words)
    site.goes_on()


def test_a_name_that_is_taken(site: Site) -> None:
    """The first cause is told, not what was cancelled for it; once the stranger is gone, the same deploy goes on."""
    s3, name = site.clients.client("s3", SOURCE), f"trading-analytics-artifacts-{site.suffix}-{SOURCE}"
    s3.create_bucket(Bucket=name)
    code, _, complained = site.deploys("--only", "keys", "--only", "artifacts", "--region", SOURCE)
    assert code == 1
    _one_sentence(complained, "artifacts", name, "already exists")
    s3.delete_bucket(Bucket=name)
    assert site.deploys("--only", "keys", "--only", "artifacts", "--region", SOURCE)[0] == 0
    site.goes_on()


@pytest.mark.slow
def test_throttled_calls(site: Site) -> None:
    """Three in ten are refused for now; the deploy is slower and comes to its end."""
    for door in site.doors.values():
        door.set(Conditions(throttle=0.3))
    code, said, complained = site.deploys()
    assert (code, complained) == (0, ""), said
    for door in site.doors.values():
        door.set(Conditions())
    site.goes_on()


def test_a_connection_lost_while_waiting(site: Site) -> None:
    """A region that is silent for a while is waited for."""
    process = site.operator.begins("deploy", *FEW, "--yes")
    assert process.stdout is not None
    while "CREATE_IN_PROGRESS" not in (line := process.stdout.readline()):
        assert line, process.communicate()
    site.doors[SOURCE].set(Conditions(doorway=Doorway.CUT))
    threading.Timer(3.0, site.doors[SOURCE].set, [Conditions()]).start()
    said, complained = process.communicate(timeout=100)
    assert (process.returncode, complained) == (0, ""), said
    site.goes_on()


def test_the_journals_region_is_out(site: Site) -> None:
    """Without the lock's region nothing is begun."""
    site.doors[JOURNAL].set(Conditions(doorway=Doorway.CUT))
    code, _, complained = site.deploys()
    assert code == 1
    _one_sentence(complained, "eu-west-1 did not answer (reading the deploy lock")
    site.doors[JOURNAL].set(Conditions())
    site.goes_on()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption(site: Site, number: signal.Signals) -> None:
    """It stops cleanly, says how to go on, and gives the lock back."""
    process = site.operator.begins("deploy", "--yes")
    assert process.stdout is not None
    while "CREATE_IN_PROGRESS" not in (line := process.stdout.readline()):
        assert line, process.communicate()
    process.send_signal(number)
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 130
    _one_sentence(complained, "stopped; ", "run the same deploy again to go on")
    site.goes_on()


def test_two_deployers(site: Site) -> None:
    """The second is told who holds it since when, and changes nothing; the first comes to its end."""
    first = site.operator.begins("deploy", "--yes")
    assert first.stdout is not None
    assert first.stdout.readline()
    code, said, complained = site.deploys()
    assert (code, said) == (3, "")
    _one_sentence(complained, f"process {first.pid}, has been deploying since ")
    first.communicate(timeout=100)
    assert first.returncode == 0
    site.goes_on()


@pytest.mark.slow
def test_a_kill_between_change_set_and_execute(site: Site) -> None:
    """The change set that was left, its stack's shell and the dead one's lock are no obstacle."""
    for door in site.doors.values():
        door.set(Conditions(delay=0.3))
    process = site.operator.begins("deploy", *FEW, "--yes")
    cloudformation = site.clients.client("cloudformation", SOURCE)
    name = f"trading-analytics-pens-{site.suffix}"
    for _ in range(600):
        if any(each["StackName"] == name for each in every_stack(cloudformation)):
            break
        time.sleep(0.02)
    process.kill()
    process.communicate()
    found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    assert found in {"REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"}
    for door in site.doors.values():
        door.set(Conditions())
    code, _, complained = site.deploys()
    assert code == 3
    _one_sentence(complained, "has been deploying since")
    _age(site)
    site.goes_on()


def _age(site: Site) -> None:
    """The dead one's last sign of life was long ago."""
    ssm, path = site.clients.client("ssm", JOURNAL), LOCK.format(site.suffix)
    for each in ssm.get_parameters_by_path(Path=path)["Parameters"]:
        old = {**json.loads(each["Value"]), "beat": 1.0}
        ssm.put_parameter(Name=each["Name"], Value=json.dumps(old), Type="String", Overwrite=True)
