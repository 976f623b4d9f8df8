"""What the verbs over stacks must know of a platform: its own configuration, of whichever kind, as one thing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from landbridge.cli.choice import Choice
from landbridge.config.deployment import Deployment
from landbridge.config.expansion import Expansion
from landbridge.config.load import load
from landbridge.config.spec import Platform, Trading
from landbridge.deploy.manifest import Home, Manifest
from landbridge.deploy.regional import also_rehearsed, answers, settings
from landbridge.model.errors import BadInput
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder


@dataclass(frozen=True)
class Subject:
    """A platform as far as its stacks go."""

    manifest: Manifest
    platform: Platform
    deploy: Deployment
    regional: Callable[[Region], Mapping[str, str]]
    lacks: Callable[[], Iterator[str]]
    moves: Trading | None = None  # what an engine moves between its regions, where one does
    grows: Expansion | None = None  # what an engine lets grow into another region

    @property
    def played(self) -> Manifest:
        """What a rehearsal plays of it."""
        return self.manifest.rehearsed(also_rehearsed(self.moves) if self.moves else ())

    @classmethod
    def of(cls, choice: Choice) -> "Subject":
        """The platform that was named, in the configuration that was named, or that is shipped."""
        if choice.platform == "payments":
            return cls._payments(choice)
        manifest = Manifest.read(choice.templates)
        if choice.platform != manifest.platform:
            raise BadInput(choice.platform, "is no platform of these templates", f"name {manifest.platform} or payments")
        trading = RunFolder(choice.run).trading() if choice.run else load(_config(choice), Trading)
        return cls(manifest, trading.platform, trading.deploy, partial(settings, trading), trading.edge.lacks, trading)

    @classmethod
    def _payments(cls, choice: Choice) -> "Subject":
        if choice.stacksets:
            raise BadInput("--stacksets", "is for the trading platform, whose roles know its stacks", "leave it out")
        folder, config = choice.templates / choice.platform, _expansion(choice)
        regions = [Region(getattr(config.platform, home)) for home in (Home.SOURCE, Home.TARGET, Home.JOURNAL)]
        told = {region: answers(config, folder, region) for region in regions}
        return cls(Manifest.read(folder), config.platform, config.deploy, told.__getitem__, config.serving.lacks, grows=config)


def _expansion(choice: Choice) -> Expansion:
    """The file that was named, or else what the rehearsal grows, or else as shipped."""
    kept = RunFolder(choice.run).expansion() if choice.run and not choice.config else None
    return kept or load(_config(choice), Expansion)


def _config(choice: Choice) -> Path:
    return choice.config or Path("config") / f"{choice.platform}.toml"
