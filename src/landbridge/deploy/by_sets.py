"""A whole platform by StackSets: sets for what is in both regions, ordinary stacks between them, one after the other."""

from collections.abc import Callable

from landbridge.aws.clients import Clients, speaking
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.manifest import Home
from landbridge.deploy.run import Patience, deploy_all, destroy_all
from landbridge.deploy.stacksets import ROLES, StackSets, instance
from landbridge.deploy.walk import Walked
from landbridge.model.errors import LandbridgeError
from landbridge.model.region import Region

EVERYWHERE = Region("every region of its home")


def deploy_by_sets(deployer: Deployer, graph: Graph, sets: StackSets, patience: Patience) -> Walked[object]:
    """Makes every stack current; the roles of the sets come first."""
    walked: Walked[object] = Walked()
    for name in _names(graph):
        part = graph.only(place for place in graph.needs if place.stack == name)
        if not _one(walked, part, deployer, lambda at: deploy_all(deployer, at, patience).result(), sets.make_current):
            break
    return walked


def destroy_by_sets(deployer: Deployer, graph: Graph, sets: StackSets, patience: Patience) -> Walked[object]:
    """Removes every stack, last deployed first; the roles of the sets go last."""
    walked: Walked[object] = Walked()
    for name in reversed(_names(graph)):
        part = graph.only(place for place in graph.needs if place.stack == name)
        if not _one(walked, part, deployer, lambda at: destroy_all(deployer, at, patience).result(), sets.remove):
            break
    return walked


def instances(clients: Clients, home: Region, account: str) -> Callable[[str, Region], str]:
    """Where a set's instance is found in a region: its stack's id; the plain name where there is no instance."""

    def address(name: str, region: Region) -> str:
        found = instance(clients, home, account, name, region)
        return str(found["StackId"]) if found else name

    return address


def account_of(clients: Clients, region: Region) -> str:
    """The account these credentials belong to."""
    with speaking(region, "GetCallerIdentity"):
        return str(clients.client("sts", region).get_caller_identity()["Account"])


def _one(
    walked: Walked[object],
    part: Graph,
    deployer: Deployer,
    plainly: Callable[[Graph], object],
    as_set: Callable[..., None],
) -> bool:
    """One stack in all its regions; False when it failed."""
    stack = deployer.stack(next(iter(part.needs)).stack)
    try:
        if stack.home is Home.BOTH:
            as_set(stack, tuple(place.region for place in part.needs))
        else:
            plainly(part)
    except LandbridgeError as error:
        walked.failed.update(dict.fromkeys(part.needs, error))
        return False
    walked.done.update(dict.fromkeys(part.needs))
    return True


def _names(graph: Graph) -> list[str]:
    """One order of the stacks, whatever the region, in which each comes after what feeds it."""
    needs: dict[Place, frozenset[Place]] = {}
    for place, fed in graph.needs.items():
        at = Place(place.stack, EVERYWHERE)
        needs[at] = needs.get(at, frozenset()) | {Place(need.stack, EVERYWHERE) for need in fed} - {at}
    return sorted((place.stack for place in Graph(needs).order()), key=lambda name: name != ROLES)
