"""The committed templates are what the code writes, and the manifest is true of them."""

import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
from tests.templates.conftest import COMMITTED
from tests.templates.kinds import FREE

from landbridge.cli import synth as verb
from landbridge.deploy.manifest import INLINE_BYTES, Manifest, StackSpec
from landbridge.deploy.regional import LEADING
from landbridge.platforms import openapi as document
from landbridge.platforms.pages import NOTES, write

ACKNOWLEDGED = COMMITTED / "acknowledged.toml"
PAYMENTS = COMMITTED / "payments"
ROOM = 0.9  # what a change may add before a stack must be parted
MOST_RESOURCES = 60  # what a person reviews in one sitting


def _kinds(stack: StackSpec) -> set[str]:
    return {str(made["Type"]) for made in stack.template["Resources"].values()}


def test_committed_templates_are_not_stale(fresh: Path) -> None:
    """A fresh synth gives the committed bytes, file for file."""
    assert verb.differing(COMMITTED, fresh, sorted(path for path in fresh.rglob("*.json"))) == []


def test_the_manifest_can_be_deployed_from() -> None:
    """Each is small enough to review and to send, feeds come before their readers, parameters have descriptions."""
    manifest = Manifest.read(COMMITTED)
    for stack in manifest.stacks:
        assert len(stack.body) < ROOM * INLINE_BYTES
        assert len(stack.template["Resources"]) <= MOST_RESOURCES
        assert all(parameter["Description"] for parameter in stack.template["Parameters"].values())


def test_what_the_emulator_cannot_take_is_named() -> None:
    """The rehearsal deploys the rest, and whoever adds a stack to either side says so here."""
    manifest = Manifest.read(COMMITTED)
    rehearsed = [stack.name for stack in manifest.rehearsed().stacks]
    market = ("streams", "signals", "history", "catalog", "pipeline")
    kept = ("credentials", "vaults")
    first = ("keys", "network", "endpoints", "peering", "crossing", "artifacts", "tables", "pens")
    served = (
        "api",
        "parameters",
        "switch",
        "logs",
        "shipping",
        "notices",
        "health",
        "front",
        "board",
        "edge",
        "tracker",
        "stacksets",
        "journal",
    )
    assert rehearsed == [*first, *market, *kept, *served]
    left_out = {stack.name for stack in manifest.stacks if not stack.rehearsed}
    database = {"rotation", "database", "global-database", "backup"}
    watched = {"relay", "watch", "copies", "heartbeat", "cost"}
    assert left_out == {"effects", "transform", "replicator", *watched, *database, *LEADING}


def test_every_stack_has_its_page_and_no_page_is_stale(tmp_path: Path) -> None:
    """Made from the committed templates, byte for byte; a page of a stack that is gone goes too."""
    (tmp_path / "gone.md").write_text("old")
    pages = write(COMMITTED, ACKNOWLEDGED, tmp_path)
    assert {page.stem for page in pages} == {stack.name for stack in Manifest.read(COMMITTED).stacks}
    assert verb.differing(COMMITTED.parent / "docs/templates", tmp_path, pages, "*.md") == []
    assert not (tmp_path / "gone.md").exists()


def test_a_page_has_all_an_operator_needs_without_us(tmp_path: Path) -> None:
    """Every resource, parameter and output, its acts, and a command that fills in what other stacks tell."""
    page = next(page for page in write(COMMITTED, ACKNOWLEDGED, tmp_path) if page.stem == "peering").read_text(encoding="utf-8")
    for text in (
        "PeeringConnection",
        "`network.VpcId`, the other region",
        'PeerVpcId="$(output network VpcId OTHER_REGION)"',
        "PeerRegion=PEER_REGION",
        "accept-vpc-peering-connection",
        "goes with the first of them",
        "delete-stack",
    ):
        assert text in page


