"""A page a stack, made from its template: what it makes, asks and tells, what drives its cost, and how to deploy it by hand.

Made from the committed files alone, so that a page is true of what is deployed, and says nothing the template doesn't.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

NOTES = Path(__file__).with_name("notes.toml")
HOMES = {
    "both": "in the source and in the target",
    "source": "in the source, where it is born; later in the target, which takes it over",
    "target": "in the target, the region that stays",
    "journal": "in the journal's region",
    "global": "in us-east-1, where AWS keeps it",
}
WHERE = {"same": "REGION", "other": "OTHER_REGION", "source": "SOURCE", "target": "TARGET", "journal": "JOURNAL"}
UNREHEARSED = {"journal": "a rehearsal leads from its own machine; a test deploys it, and has it lead a whole move"}
OUTPUT = """\
output() {{  # stack, output, region
    aws cloudformation describe-stacks --region "$3" --stack-name "{called}" \\
        --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}}
"""
FOLDERS = {"trading": "templates", "payments": "templates/payments"}  # under which a platform's templates lie


@dataclass(frozen=True)
class Stack:
    """A stack's entry in the manifest, its template, and what is written of it elsewhere."""

    entry: Mapping[str, Any]
    template: Mapping[str, Any]
    notes: Mapping[str, Any]
    acknowledged: tuple[Mapping[str, Any], ...]
    platform: str
    names: str

    @property
    def path(self) -> str:
        """Where its template lies."""
        return f"{FOLDERS[self.platform]}/{self.entry['template']}"

    def called(self, name: str) -> str:
        """How a stack is called in an account."""
        told = {"${Stack}": name, "${EnvironmentSuffix}": "SUFFIX", "${Environment}": "ENVIRONMENT"}
        return reduce(lambda text, part: text.replace(part, told[part]), told, self.names)

    @property
    def name(self) -> str:
        """As the manifest has it."""
        return str(self.entry["name"])

    def page(self) -> str:
        """The page as Markdown."""
        parts = (self._head(), self._makes(), self._asks(), self._tells(), self._acts(), self._costs(), self._by_hand())
        return "\n".join([*(text for part in parts if (text := "\n".join(part))), *self._exceptions()])

    def _head(self) -> Iterator[str]:
        yield f"# {self.name}\n"
        yield f"{self.template['Description']}. Deployed {HOMES[self.entry['home']]}."
        if self.entry.get("link"):
            yield "\nIt has a meaning only while both regions stand, and goes with the first of them."
        if not self.entry.get("rehearsed", True):
            yield f"\nNot rehearsed: {UNREHEARSED.get(self.entry['home'], 'the emulator does not take every type in it')}."
        yield f"\nTemplate: `{self.path}`. This page is made from it by `landbridge synth`.\n"

    def _makes(self) -> Iterator[str]:
        yield "## What it makes\n"
        kinds: dict[str, list[str]] = {}
        for name, resource in self.template["Resources"].items():
            kinds.setdefault(resource["Type"], []).append(name + (" (on a condition)" if "Condition" in resource else ""))
        yield from table(("type", "resources"), ((f"`{kind}`", ", ".join(names)) for kind, names in sorted(kinds.items())))

    def _asks(self) -> Iterator[str]:
        yield "## Parameters\n"
        rows = ((f"`{name}`", each["Description"], self._given(name, each)) for name, each in self.template["Parameters"].items())
        yield from table(("name", "what it is", "given by"), rows)

    def _given(self, name: str, parameter: Mapping[str, Any]) -> str:
        if feed := self.entry["feeds"].get(name):
            return f"`{feed['stack']}.{feed['output']}`, {_where(feed)}"
        default = parameter.get("Default")
        return "you" if default is None else f"you, else `{default}`" if default != "" else "you, else nothing"

    def _tells(self) -> Iterator[str]:
        yield "## Outputs\n"
        outputs = self.template["Outputs"].items()
        rows = ((f"`{name}`", each["Description"], f"`{each['Export']['Name']['Fn::Sub']}`") for name, each in outputs)
        yield from table(("name", "what it is", "export"), rows)

    def _acts(self) -> Iterator[str]:
        if acts := self.notes["acts"].get(self.name):
            yield "## What belongs to it besides\n"
            yield from (f"- {act}" for act in acts)
            yield ""

    def _costs(self) -> Iterator[str]:
        kinds = {resource["Type"] for resource in self.template["Resources"].values()}
        paid = [(kind, *self.notes["costs"][kind]) for kind in sorted(kinds & set(self.notes["costs"]))]
        rows = [(f"`{kind}`", what, unit, "[{}]({})".format(*self.notes["prices"][page])) for kind, what, unit, page in paid]
        yield "## What drives its cost\n"
        yield from table(("type", "paid for", "units", "prices"), rows) if rows else ["Nothing: AWS charges for none of it.\n"]

    def _by_hand(self) -> Iterator[str]:
        yield "## With nothing but the AWS CLI\n"
        yield "Capital words are yours to fill in.\n\n```sh"
        if self.entry["feeds"]:
            yield OUTPUT.format(called=self.called("$1"))
        yield "aws cloudformation deploy --region REGION --capabilities CAPABILITY_NAMED_IAM \\"
        yield f"    --stack-name {self.called(self.name)} --template-file {self.path} \\"
        yield "    --tags Environment=ENVIRONMENT Region=REGION CostCenter=COST_CENTER --parameter-overrides \\"
        yield " \\\n".join(f"    {name}={value}" for name, value in self._values())
        yield "```\n\nAnd away again:\n\n```sh"
        yield f"aws cloudformation delete-stack --region REGION --stack-name {self.called(self.name)}\n```"

    def _values(self) -> Iterator[tuple[str, str]]:
        """What must be given, and what another stack tells."""
        for name, parameter in self.template["Parameters"].items():
            if feed := self.entry["feeds"].get(name):
                yield name, f'"$(output {feed["stack"]} {feed["output"]} {WHERE[feed.get("region", "same")]})"'
            elif "Default" not in parameter:
                yield name, _shouted(name)

    def _exceptions(self) -> Iterator[str]:
        rows = [
            (", ".join(each["rules"]), ", ".join(here), each["reason"])
            for each in self.acknowledged
            if (here := [where.partition(".")[2] for where in each["at"] if where.startswith(f"{self.name}.")])
        ]
        if rows:
            yield "\n## Rules of the packs it does not follow\n"
            yield from table(("rules", "where", "why"), rows)


