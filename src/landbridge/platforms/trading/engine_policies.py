"""What the engine in AWS may do to the platform: landbridge's own calls, and what CloudFormation asks to make stacks in its name.

In a stack of its own, because it can be read, refused and taken away apart from what leads. The calls are those of the
operator's list but for those that only a person's verb makes; the rest is what an operator is allowed too.
"""

from typing import Any

from aws_cdk import App

from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.operator import STACKS, document, engines, one_sided
from landbridge.platforms.trading.stacksets import POLICIES, statement
from landbridge.platforms.words import Json, join, policy, ref, sub

REGIONS = {"SOURCE": "SourceRegion", "TARGET": "TargetRegion"}
WORDS = {"arn:aws:": "arn:${AWS::Partition}:", "ACCOUNT": "${AWS::AccountId}", "SUFFIX": "${EnvironmentSuffix}"}


class EnginePolicies(TradingStack):
    """Managed policies, and their ARNs as one text, which the engine's role is given."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "engine-policies", "what the engine in AWS may do to the platform", tagged=False)
        how = {"allowed_pattern": REGION_PATTERN, "constraint_description": "the name of an AWS region, like eu-central-1"}
        regions = [self.asks(parameter, f"The {word.lower()} region", **how) for word, parameter in REGIONS.items()]
        on_stacks = {action for action in engines() if action.partition(":")[0] in STACKS}
        made = {
            "Calls": in_template(document(engines() - on_stacks)),
            "Stacks": in_template(document(on_stacks)),
            "OneSided": in_template(document(one_sided())),
            **{name: policy(*(statement(each, regions) for each in services)) for name, services in POLICIES.items()},
        }
        for name, allowed in made.items():
            self._policy(name, allowed)
        told = join(",", *(ref(f"{name}Policy") for name in made))
        self.tell("PolicyArns", told, "engine-policies", "What the engine's role is given")

    def _policy(self, name: str, allowed: Json) -> None:
        properties = {
            "ManagedPolicyName": self.named_globally(f"engine-{name.lower()}"),
            "Description": f"What the engine may do: {', '.join(each['Sid'].lower() for each in allowed['Statement'])}",
            "PolicyDocument": allowed,
        }
        self.make(f"{name}Policy", "AWS::IAM::ManagedPolicy", properties)


def in_template(written: Any) -> Json:
    """A document with the words an operator fills in as CloudFormation fills them in."""
    match written:
        case dict():
            return {key: in_template(value) for key, value in written.items()}
        case list():
            return [in_template(value) for value in written]
        case str() if written in REGIONS:
            return ref(REGIONS[written])
    filled = str(written)
    for word, parameter in WORDS.items():
        filled = filled.replace(word, parameter)
    return written if filled == written else sub(filled)