def test_every_page_says_what_is_paid_for_in_which_units_and_where_its_price_stands(tmp_path: Path) -> None:
    """Each kind that costs, by AWS's own page of prices; nothing is named that no template has."""
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    kinds = {stack.name: _kinds(stack) for stack in Manifest.read(COMMITTED).stacks}
    theirs = [_kinds(stack) for stack in Manifest.read(PAYMENTS).stacks]
    for page in write(COMMITTED, ACKNOWLEDGED, tmp_path):
        text = page.read_text(encoding="utf-8")
        for kind in kinds[page.stem] & set(notes["costs"]):
            what, unit, source = notes["costs"][kind]
            title, address = notes["prices"][source]
            assert f"| `{kind}` | {what} | {unit} | [{title}]({address}) |" in text
    assert set(notes["costs"]) <= set.union(*kinds.values(), *theirs)
    assert {source for _, _, source in notes["costs"].values()} == set(notes["prices"])
    assert all(address.startswith("https://aws.amazon.com/") for _, address in notes["prices"].values())


def test_every_kind_is_known_to_cost_or_to_be_free() -> None:
    """A new kind must be placed: what is paid for, or nothing."""
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    stacks = [*Manifest.read(COMMITTED).stacks, *Manifest.read(PAYMENTS).stacks]
    kinds = set.union(*map(_kinds, stacks))
    assert kinds == set(notes["costs"]) | FREE


def test_the_commands_of_every_page_are_a_shells(tmp_path: Path) -> None:
    """With the capital words filled in nothing is left that a shell would trip over."""
    for page in write(COMMITTED, ACKNOWLEDGED, tmp_path):
        blocks = page.read_text(encoding="utf-8").split("```sh\n")[1:]
        assert len(blocks) == 2, page
        for block in blocks:
            subprocess.run(["sh", "-n"], input=block.split("```")[0], text=True, check=True)


def test_synth_check_names_what_is_stale(fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`synth --check` fails on a changed, a missing and a left-over file, template or page, and passes on its own output."""

    def synthesize(folder: Path) -> list[Path]:
        for path in fresh.rglob("*.json"):
            (folder / path.relative_to(fresh)).parent.mkdir(parents=True, exist_ok=True)
            (folder / path.relative_to(fresh)).write_bytes(path.read_bytes())
        return sorted(folder.rglob("*.json"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "_synthesize", synthesize)
        made, docs = tmp_path / "templates", tmp_path / "docs"
        made.mkdir()
        (made / "acknowledged.toml").write_bytes(ACKNOWLEDGED.read_bytes())
        (made / "payments").mkdir()
        (made / "payments" / "acknowledged.toml").write_bytes((PAYMENTS / "acknowledged.toml").read_bytes())
        openapi = tmp_path / "openapi.json"
        verb.synth(check=False, folder=made, docs=docs, openapi=openapi)
        verb.synth(check=True, folder=made, docs=docs, openapi=openapi)
        (made / "trading" / "keys.template.json").write_text("{}")
        (made / "trading" / "old.template.json").write_text("{}")
        (docs / "pens.md").unlink()
        openapi.write_text("{}")
        capsys.readouterr()
        with pytest.raises(typer.Exit) as ended:
            verb.synth(check=True, folder=made, docs=docs, openapi=openapi)
    assert ended.value.exit_code == 1
    stale = [line.split(" is stale")[0] for line in capsys.readouterr().err.splitlines()]
    assert stale[:2] == [str(made / "trading" / f"{name}.template.json") for name in ("keys", "old")]
    assert {str(docs / "pens.md"), str(openapi)} <= set(stale)


def test_the_document_of_the_api_is_not_stale(tmp_path: Path) -> None:
    """Made from the same routes and limits as the handlers, byte for byte."""
    fresh = document.write(tmp_path / "openapi.json")
    assert (COMMITTED.parent / "docs" / "openapi.json").read_bytes() == fresh.read_bytes()
