"""The committed templates are what the code writes, and the manifest is true of them."""

from pathlib import Path

import pytest
import typer
from tests.templates.conftest import COMMITTED

from landbridge.cli import synth as verb
from landbridge.deploy.manifest import INLINE_BYTES, Manifest

MOST_RESOURCES = 60  # what a person reviews in one sitting


def test_committed_templates_are_not_stale(fresh: Path) -> None:
    """A fresh synth gives the committed bytes, file for file."""
    assert verb.differing(COMMITTED, fresh, sorted(path for path in fresh.rglob("*.json"))) == []


def test_the_manifest_can_be_deployed_from() -> None:
    """Each is small enough to review and to send, feeds come before their readers, parameters have descriptions."""
    manifest = Manifest.read(COMMITTED)
    for stack in manifest.stacks:
        assert len(stack.body) < INLINE_BYTES
        assert len(stack.template["Resources"]) <= MOST_RESOURCES
        assert all(parameter["Description"] for parameter in stack.template["Parameters"].values())


def test_what_the_emulator_cannot_take_is_named() -> None:
    """The rehearsal deploys the rest, and whoever adds a stack to either side says so here."""
    manifest = Manifest.read(COMMITTED)
    rehearsed = [stack.name for stack in manifest.rehearsed().stacks]
    assert rehearsed == ["keys", "artifacts", "tables", "pens", "api", "parameters", "journal"]
    left_out = {stack.name for stack in manifest.stacks if not stack.rehearsed}
    assert left_out == {"network", "endpoints", "peering", "crossing", "switch", "health", "front", "edge", "stacksets"}


def test_synth_check_names_what_is_stale(fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`synth --check` fails on a changed, a missing and a left-over file, and passes on its own output."""

    def synthesize(folder: Path) -> list[Path]:
        for path in fresh.rglob("*.json"):
            (folder / path.relative_to(fresh)).parent.mkdir(parents=True, exist_ok=True)
            (folder / path.relative_to(fresh)).write_bytes(path.read_bytes())
        return sorted(folder.rglob("*.json"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "_synthesize", synthesize)
        verb.synth(check=False, folder=tmp_path)
        verb.synth(check=True, folder=tmp_path)
        (tmp_path / "manifest.json").write_text("{}")
        (tmp_path / "trading" / "pens.template.json").unlink()
        (tmp_path / "trading" / "old.template.json").write_text("{}")
        capsys.readouterr()
        with pytest.raises(typer.Exit) as ended:
            verb.synth(check=True, folder=tmp_path)
    assert ended.value.exit_code == 1
    stale = [line.split(" is stale")[0] for line in capsys.readouterr().err.splitlines()]
    assert stale == [
        str(tmp_path / name) for name in ("manifest.json", "trading/old.template.json", "trading/pens.template.json")
    ]
