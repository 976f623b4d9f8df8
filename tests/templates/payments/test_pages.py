"""Every stack of the payments platform has its page, and the table of its regions is true of context and templates."""

import subprocess
from pathlib import Path

from tests.templates.payments.conftest import FOLDER

from landbridge.cli.synth import differing
from landbridge.config.payments import Payments
from landbridge.deploy.manifest import Manifest
from landbridge.platforms import differences, pages
from landbridge.platforms.payments.given import given

DOCS = FOLDER.parents[1] / "docs" / "payments"


def test_every_stack_has_its_page_and_no_page_is_stale(tmp_path: Path) -> None:
    """Made from the committed templates, byte for byte."""
    regions = differences.write(FOLDER, tmp_path)
    written = pages.write(FOLDER, FOLDER / "acknowledged.toml", tmp_path, regions)
    assert {page.stem for page in written} == {stack.name for stack in Manifest.read(FOLDER).stacks}
    assert differing(DOCS, tmp_path, [*written, regions], "*.md") == []


def test_the_commands_of_every_page_are_a_shells_and_name_stacks_as_they_are_called(tmp_path: Path) -> None:
    """Nothing is left that a shell would trip over, and no page speaks of another platform's stacks."""
    for page in pages.write(FOLDER, FOLDER / "acknowledged.toml", tmp_path):
        text = page.read_text(encoding="utf-8")
        assert f"--stack-name {page.stem}-ENVIRONMENT-SUFFIX" in text
        assert f"--template-file templates/payments/{page.stem}.template.json" in text
        assert "trading" not in text
        for block in text.split("```sh\n")[1:]:
            subprocess.run(["sh", "-n"], input=block.split("```")[0], text=True, check=True)


def test_the_table_has_every_difference_the_context_makes(platform: Payments) -> None:
    """Each value of each region stands in its row, in the part where it belongs."""
    text = (DOCS / differences.PAGE).read_text(encoding="utf-8")
    differs, alike = text.split("## The same in all of them")
    answers = [given(platform, each) for each in platform.regions]
    for stack, values in answers[0].items():
        for name, value in values.items():
            other = answers[1].get(stack, {}).get(name, "-")
            part = alike if str(value) == str(other) else differs
            (row,) = (line for line in part.splitlines() if line.startswith(f"| `{stack}.{name}` |"))
            assert row.endswith(f"| {value} | {other} |")