def write(templates: Path, acknowledged: Path, folder: Path, *others: Path) -> list[Path]:
    """Writes a page for every stack of the manifest, removes pages of stacks that are gone, and says which there are.

    Others are pages of that folder that are made elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = {folder / f"{stack.name}.md": stack.page().rstrip() + "\n" for stack in _stacks(templates, acknowledged)}
    for left in set(folder.glob("*.md")) - {*pages, *others}:
        left.unlink()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return list(pages)


def _stacks(templates: Path, acknowledged: Path) -> Iterator[Stack]:
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    spoken = tomllib.loads(acknowledged.read_text(encoding="utf-8"))["acknowledged"]
    manifest = json.loads((templates / "manifest.json").read_text(encoding="utf-8"))
    platform = manifest["platform"]
    for entry in manifest["stacks"]:
        template = json.loads((templates / entry["template"]).read_text(encoding="utf-8"))
        yield Stack(entry, template, notes | notes.get(platform, {}), tuple(spoken), platform, manifest["called"])


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table of Markdown, and the empty line after it."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    yield ""


def _where(feed: Mapping[str, str]) -> str:
    region = feed.get("region", "same")
    return {"same": "same region", "other": "the other region"}.get(region, f"the {region} region")


def _shouted(name: str) -> str:
    """EnvironmentSuffix is SUFFIX, VpcCidr is VPC_CIDR."""
    words = "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name).lstrip("_")
    return {"ENVIRONMENT_SUFFIX": "SUFFIX"}.get(words, words)
