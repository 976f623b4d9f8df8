"""Reads the manifest of committed templates, and refuses one that is not what was synthesized."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from landbridge.config.spec import Platform
from landbridge.model.errors import BadInput

INLINE_BYTES = 51_200  # CloudFormation takes no larger template in a call
SYNTH = "run `landbridge synth` and review what changed"
STACK = "${Stack}"
TRADING = f"trading-analytics-{STACK}-${{EnvironmentSuffix}}"  # of a manifest that does not say


class Home(StrEnum):
    """In which region's role a stack is deployed."""

    SOURCE = "source"
    TARGET = "target"
    BOTH = "both"
    JOURNAL = "journal"
    GLOBAL = "global"  # what AWS keeps in one region, whichever the platform's are


class Where(StrEnum):
    """In which region the stack is looked for that feeds another one."""

    SAME = "same"
    OTHER = "other"  # of source and target the one that is not the fed stack's own
    SOURCE = "source"
    TARGET = "target"
    JOURNAL = "journal"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Feed:
    """An output of another stack, by default in the same region."""

    stack: str
    output: str
    where: Where = Where.SAME


@dataclass(frozen=True, slots=True)
class StackSpec:
    """One template, where it belongs, and what it must be told."""

    name: str
    home: Home
    sha256: str
    body: str = field(repr=False)
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    link: bool = False  # has a meaning only while both regions stand, like a peering: it goes with the first of them
    rehearsed: bool = True  # the emulator takes every type in it
    first: Home | None = None  # where it stands before it stands anywhere else: what is copied, before its copy

    @property
    def template(self) -> Mapping[str, Any]:
        """The template as data."""
        parsed: Mapping[str, Any] = json.loads(self.body)
        return parsed

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters it takes."""
        return tuple(self.template.get("Parameters", {}))

    @property
    def defaults(self) -> Mapping[str, str]:
        """What the template gives parameters that nobody else does."""
        told = self.template.get("Parameters", {}).items()
        return {name: str(parameter["Default"]) for name, parameter in told if "Default" in parameter}

    def fed_by(self, stacks: Collection[str]) -> "StackSpec":
        """The same without feeds from others than these, where it stands without them."""
        feeds = {name: feed for name, feed in self.feeds.items() if feed.stack in stacks or not self.may_lack(name)}
        return replace(self, feeds=feeds)

    def may_lack(self, parameter: str) -> bool:
        """Whether the template stands without a value for it: then a feed from a region that isn't there is left out."""
        return parameter in self.defaults


@dataclass(frozen=True, slots=True)
class Manifest:
    """All stacks of a platform, in the order they are deployed."""

    platform: str
    stacks: tuple[StackSpec, ...]
    called: str = TRADING  # how its stacks are, as CloudFormation substitutes

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest in a folder of templates, every file checked against its hash and every feed against its source."""
        path = folder / "manifest.json"
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            stacks = tuple(_stack(folder, entry) for entry in raw["stacks"])
            manifest = cls(str(raw["platform"]), stacks, str(raw.get("called", TRADING)))
        except FileNotFoundError as error:
            raise BadInput(str(error.filename), "there is no such file", SYNTH) from None
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(str(path), f"can't be used ({type(error).__name__}: {error})", SYNTH) from None
        _check_feeds(path, manifest)
        return manifest

    def around(self, platform: Platform) -> tuple[str, str]:
        """What stands before and after the kind of a thing in the names of an environment."""
        known = {"EnvironmentSuffix": platform.environment_suffix, "Environment": platform.environment}
        called = self.called
        for name, value in known.items():
            called = called.replace(f"${{{name}}}", value)
        before, _, after = called.partition(STACK)
        return before, after

    def rehearsed(self, also: Collection[str] = ()) -> "Manifest":
        """The part of it that the emulator can play; what a stack may lack is not fed by one that is left out."""
        played = [stack for stack in self.stacks if stack.rehearsed or stack.name in also]
        names = {stack.name for stack in played}
        return replace(self, stacks=tuple(stack.fed_by(names) for stack in played))

    def stack(self, name: str) -> StackSpec:
        """The stack of this name."""
        for stack in self.stacks:
            if stack.name == name:
                return stack
        raise BadInput(name, "is no stack of this platform", "name one of " + ", ".join(stack.name for stack in self.stacks))


def _stack(folder: Path, entry: Mapping[str, Any]) -> StackSpec:
    path = folder / str(entry["template"])
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
        raise BadInput(str(path), "is not the template the manifest names: its bytes differ", SYNTH)
    if len(raw) > INLINE_BYTES:
        raise BadInput(str(path), f"is larger than the {INLINE_BYTES} bytes CloudFormation takes in a call", "split the stack")
    feeds = {parameter: _feed(feed) for parameter, feed in entry["feeds"].items()}
    link, rehearsed = bool(entry.get("link", False)), bool(entry.get("rehearsed", True))
    first = Home(entry["first"]) if "first" in entry else None
    return StackSpec(str(entry["name"]), Home(entry["home"]), str(entry["sha256"]), raw.decode(), feeds, link, rehearsed, first)


def _feed(feed: Mapping[str, str]) -> Feed:
    return Feed(str(feed["stack"]), str(feed["output"]), Where(feed.get("region", Where.SAME)))


def _check_feeds(path: Path, manifest: Manifest) -> None:
    """Every output and parameter is there; within a region also earlier in the list, which is deployed from top to bottom."""
    outputs = {stack.name: frozenset(stack.template.get("Outputs", {})) for stack in manifest.stacks}
    before: set[str] = set()
    for stack in manifest.stacks:
        for parameter, feed in stack.feeds.items():
            early = feed.where is not Where.SAME or feed.stack in before
            if not early or feed.output not in outputs.get(feed.stack, ()) or parameter not in stack.parameters:
                what = f"feeds {stack.name}.{parameter} from {feed.stack}.{feed.output}, which is not there before it"
                raise BadInput(str(path), what, SYNTH)
        before.add(stack.name)
