"""Every committed stack of the payments platform goes up in both emulated regions, and comes down to nothing."""

import asyncio
import time

import pytest
from tests.contract.payments_stacks.conftest import JOURNAL, ROOT, SIDES
from tests.unit.rehearse_payments.fronts import front as shipped

from landbridge.aws.clients import Clients
from landbridge.config.expansion import Expansion
from landbridge.deploy.checks import verify
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import answers
from landbridge.deploy.run import Patience, deploy_all, destroy_all
from landbridge.deploy.teardown import Teardown
from landbridge.model.region import Region
from landbridge.rehearse.payments.deployed import Front, front


@pytest.mark.slow
def test_all_payments_stacks_of_both_regions_up_and_down(clients: Clients, expansion: Expansion) -> None:
    """By one command's work: each region told its own answers, the regions joined, nothing left by name or tag."""
    folder = ROOT / "templates" / "payments"
    told = {side: answers(expansion, folder, side) for side in (*SIDES, JOURNAL)}
    manifest = Manifest.read(folder).rehearsed()
    deployer = Deployer(clients, manifest, expansion.platform, None, sleep=time.sleep, regional=told.__getitem__)
    patience = Patience(time.monotonic, time.sleep, 120, 0.2)
    outputs = deploy_all(deployer, deployer.graph, patience).result()
    assert set(outputs) == set(deployer.graph.needs)
    figures = verify(deployer, deployer.graph, patience, 20.0)
    assert [figure for figure in figures if figure.ok is False] == []
    assert {figure.resource for figure in figures if figure.ok is None} <= {"HealthCheck"}  # nobody plays the checkers here
    (peering,) = (figure.what for figure in figures if figure.resource == "PeeringConnection")
    assert peering == "active, 4 route tables lead over it in us-east-2 and 4 in us-east-1"
    assert [_front(clients, side) for side in SIDES] == [shipped(side) for side in SIDES]
    teardown = Teardown.of(deployer, deployer.graph)
    teardown.detach(patience)
    destroy_all(deployer, teardown.going, patience).result()
    assert teardown.left(patience) == []


def _front(clients: Clients, side: Region) -> Front:
    """The load balancer and the firewall as the rehearsal's own will find them."""
    return asyncio.run(front(clients, side, "lb-prod-blue"))
