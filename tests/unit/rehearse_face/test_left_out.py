"""What the rehearsal does not show is named in its report, down to each stack it does not deploy."""

from tests.builders import CONFIG

from landbridge.config.load import load
from landbridge.config.spec import Rehearsal
from landbridge.deploy.manifest import Manifest
from landbridge.rehearse.left_out import left_out


def test_every_stack_that_is_not_deployed_is_named() -> None:
    """Straight from the manifest, so that no list of ours can forget one."""
    manifest = Manifest.read(CONFIG.parent / "templates")
    told = left_out(load(CONFIG / "rehearsal.toml", Rehearsal), manifest)
    absent = {stack.name for stack in manifest.stacks} - {stack.name for stack in manifest.rehearsed().stacks}
    assert set(told[0].name.removeprefix("Stacks not deployed: ").split(", ")) == absent
    assert all(each.sentence.endswith(".") for each in told)
