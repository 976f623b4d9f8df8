"""The image holds what the service imports and nothing that changes by itself, and runs as the task definition says."""

import ast
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.unit.house.test_locks import pins

ROOT = Path(__file__).parents[3]
CODE = ROOT / "src/landbridge/workloads/payments"
LINES = (CODE / "api/Dockerfile").read_text(encoding="utf-8").splitlines()
BROUGHT = {"boto3": "boto3", "botocore": "botocore", "cryptography": "cryptography", "hypercorn": "hypercorn", "pg8000": "pg8000"}


def said(word: str) -> list[str]:
    """What follows an instruction, at each place it stands."""
    return [line.removeprefix(word).strip() for line in LINES if line.startswith(f"{word} ")]


def container() -> dict[str, Any]:
    """The service's container, as its task is defined."""
    template = json.loads((ROOT / "templates/payments/service.template.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = template["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0]
    return found


def test_it_begins_from_one_version() -> None:
    """Never from whatever is newest."""
    assert re.fullmatch(r"PYTHON=3\.\d+\.\d+-slim-\w+", said("ARG")[0])
    assert all(":${PYTHON}" in base for base in said("FROM"))
    assert "latest" not in "\n".join(LINES)


def test_its_packages_are_pinned_by_their_hashes() -> None:
    """And among them is all the code imports."""
    assert any("--require-hashes" in line and "--only-binary :all:" in line for line in said("RUN"))
    assert set(BROUGHT.values()) <= set(pins("payments"))


def test_it_runs_as_nobody_where_the_balancer_asks() -> None:
    """The user and the port of the task definition, which lets it write nothing."""
    assert said("USER") == [container()["User"]]
    assert said("EXPOSE") == [str(container()["PortMappings"][0]["ContainerPort"])]
    assert f"PORT={said('EXPOSE')[0]}" in said("ENV")[0]
    assert container()["ReadonlyRootFilesystem"]


def test_it_holds_every_module_the_service_imports() -> None:
    """Of ours by what is copied, of others by the lock."""
    copied = [word for line in said("COPY") for word in line.split()[:-1] if word.startswith("src/")]
    for path in CODE.rglob("*.py"):
        for module in imported(path):
            file = ROOT / "src" / module.replace(".", "/")
            ours = [f"{file.relative_to(ROOT)}{end}" for end in (".py", "/__init__.py")]
            held = any(each.startswith(f"{place}/") or each == place for place in copied for each in ours)
            assert held if module.startswith("landbridge") else module.split(".")[0] in BROUGHT, module


def imported(path: Path) -> set[str]:
    """The modules a file imports that Python does not bring."""
    found = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {each.module for each in found if isinstance(each, ast.ImportFrom) and each.module}
    names |= {alias.name for each in found if isinstance(each, ast.Import) for alias in each.names}
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
