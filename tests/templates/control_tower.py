"""AWS Control Tower's proactive rules over the templates, by AWS's own program, which the package of rules brings along.

The rules know no parameters: what another stack or an operator gives stands in them as a missing value. So they are asked
about the templates as they are deployed: parameters filled in, conditions true, references resolved to what they look like.
"""

import json
import platform
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from importlib.metadata import files
from pathlib import Path
from typing import Any

Templates = Mapping[str, Mapping[str, Any]]
PACKAGE = "cdklabs.cdk-validator-cfnguard"
RULES = "package/rules/control-tower/cfn-guard"
SYSTEMS = {"Linux": "ubuntu", "Darwin": "macos"}
MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
NOTHING = {"Ref": "AWS::NoValue"}
ID = re.compile(r"\[(CT\.[A-Z0-9]+\.PR\.\d+)\]")
PLACE = re.compile(r"/Resources/(\w+)")


class ControlTower:
    """The program and the rules, unpacked into a folder."""

    def __init__(self, folder: Path) -> None:
        """Out of the Node package inside the Python one, which is not imported: that would start Node."""
        (archive,) = (each for each in files(PACKAGE) or () if each.name.endswith(".jsii.tgz"))
        program = f"package/bin/{SYSTEMS[platform.system()]}/{MACHINES[platform.machine()]}/cfn-guard"
        with tarfile.open(archive.locate()) as packed:
            wanted = [each for each in packed.getmembers() if each.name == program or each.name.startswith(RULES)]
            packed.extractall(folder, members=wanted, filter="data")
        self._folder, self._program = folder, folder / program

    def rules(self) -> int:
        """How many there are."""
        return len(list((self._folder / RULES).rglob("*.guard")))

    def found(self, templates: Templates) -> set[tuple[str, str]]:
        """Each rule that is not followed, and where."""
        data = self._folder / "deployed"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        for stack, template in templates.items():
            (data / f"{stack}.json").write_text(json.dumps(deployed(template)), encoding="utf-8")
        how = ["--structured", "--output-format", "json", "--show-summary", "none"]
        command = [str(self._program), "validate", "--rules", str(self._folder / RULES), "--data", str(data), *how]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.stdout, done.stderr[-2000:]
        return {each for report in json.loads(done.stdout) for each in _broken(report)}


def _broken(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for rule in report["not_compliant"]:
        text = json.dumps(rule)
        assert ID.search(text), text
        yield from ((name, f"{Path(report['name']).stem}.{place}") for name in ID.findall(text) for place in PLACE.findall(text))


def deployed(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template with everything in it filled in."""
    given = {name: _given(parameter) for name, parameter in template["Parameters"].items()}
    made = template["Resources"].items()
    return {"Resources": {name: {"Type": each["Type"], "Properties": _filled(each["Properties"], given)} for name, each in made}}


def _given(parameter: Mapping[str, Any]) -> Any:
    kind = parameter["Type"]
    any_text = "arn:aws:service:region:123456789012:given"
    default = parameter.get("Default") or (parameter.get("MinValue", 1) if kind == "Number" else any_text)
    if kind.startswith("List<") or kind == "CommaDelimitedList":
        return [default, default]
    return int(default) if kind == "Number" else default


def _filled(value: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [filled for each in value if (filled := _filled(each, given)) != NOTHING]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((how, what),) = value.items()
        if how == "Ref":
            return value if value == NOTHING else given.get(what, what)
        if how == "Fn::If":
            return _filled(what[2] if what[1] == NOTHING else what[1], given)
        if how in {"Fn::Sub", "Fn::GetAtt"}:
            return _text(how, what)
    return {name: filled for name, each in value.items() if (filled := _filled(each, given)) != NOTHING}


def _text(how: str, what: Any) -> str:
    """A text as it looks once filled in; a bucket's ARN is the one whose look a rule asks for."""
    text = f"${{{'.'.join(what)}}}" if how == "Fn::GetAtt" else what if isinstance(what, str) else what[0]
    return re.sub(r"\$\{(\w+)\.Arn\}", lambda found: f"arn:aws:s3:::{found[1].lower()}", text).replace("${AWS::Partition}", "aws")
