"""A platform's stacks: where each belongs, what feeds it, and all of them as one CDK app."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import App
from constructs import Construct

from landbridge.platforms.constructs.stack import PlatformStack


@dataclass(frozen=True)
class Placed:
    """A stack, where it belongs, and which output of which stack becomes which of its parameters.

    A feed is "stack.Output", and "stack.Output@region" where the region is not the stack's own. A link has a meaning
    only while both regions stand. What the emulator can't take is not rehearsed. What copies its own kind in another region
    says in which region's role that one is: `first`.
    """

    name: str
    made: Callable[[Construct], PlatformStack]
    home: str
    feeds: Mapping[str, str] = field(default_factory=dict)
    link: bool = False
    rehearsed: bool = True
    first: str = ""

    def entry(self, template: str, sha256: str) -> dict[str, Any]:
        """Its entry in the manifest; what is as usual is left out."""
        usual = {"link": False, "rehearsed": True, "first": ""}
        unusual = {word: getattr(self, word) for word, value in usual.items() if getattr(self, word) != value}
        feeds = {parameter: _feed(text) for parameter, text in self.feeds.items()}
        return {"name": self.name, "home": self.home, "template": template, "sha256": sha256, "feeds": feeds, **unusual}


def _feed(text: str) -> dict[str, str]:
    what, _, region = text.partition("@")
    stack, output = what.split(".")
    return {"stack": stack, "output": output, **({"region": region} if region else {})}


def app(out: str, stacks: Iterable[Placed]) -> App:
    """All of them as one CDK app that writes into a folder; its own validator costs 2 s, and cfn-lint sees more."""
    made = App(outdir=out, tree_metadata=False, analytics_reporting=False, builtin_cloud_formation_validation=False)
    for each in stacks:
        each.made(made)
    return made
