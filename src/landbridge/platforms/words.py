"""The words of a template, as plain data: what CloudFormation fills in when it deploys.

Resources are CDK's generic ones with properties spelled as CloudFormation spells them, so that the code reads like the
template it writes; the typed ones cost 6 s of imports, and cfn-lint checks more of what they check (decision 0030).
"""

from typing import Any

Json = Any


def ref(name: str) -> Json:
    """A parameter's value, or a resource's physical id."""
    return {"Ref": name}


def att(resource: str, attribute: str) -> Json:
    """Something a resource tells of itself."""
    return {"Fn::GetAtt": [resource, attribute]}


def sub(text: str, **names: Json) -> Json:
    """A text with ${Name} filled in; names that are neither parameter nor resource are given."""
    return {"Fn::Sub": [text, names] if names else text}


def pick(condition: str, then: Json, otherwise: Json) -> Json:
    """One of two, as a condition decides."""
    return {"Fn::If": [condition, then, otherwise]}


def only_if(condition: str, then: Json) -> Json:
    """Something, or nothing at all."""
    return pick(condition, then, ref("AWS::NoValue"))


def join(separator: str, *parts: Json) -> Json:
    """Several values as one text."""
    return {"Fn::Join": [separator, list(parts)]}


def select(number: int, of: Json) -> Json:
    """One of a list."""
    return {"Fn::Select": [number, of]}


def one_or_all(values: list[Json]) -> Json:
    """A list, or the one thing it holds: as whoever writes a template by hand would spell it."""
    return values[0] if len(values) == 1 else values


def policy(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, actions: list[str], resource: Json, condition: Json = None) -> Json:
    """A statement that lets whoever holds the policy do something."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def tls_only(action: str, resource: Json) -> Json:
    """The statement of a resource's own policy that refuses whoever comes without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def trust(service: str, condition: Json = None) -> Json:
    """The policy that lets a service take a role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return policy({**statement, "Condition": condition} if condition else statement)
