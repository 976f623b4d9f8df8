"""Calls that were noted, against a policy: is each allowed, on the name it was made for?"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from landbridge.platforms.trading.operator import actions_of
from landbridge.platforms.words import Json

ACCOUNT = "000000000000"
ARNS = {  # of what a call names, by service and by the parameter that names it
    ("cloudformation", "StackName"): "arn:aws:cloudformation:*:{account}:stack/{name}/id",
    ("dynamodb", "TableName"): "arn:aws:dynamodb:*:{account}:table/{name}",
    ("kinesis", "StreamName"): "arn:aws:kinesis:*:{account}:stream/{name}",
    ("lambda", "FunctionName"): "arn:aws:lambda:*:{account}:function:{name}",
    ("s3", "Bucket"): "arn:aws:s3:::{name}",
    ("ssm", "Name"): "arn:aws:ssm:*:{account}:parameter{name}",
    ("ssm", "Names"): "arn:aws:ssm:*:{account}:parameter{name}",
}


def calls(noted: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Service, operation, and the ARNs of what each call was about."""
    for line in sorted(set(noted.read_text(encoding="utf-8").splitlines())):
        service, operation, names = json.loads(line)
        spelled = [_spelled(ARNS[service, key], name) for key, name in names if (service, key) in ARNS]
        yield service, operation, spelled


def refused(noted: Path, policy: Json, suffix: str) -> list[str]:
    """What was called and the policy would not allow."""
    statements = json.loads(json.dumps(policy["Statement"]).replace("ACCOUNT", ACCOUNT).replace("SUFFIX", suffix))
    return [
        f"{action} on {arn}"
        for service, operation, arns in calls(noted)
        for action in actions_of(service, operation)
        for arn in arns or ["*"]
        if not any(_allows(statement, action, arn) for statement in statements)
    ]


def _spelled(pattern: str, name: str) -> str:
    return name if name.startswith("arn:") else pattern.format(account=ACCOUNT, name=name)


def _allows(statement: Json, action: str, arn: str) -> bool:
    """A call that names nothing is allowed by any statement of its action."""
    places = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    return action in statement["Action"] and (arn == "*" or any(fnmatchcase(arn, place) for place in places))
