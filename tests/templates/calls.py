"""Which calls a function's code can make, read from the code: what its handler reaches by name, and no client is made for it.

Names stand for every function and method so called in the modules the handler's module imports. That takes in too much
rather than too little, and a role that lacks what is taken in fails the same test as a role that has too much.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name

SOURCES = Path(__file__).parents[2] / "src"
PREFIXES = {"stepfunctions": "states"}  # where the service's name is not its prefix in policies
# where the call's name is not the action's
NAMED = {
    ("lambda", "invoke"): ("lambda:InvokeFunction",),
    ("s3", "delete_objects"): ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    ("s3", "list_object_versions"): ("s3:ListBucketVersions",),
}
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
Node = ast.AST


def actions_of(module: str, start: str = "handler") -> set[str]:
    """The actions of the calls that are made from one function on."""
    nodes = [each for found in _reached(list(_modules(module)), start) for each in ast.walk(found)]
    services = sorted(set(_services(nodes)))
    named = {action for each in nodes if isinstance(each, ast.Attribute) for action in _actions(each, services, nodes)}
    return named | {action for each in nodes if isinstance(each, ast.Call) for action in _paged(each, services)}


def _modules(module: str) -> Iterator[ast.Module]:
    """The module, and each of ours it imports, wherever that stands."""
    seen, looking = set[str](), [module]
    while looking:
        name = looking.pop()
        path = SOURCES / (name.replace(".", "/") + ".py")
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield tree
        for each in ast.walk(tree):
            if isinstance(each, ast.ImportFrom) and each.module and each.module.startswith("landbridge"):
                looking += [each.module, *(f"{each.module}.{alias.name}" for alias in each.names)]


def _reached(modules: Iterable[ast.Module], start: str) -> Iterator[Node]:
    """What is called so, what that speaks of, and so on."""
    called: dict[str, list[Node]] = {}
    for name, node in (pair for module in modules for pair in _named(module)):
        called.setdefault(name, []).append(node)
    seen, looking = set[str](), [start]
    while looking:
        name = looking.pop()
        if name not in seen:
            seen.add(name)
            yield from called.get(name, ())
            for node in called.get(name, ()):
                looking += [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
                looking += [each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)]


def _named(holder: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Node]]:
    """Functions and methods by their names, what runs of a class when it is made by the class's own."""
    for each in holder.body:
        if isinstance(each, ast.FunctionDef):
            own = each.name.startswith("__") and isinstance(holder, ast.ClassDef)
            yield (holder.name if own and isinstance(holder, ast.ClassDef) else each.name), each
        elif isinstance(each, ast.ClassDef):
            yield from _named(each)
        elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            yield each.targets[0].id, each


def _services(nodes: Iterable[Node]) -> Iterator[str]:
    """What clients are made for."""
    for each in nodes:
        if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Constant):
            what = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            if what.endswith("client"):
                yield str(each.args[0].value)


def _actions(used: ast.Attribute, services: Iterable[str], nodes: Iterable[Node]) -> Iterator[str]:
    if isinstance(used.value, ast.Name) and used.value.id == "self":
        return
    for service in services:
        operation = _operations(service).get(used.attr)
        if operation and used.attr.startswith("transact_write"):
            yield from (f"{service}:{PARTS[part]}" for part in _parts(nodes))
        elif operation:
            yield from NAMED.get((service, used.attr), (f"{PREFIXES.get(service, service)}:{operation}",))


def _paged(call: ast.Call, services: Iterable[str]) -> Iterator[str]:
    """A call that is made page by page is named by a text."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "get_paginator" and isinstance(call.args[0], ast.Constant):
        found = ((service, _operations(service).get(str(call.args[0].value))) for service in services)
        yield from (f"{PREFIXES.get(service, service)}:{operation}" for service, operation in found if operation)


def _parts(nodes: Iterable[Node]) -> set[str]:
    """What a transaction is made of: the words its parts begin with."""
    keys = [key for each in nodes if isinstance(each, ast.Dict) for key in each.keys]
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)} & set(PARTS)


@cache
def _operations(service: str) -> dict[str, str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): name for name in model.operation_names}
