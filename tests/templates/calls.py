"""Which calls a function's code can make, read from the code: what its handler reaches by name, and no client is made for it.

Names stand for every function so called in the modules the handler's module imports, and for every method of a class that
is spoken of. That takes in too much rather than too little, and a role that lacks what is taken in fails the same test as
one that has too much.
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
    ("s3", "head_object"): ("s3:GetObject",),
    ("s3", "delete_objects"): ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    ("s3", "list_object_versions"): ("s3:ListBucketVersions",),
}
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
Node = ast.AST


def actions_of(module: str, start: str = "handler") -> set[str]:
    """The actions of the calls that are made from one function on."""
    nodes = [each for found in _reached(_modules(module), start) for each in ast.walk(found)]
    services = sorted(set(_services(nodes)))
    return {action for name in _methods(nodes) for action in _actions(name, services, nodes)}


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


def _reached(modules: Iterable[ast.Module], start: str) -> list[Node]:
    """What is called so, what that speaks of, and so on; a method only when its class is spoken of too."""
    left = [each for module in modules for each in _named(module)]
    seen, found = {start}, list[Node]()
    while now := [(names, node) for names, node in left if names <= seen]:
        left = [each for each in left if each not in now]
        found += [node for _, node in now]
        parts = [part for _, node in now for part in ast.walk(node)]
        seen |= {part.id for part in parts if isinstance(part, ast.Name)}
        seen |= {part.attr for part in parts if isinstance(part, ast.Attribute)}
    return found


def _named(module: ast.Module) -> Iterator[tuple[set[str], Node]]:
    """Each function, method and constant, and the names by which it is reached; what makes a class by the class's own."""
    for each in module.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield {each.name}, each
        elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            yield {each.targets[0].id}, each
        elif isinstance(each, ast.ClassDef):
            yield from (({each.name}, base) for base in each.bases)
            for method in (inner for inner in each.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)):
                yield {each.name} if method.name.startswith("__") else {each.name, method.name}, method


def _services(nodes: Iterable[Node]) -> Iterator[str]:
    """What clients are made for."""
    for each in nodes:
        if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Constant):
            what = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            if what.endswith("client"):
                yield str(each.args[0].value)


def _methods(nodes: Iterable[Node]) -> Iterator[str]:
    """Every name that may be a client's method: our own object's are not, those of paginators are words."""
    for each in nodes:
        if isinstance(each, ast.Attribute) and not (isinstance(each.value, ast.Name) and each.value.id == "self"):
            yield each.attr
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "get_paginator":
            yield str(ast.literal_eval(each.args[0]))


def _actions(method: str, services: Iterable[str], nodes: Iterable[Node]) -> Iterator[str]:
    for service in services:
        operation = _operations(service).get(method)
        if operation and method.startswith("transact_write"):
            yield from (f"{service}:{PARTS[part]}" for part in _parts(nodes))
        elif operation:
            yield from NAMED.get((service, method), (f"{PREFIXES.get(service, service)}:{operation}",))


def _parts(nodes: Iterable[Node]) -> set[str]:
    """What a transaction is made of: the words its parts begin with."""
    keys = [key for each in nodes if isinstance(each, ast.Dict) for key in each.keys]
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)} & set(PARTS)


@cache
def _operations(service: str) -> dict[str, str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): name for name in model.operation_names}
