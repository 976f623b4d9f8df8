"""How a platform names what it makes: the one rule of its own that every stack follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STACK = "${Stack}"  # in place of the kind, where names of stacks are told


@dataclass(frozen=True)
class Naming:
    """What stands before and after the kind of a thing; the suffix is a parameter of every template."""

    title: str  # as descriptions begin
    platform: str
    before: str
    after: str
    environment_text: str = "The value of the tag Environment, like production"
    environment: Mapping[str, Any] = field(default_factory=lambda: {"min_length": 1, "max_length": 64})

    def text(self, kind: str) -> str:
        """The name of something whose name counts within one region, its parameters not yet filled in."""
        return f"{self.before}{kind}{self.after}"

    def text_globally(self, kind: str) -> str:
        """The name of something whose name counts in all regions: buckets and roles."""
        return f"{self.text(kind)}-${{AWS::Region}}"

    @property
    def whole(self) -> str:
        """The platform in this environment."""
        return f"{self.platform}{self.after}"

    @property
    def has_environment(self) -> bool:
        """Whether names hold the environment, beside the suffix."""
        return "${Environment}" in self.after
