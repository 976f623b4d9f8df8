"""Runs the rule packs over the committed templates and prints what they find; a program of its own, so that CDK's Node ends.

The templates are read back in as typed resources, which is what the packs know.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from landbridge import platforms as _named_node  # noqa: F401 - names CDK's Node before CDK is imported

import aws_cdk as cdk  # isort: skip
import cdk_nag  # isort: skip
from aws_cdk import cloudformation_include  # isort: skip

PACKS = (cdk_nag.AwsSolutionsChecks, cdk_nag.NIST80053R5Checks, cdk_nag.PCIDSS321Checks)


def found(folder: Path, out: Path) -> list[tuple[str, str]]:
    """Each rule that is not followed, without its pack's name, and where."""
    app = cdk.App(outdir=str(out), tree_metadata=False, analytics_reporting=False, builtin_cloud_formation_validation=False)
    cdk.Validations.of(app).add_plugins(*(pack(app) for pack in PACKS))
    for path in sorted(folder.glob("*.template.json")):
        stack = cdk.Stack(app, path.name.removesuffix(".template.json"), synthesizer=cdk.BootstraplessSynthesizer())
        cloudformation_include.CfnInclude(stack, "Read", template_file=str(path))
    try:
        app.synth()
    except RuntimeError:  # what it complains about is in the report
        return sorted({each for report in _reports(out) for each in _violations(report)})
    return []


def _reports(out: Path) -> list[dict[str, Any]]:
    reports: list[dict[str, Any]] = json.loads((out / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    return reports


def _violations(report: dict[str, Any]) -> list[tuple[str, str]]:
    """`AwsSolutions-IAM5[Resource::*]` is IAM5: how wide a statement may be is held elsewhere, word for word."""
    return [
        (violation["ruleName"].partition("[")[0].rpartition("-")[2], made["constructPath"].replace("/Read/", "."))
        for violation in report["violations"]
        for made in violation["violatingConstructs"]
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="landbridge-packs-") as folder:
        json.dump(found(Path(sys.argv[1]), Path(folder)), sys.stdout)
