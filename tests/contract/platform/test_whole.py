"""Every committed stack that an emulator can be brought to take goes up behind adapting doors, and comes down to nothing."""

import dataclasses
import time
from functools import partial

from tests.contract.platform.verbs import ROOT

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.deploy.checks import verify
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import settings
from landbridge.deploy.run import Patience, deploy_all, destroy_all
from landbridge.deploy.teardown import Teardown
from landbridge.model.region import Region


def test_all_stacks_of_both_regions_up_and_down(clients: Clients, trading: Trading) -> None:
    """At once where the feeds allow; each table, key, function and gateway is well; nothing is left by name or tag."""
    platform = trading.platform.model_copy(update={"environment_suffix": "wholly"})
    config = trading.model_copy(update={"platform": platform})
    manifest = Manifest.read(ROOT / "templates")
    regional = partial(settings, config)
    deployer = Deployer(clients, manifest, platform, config.pens, sleep=time.sleep, regional=regional)
    patience = Patience(time.monotonic, time.sleep, 120, 0.2)
    outputs = deploy_all(deployer, deployer.graph, patience).result()
    assert set(outputs) == set(deployer.graph.needs)
    figures = verify(deployer, deployer.graph, patience, 20.0)
    assert {figure.resource for figure in figures if figure.ok is False} == set()
    assert all(figure.resource.endswith("Check") for figure in figures if figure.ok is None)  # it checks no health
    (peering,) = (figure.what for figure in figures if figure.resource == "PeeringConnection")
    assert peering == "active, 2 route tables lead over it in eu-central-1 and 2 in us-east-1"
    teardown = Teardown.of(deployer, deployer.graph)
    teardown.detach(patience)
    destroy_all(deployer, teardown.going, patience).result()
    assert teardown.left(patience) == []


def test_copying_is_switched_in_stacks_that_stand(clients: Clients, trading: Trading) -> None:
    """On in the source, left on by a deploy that says nothing of it, then the other way round; the bucket is the same one."""
    platform = trading.platform.model_copy(update={"environment_suffix": "copied"})
    config = trading.model_copy(update={"platform": platform})
    manifest = Manifest.read(ROOT / "templates")
    wanted = {"keys", "artifacts", "history"}
    manifest = dataclasses.replace(manifest, stacks=tuple(stack for stack in manifest.stacks if stack.name in wanted))
    patience = Patience(time.monotonic, time.sleep, 120, 0.2)

    def copying(**switched: str) -> set[Region]:
        """The regions whose history is copied after a deploy that was told so."""

        def known(region: Region) -> dict[str, str]:
            side = "source" if region == platform.source else "target"
            return {**settings(config, region), **({"Replication": switched[side]} if side in switched else {})}

        deployer = Deployer(clients, manifest, platform, config.pens, sleep=time.sleep, regional=known)
        outputs = deploy_all(deployer, deployer.graph, patience).result()
        return {place.region for place, told in outputs.items() if "BatchRoleArn" in told}

    source, target = Region(platform.source), Region(platform.target)
    assert copying() == set()
    assert copying(source="on") == {source}
    assert copying() == {source}
    assert copying(source="off", target="on") == {target}
    deployer = Deployer(clients, manifest, platform, config.pens, sleep=time.sleep, regional=partial(settings, config))
    teardown = Teardown.of(deployer, deployer.graph)
    destroy_all(deployer, teardown.going, patience).result()
    assert teardown.left(patience) == []
