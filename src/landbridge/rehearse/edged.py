"""A world whose users come in by CloudFront: the trading platform's."""

from pathlib import Path

from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Platform
from landbridge.rehearse.fabric.edge import Edge, Origin, Served
from landbridge.rehearse.world import World


class EdgedWorld(World):
    """The world, and an edge before its regions; `served` lists what the edge answered, in order."""

    edge: Edge

    def __init__(self, platform: Platform, rehearsal: Rehearsal, folder: Path) -> None:
        super().__init__(platform, rehearsal, folder)
        self.served: list[Served] = []

    def ways(self) -> dict[str, str]:
        """The edge alone."""
        return {"edge": self.edge.url}

    async def _open(self) -> None:
        self.edge = Edge(Origin(self.platform.domain), self.resolver, self.addresses, self.served.append)
        self._stack.push_async_callback(self.edge.stop)  # first: cancelled in the midst, it would keep its port
        await self.edge.start()
