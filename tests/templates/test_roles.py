"""Least privilege: what each role may do is what its code calls and what is allowed by hand with a reason (RU-5)."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cfnlint
from tests.templates.calls import NAMED, actions_of
from tests.templates.conftest import COMMITTED
from tests.templates.walk import listed, resources, statements

Templates = Mapping[str, Mapping[str, Any]]
KNOWN = json.loads((Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
INLINE = "landbridge.agents.empty_bucket"  # its code lies in the template
ENGINE = "landbridge.orchestrator"  # reaches all that moves a platform; what it may do is an operator's policy
NO_VAULTS = {"foothold.EmptierRole"}  # in a region that has none
SERVICE = "landbridge.workloads.payments.api.__main__"  # what a task's image starts
TASK = re.compile(r"arn:aws:states:::(\w+):(\w+)")


def _by_hand(folder: Path) -> dict[str, set[str]]:
    """What is allowed beside the code's calls; refuses an action given twice, and one without a sentence of why."""
    given: dict[str, set[str]] = {}
    for each in tomllib.loads((folder / "allowed.toml").read_text(encoding="utf-8"))["allowed"]:
        assert len(each["reason"]) > 30
        for role in each["roles"]:
            assert not given.setdefault(role, set()) & set(each["actions"]), role
            given[role] |= set(each["actions"])
    return given


def _called(templates: Templates) -> dict[str, set[str]]:
    """What a function's code, a service's and a state machine's tasks call, by the role they run under."""
    found = {}
    for where, task in resources(templates, "AWS::ECS::TaskDefinition"):
        found[f"{where.partition('.')[0]}.{task['Properties']['TaskRoleArn']['Fn::GetAtt'][0]}"] = actions_of(SERVICE, "main")
    for where, function in resources(templates, "AWS::Lambda::Function"):
        properties = function["Properties"]
        module = properties["Handler"].rpartition(".")[0]
        role = f"{where.partition('.')[0]}.{properties['Role']['Fn::GetAtt'][0]}"
        if module.startswith(ENGINE):
            continue
        found[role] = actions_of(INLINE if "ZipFile" in properties["Code"] else module)
    for where, machine in resources(templates, "AWS::StepFunctions::StateMachine"):
        tasks = TASK.findall(json.dumps(machine["Properties"]["Definition"]))
        role = f"{where.partition('.')[0]}.{machine['Properties']['RoleArn']['Fn::GetAtt'][0]}"
        found[role] = {
            name
            for service, action in tasks
            for name in NAMED.get((service, action), (f"{service}:{action[0].upper()}{action[1:]}",))
        }
    return found


def _allowed(templates: Templates) -> dict[str, set[str]]:
    """What each role with a policy of its own may do."""
    roles = {
        where: list(statements(each["Properties"].get("Policies", []))) for where, each in resources(templates, "AWS::IAM::Role")
    }
    return {
        where: {action for statement in found for action in listed(statement["Action"])}
        for where, found in roles.items()
        if found
    }


def test_ru_5_each_role_may_do_what_its_code_calls_and_what_is_allowed_by_hand(templates: Templates) -> None:
    """Nothing more, nothing less, and nothing is allowed by hand that the code says itself."""
    hold(templates, COMMITTED)


def hold(templates: Templates, folder: Path) -> None:
    """Each role of a platform to its code and to what is written in its folder; what the platform has none of is not called."""
    kinds = {each["Type"].split("::")[1].lower() for _, each in resources(templates)}
    by_hand, allowed = _by_hand(folder), _allowed(templates)
    called = {
        role: {action for action in actions if not action.startswith("backup:") or ("backup" in kinds and role not in NO_VAULTS)}
        for role, actions in _called(templates).items()
    }
    assert set(allowed) == set(called) | set(by_hand)
    for role, actions in allowed.items():
        assert actions == called.get(role, set()) | by_hand.get(role, set()), role
        assert not called.get(role, set()) & by_hand.get(role, set()), role


def test_every_action_there_is_is_known(templates: Templates) -> None:
    """A misspelled action allows nothing, and nobody says so."""
    for role, actions in _allowed(templates).items():
        for action in actions:
            service, _, name = action.partition(":")
            assert name.lower() in KNOWN[service]["Actions"], (role, action)


def test_what_the_code_reaches_is_not_what_its_modules_hold() -> None:
    """Reads share the module of writes, and can't write."""
    assert actions_of("landbridge.workloads.trading.read") == {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "ssm:GetParameter",
        "ssm:GetParameters",
    }
    assert actions_of("landbridge.workloads.trading.write") == {
        "dynamodb:ConditionCheckItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "lambda:InvokeFunction",
        "ssm:GetParameter",
        "ssm:GetParameters",
    }
