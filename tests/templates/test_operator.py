"""The operator's policy allows what landbridge's code calls, on names of ours, and not one call beside it."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cfnlint
from tests.templates.calls import SOURCES, _operations
from tests.templates.conftest import COMMITTED
from tests.templates.walk import listed

from landbridge.platforms.trading import operator
from landbridge.platforms.words import Json

ROOMS = ("cli", "deploy", "migrate", "replicate", "traffic", "verify")
KNOWN = json.loads((Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
MOST = 6144  # characters of a managed policy, blanks left out
LONGEST = {"ACCOUNT": "1" * 12, "SUFFIX": "s" * 20, "SOURCE": "r" * 14, "TARGET": "r" * 14}
WORDS = ("Delete", "Get", "Put")
MISREAD = {  # names that some module says to another service, or to none
    *(
        (service, f"{verb}ResourcePolicy")
        for service in ("cloudfront", "dynamodb", "lambda", "ssm")
        for verb in ("Delete", "Get", "Put")
    ),
    *(("s3control", f"{verb}BucketReplication") for verb in WORDS),
    ("backup", "ListTags"),
    ("dynamodb", "DescribeLimits"),
    ("kms", "Verify"),
    ("rds", "DescribeEvents"),
    ("s3control", "GetBucketVersioning"),
}
SPELLED = Path(__file__).parents[2] / "docs" / "operator-policy.json"


def _statements() -> list[Json]:
    statements: list[Json] = operator.document()["Statement"]
    return statements


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
    assert sorted(_possible() - MISREAD - set(operator.calls())) == []


def test_ru_5_the_list_names_no_call_that_stands_nowhere_in_the_code() -> None:
    """Nothing stays when its cause is gone."""
    assert sorted(set(operator.calls()) - _possible()) == []


def test_no_call_is_listed_twice() -> None:
    """What is seen in a rehearsal is not unseen, and each reason is one."""
    assert len(list(operator.calls())) == len(set(operator.calls()))
    assert all(len(each["reason"]) > 30 for each in [*operator.CALLS["unseen"], *operator.CALLS["implied"]])


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
    """And changes nothing but mappings, jobs, sets and numbers, for which AWS takes no name."""
    (everywhere,) = (statement for statement in _statements() if statement["Sid"] == "Everywhere")
    assert set(everywhere["Action"]) == operator.EVERYWHERE
    changing = {action for action in everywhere["Action"] if not action.partition(":")[2].startswith(("Describe", "Get", "List"))}
    assert changing == {
        "cloudformation:CreateStackSet",
        "cloudwatch:PutMetricData",
        "lambda:CreateEventSourceMapping",
        "s3:CreateJob",
    }


def test_the_policy_fits_its_limit() -> None:
    """At the longest account, suffix and regions."""
    text = json.dumps(operator.document(), separators=(",", ":"))
    for word, longest in LONGEST.items():
        text = text.replace(word, longest)
    assert len(text) <= MOST


def test_the_committed_policy_is_not_stale(tmp_path: Path) -> None:
    """Byte for byte what `landbridge synth` writes."""
    assert SPELLED.read_bytes() == operator.write(tmp_path / SPELLED.name).read_bytes()
    assert COMMITTED.parent == SPELLED.parents[1]
