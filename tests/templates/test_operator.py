"""The operator's policies allow what landbridge's code calls, on names of ours, and not one call beside it."""

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import cfnlint
import pytest
from tests.templates.calls import SOURCES, _operations
from tests.templates.conftest import COMMITTED
from tests.templates.test_stacksets import needed_by
from tests.templates.walk import Template, listed, statements

from landbridge.deploy.manifest import Home, Manifest
from landbridge.platforms.trading import operator
from landbridge.platforms.words import Json

ROOMS = ("cli", "deploy", "migrate", "replicate", "traffic", "verify")
KNOWN = json.loads((Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
MOST = 6144  # characters of a managed policy, blanks left out
LONGEST = {"ACCOUNT": "1" * 12, "SUFFIX": "s" * 20, "SOURCE": "r" * 14, "TARGET": "r" * 14}
SPOKEN_TOO = ("cloudfront", "dynamodb", "lambda", "logs", "secretsmanager", "ssm")
WORDS = ("Delete", "Get", "Put")
MISREAD = {  # names that some module says to another service, or to none
    *((service, f"{verb}ResourcePolicy") for service in SPOKEN_TOO for verb in WORDS),
    *(("s3control", f"{verb}BucketReplication") for verb in WORDS),
    ("apigateway", "GetResources"),
    ("backup", "ListTags"),
    ("ec2", "DescribeImages"),
    ("kms", "Verify"),
    ("logs", "GetQueryResults"),
    ("rds", "DescribeEvents"),
    ("s3control", "GetBucketVersioning"),
}
PAYMENTS = {  # of the other platform's move; these policies are of trading
    ("cloudwatch", "GetMetricStatistics"),
    ("ecr", "DescribeImages"),
    ("rds", "DescribeDBInstances"),
    ("sqs", "GetQueueAttributes"),
}
DOCS = Path(__file__).parents[2] / "docs"
# of which a schema speaks, and the templates make no use: tables on demand, other services' logs, file systems, other accounts
UNUSED = {"application-autoscaling", "billing", "codewhisperer", "elasticfilesystem", "s3files", "s3tables", "sts", "workmail"}
BY_ADMINISTRATORS = {"stacksets", "engine-policies"}  # stacks of rights: who deploys is not who is allowed
Templates = Mapping[str, Template]


def _documents() -> list[Json]:
    return [operator.document(wanted()) for wanted in operator.DOCUMENTS.values()]


def _statements() -> list[Json]:
    return [statement for document in _documents() for statement in document["Statement"]]


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """The services that clients are made for, and every name and text that may be a call: too much rather than too little."""
    services, names = set[str](), set[str]()
    for room in ROOMS:
        for path in (SOURCES / "landbridge" / room).rglob("*.py"):
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            services |= set(_services(nodes))
            names |= {each.attr for each in nodes if isinstance(each, ast.Attribute)}
            names |= {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return frozenset(services), frozenset(names)


def _services(nodes: list[ast.AST]) -> Iterator[str]:
    """What clients are made for."""
    for each in nodes:
        if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Constant):
            what = each.func.attr if isinstance(each.func, ast.Attribute) else ""
            if what in {"client", "unparsed"}:
                yield str(each.args[0].value)


def _possible() -> set[tuple[str, str]]:
    """Calls whose name stands anywhere, of any service a client is made for anywhere."""
    services, names = _words()
    return {(service, _operations(service)[name]) for service in services for name in names & _operations(service).keys()}


def test_ru_5_every_call_of_the_code_is_in_the_list() -> None:
    """Nothing is missing: an operator would learn it in the midst of a move. A name that is no call is known as misread."""
    assert sorted(_possible() - MISREAD - PAYMENTS - set(operator.calls())) == []


def test_ru_5_the_list_names_no_call_that_stands_nowhere_in_the_code() -> None:
    """Nothing stays when its cause is gone."""
    assert sorted(set(operator.calls()) - _possible()) == []


def test_no_call_is_listed_twice() -> None:
    """What is seen in a rehearsal is not unseen, and each reason is one."""
    assert len(list(operator.calls())) == len(set(operator.calls()))
    assert all(len(each["reason"]) > 30 for each in [*operator.CALLS["besides"], *operator.CALLS["implied"]])


def test_what_is_implied_is_not_called() -> None:
    """An action of a call's own name needs no reason."""
    called = {action for service, operation in operator.calls() for action in operator.actions_of(service, operation)}
    assert not called & {action for each in operator.CALLS["implied"] for action in each["actions"]}


def test_every_action_there_is_is_known() -> None:
    """A misspelled action allows nothing, and nobody says so."""
    for statement in _statements():
        for action in statement["Action"]:
            service, _, name = action.partition(":")
            assert name.lower() in KNOWN[service]["Actions"], action


def test_what_takes_no_resource_is_asked_of_everything() -> None:
    """AWS would refuse it under a name, whatever the name."""
    for statement in _statements():
        if listed(statement["Resource"]) != ["*"]:
            bare = [action for action in statement["Action"] if not _taken(action)]
            assert not bare, statement["Sid"]


def _taken(action: str) -> bool:
    service, _, name = action.partition(":")
    return bool(KNOWN[service]["Actions"][name.lower()].get("Resources"))


def test_what_is_allowed_everywhere_is_asked_for() -> None:
    """And changes nothing but what AWS gives a name of its own."""
    named = {action for statement in _statements() if statement["Sid"] == "Everywhere" for action in statement["Action"]}
    assert named == operator.EVERYWHERE
    changing = {action for action in named if not action.partition(":")[2].startswith(("Create", "Describe", "Get", "List"))}
    assert changing == {"cloudwatch:PutMetricData"}


def test_the_stacks_of_one_region_are_allowed_what_cloudformation_asks_for(templates: Templates) -> None:
    """By its schemas: what neither the policies of StackSets nor landbridge's own calls allow is here, and nothing beside."""
    stacks = {stack.name for stack in Manifest.read(COMMITTED).stacks if stack.home is not Home.BOTH} - BY_ADMINISTRATORS
    asked = {action for action in needed_by({name: templates[name] for name in sorted(stacks)}) if _is_used(action)}
    held = [statement for statement in statements(templates["stacksets"]) if statement["Action"] != ["sts:AssumeRole"]]
    elsewhere = {action for statement in held for action in listed(statement["Action"])} | operator.called()
    assert sorted(operator.one_sided()) == sorted(asked - elsewhere)


def _is_used(action: str) -> bool:
    service, _, name = action.partition(":")
    return service not in UNUSED and name.lower() in KNOWN.get(service, {"Actions": {}})["Actions"]


def test_each_policy_fits_its_limit() -> None:
    """At the longest account, suffix and regions."""
    for document in _documents():
        text = json.dumps(document, separators=(",", ":"))
        for word, longest in LONGEST.items():
            text = text.replace(word, longest)
        assert len(text) <= MOST


@pytest.mark.parametrize("name", operator.DOCUMENTS)
def test_the_committed_policy_is_not_stale(tmp_path: Path, name: str) -> None:
    """Byte for byte what `landbridge synth` writes."""
    (fresh,) = (path for path in operator.write(tmp_path) if path.stem == name)
    assert (DOCS / fresh.name).read_bytes() == fresh.read_bytes()
