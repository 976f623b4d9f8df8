"""PY-1: the platform stands in any region by one entry of CDK's context, and the same templates serve them all."""

import copy
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.templates.payments.conftest import CONTEXT, FOLDER

from landbridge.config.load import checked
from landbridge.config.payments import Payments
from landbridge.deploy.manifest import Manifest
from landbridge.model.errors import BadInput
from landbridge.platforms.payments.given import given

Templates = Mapping[str, Mapping[str, Any]]
THIRD = {"region": "us-west-2", "copies_from": "us-east-1", "vpc_cidr": "10.22.0.0/16"}
CDK = """\
import sys
from pathlib import Path
from landbridge.config.load import load_context
from landbridge.config.payments import Payments
from landbridge.platforms.constructs import RegionalPlatform
from landbridge.platforms.payments.standing import standing
from aws_cdk import App

app = App(outdir=sys.argv[2])
platform = load_context(Path(sys.argv[1]), "payments", Payments)
for each in platform.regions:
    RegionalPlatform(app, standing(platform, each, suffix="blue"))
app.synth()
"""


def _context() -> dict[str, Any]:
    context: dict[str, Any] = json.loads(Path(CONTEXT).read_text(encoding="utf-8"))["context"]["payments"]
    return context


def _with_third() -> dict[str, Any]:
    """A third region is one more entry."""
    context = _context()
    context["regions"].append({**copy.deepcopy(context["regions"][1]), **THIRD})
    return context


@pytest.fixture(scope="module")
def stood(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documented example, run as another CDK app would run it, with three regions."""
    folder = tmp_path_factory.mktemp("regions")
    (folder / "cdk.json").write_text(json.dumps({"context": {"payments": _with_third()}}), encoding="utf-8")
    command = [sys.executable, "-c", CDK, str(folder / "cdk.json"), str(folder / "out")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out"


def _templates(stood: Path, region: str) -> dict[str, Any]:
    """What was written for a region, by concern; each stack is named as the templates name everything else."""
    folder = stood / f"assembly-{region}"
    artifacts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"].values()
    stacks = [each["properties"] for each in artifacts if each["type"] == "aws:cloudformation:stack"]
    assert all(each["stackName"].endswith("-prod-blue") for each in stacks)
    files = {each["stackName"].removesuffix("-prod-blue"): folder / each["templateFile"] for each in stacks}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in files.items()}


@pytest.mark.slow
def test_py_1_the_platform_stands_in_a_third_region_by_one_more_entry(stood: Path) -> None:
    """With every stack that a region that joins has."""
    third, second = _templates(stood, "us-west-2"), _templates(stood, "us-east-2")
    assert set(third) == set(second) > {"network", "database", "service", "peering"}
    assert third["network"]["Parameters"]["VpcCidr"]["Default"] == THIRD["vpc_cidr"]


@pytest.mark.slow
def test_py_1_its_templates_are_the_committed_ones_but_for_defaults(stood: Path, templates: Templates) -> None:
    """What a spec says becomes defaults; nothing else knows where it stands."""
    for region in ("us-east-1", "us-east-2", "us-west-2"):
        for name, template in _templates(stood, region).items():
            committed = templates[name]
            assert template["Resources"] == committed["Resources"], (region, name)
            assert template["Outputs"] == committed["Outputs"], (region, name)
            asked = {each: {**how, "Default": ""} for each, how in template["Parameters"].items()}
            assert asked == {each: {**how, "Default": ""} for each, how in committed["Parameters"].items()}


@pytest.mark.slow
def test_py_1_one_region_owns_what_is_global(stood: Path) -> None:
    """Sessions and the secret are the first region's, the connection belongs to whoever joins."""
    first, second = _templates(stood, "us-east-1"), _templates(stood, "us-east-2")
    assert set(first) - set(second) == {"credentials", "rotation", "sessions"}
    assert set(second) - set(first) == {"peering"}


def test_py_1_the_documented_example_is_the_one_that_is_run() -> None:
    """Word for word."""
    page = (FOLDER.parents[1] / "docs" / "payments.md").read_text(encoding="utf-8")
    example = CDK.replace("sys.argv[1]", '"cdk.json"').replace("App(outdir=sys.argv[2])", "App()").replace("import sys\n", "")
    assert example in page


def test_every_value_given_is_asked_for_and_fits(templates: Templates, platform: Payments) -> None:
    """Each names a parameter of its stack and keeps to what the template allows."""
    for each in platform.regions:
        for stack, values in given(platform, each).items():
            asked = templates[stack]["Parameters"]
            for name, value in values.items():
                assert name in asked, (stack, name)
                assert str(value) in asked[name].get("AllowedValues", [str(value)])
                assert asked[name].get("MinValue", 0) <= float(value if asked[name]["Type"] == "Number" else 0) or value


def test_every_parameter_is_fed_given_by_a_region_or_left_to_the_operator(templates: Templates, platform: Payments) -> None:
    """What nobody tells is named here."""
    told = {(stack.name, each) for stack in Manifest.read(FOLDER).stacks for each in stack.feeds}
    for each in platform.regions:
        told |= {(stack, name) for stack, values in given(platform, each).items() for name in values}
    left = {
        (stack, name)
        for stack, template in templates.items()
        for name, asked in template["Parameters"].items()
        if "Default" not in asked and (stack, name) not in told
    }
    everywhere = {"EnvironmentSuffix", "Environment", "CostCenter"}
    assert {each for each in left if each[1] not in everywhere} == {
        ("balancer", "CertificateArn"),
        ("events", "FunctionsKey"),
        ("rotation", "FunctionsKey"),
        ("service", "ImageDigest"),
    }


def test_the_manifest_can_be_deployed_from(templates: Templates) -> None:
    """Feeds come before their readers, each template can be sent in a call and reviewed in one sitting."""
    manifest = Manifest.read(FOLDER)
    assert {stack.name for stack in manifest.stacks} == set(templates)
    assert all(len(stack.template["Resources"]) <= 60 for stack in manifest.stacks)
    assert all(parameter["Description"] for stack in manifest.stacks for parameter in stack.template["Parameters"].values())


def _refused(change: Mapping[str, Any], region: Mapping[str, Any] | None = None) -> str:
    context = {**_context(), **change}
    context["regions"][1] |= region or {}
    with pytest.raises(BadInput) as told:
        checked(context, Payments, "cdk.json: payments")
    return str(told.value)


@pytest.mark.parametrize(
    ("change", "region", "sentence"),
    [
        (
            {},
            {"blocked_countries": ["Cuba"]},
            "cdk.json: payments.regions[1].blocked_countries[0]: 'Cuba' can't be used: string should match pattern",
        ),
        ({}, {"copies_from": ""}, "cdk.json: payments: one region leaves copies_from empty, and every other one names that"),
        ({}, {"vpc_cidr": "10.20.0.0/16"}, "cdk.json: payments: us-east-1 and us-east-2 have overlapping addresses"),
        ({}, {"region": "us-east-1", "copies_from": ""}, "cdk.json: payments: a region is named twice among us-east-1"),
        ({}, {"colour": "blue"}, "cdk.json: payments.regions[1].colour: is not a key landbridge knows"),
        ({"sessions": "strong"}, {}, "cdk.json: payments: strong sessions need three regions of one set"),
        ({"witness": "us-west-2"}, {}, "cdk.json: payments: a witness is for strong sessions alone"),
        ({"environment": "production"}, {}, "cdk.json: payments.environment: 'production' can't be used"),
        (
            {},
            {"task": {"cpu": 256, "memory": 8192, "least": 1, "most": 2, "busy": 60}},
            "cdk.json: payments.regions[1].task: Fargate has no task of cpu 256 with 8192 MB: from 512 to 2048",
        ),
    ],
    ids=lambda each: None,
)
def test_a_context_that_cannot_be_used_is_refused_in_a_sentence(
    change: Mapping[str, Any], region: Mapping[str, Any], sentence: str
) -> None:
    """Where, what and the way out."""
    told = _refused(change, region)
    assert told.startswith(sentence)
    assert "\n" not in told
    assert "; " in told


def test_strong_sessions_are_made_with_every_region_at_once() -> None:
    """Two regions and a witness; later it could not be changed."""
    context = {**_context(), "sessions": "strong", "witness": "us-west-2"}
    platform = checked(context, Payments, "cdk.json: payments")
    assert given(platform, platform.first)["sessions"] == {
        "Consistency": "strong",
        "SecondRegion": "us-east-2",
        "WitnessRegion": "us-west-2",
    }


def test_eventual_sessions_begin_in_one_region() -> None:
    """The copy comes when the platform grows."""
    platform = checked(_context(), Payments, "cdk.json: payments")
    assert given(platform, platform.first)["sessions"] == {"Consistency": "eventual"}
