"""The trading platform's world: users come in by CloudFront, Managed Flink computes signals, Firehose sends logs on."""

import random
import time
from functools import partial
from pathlib import Path

from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Platform
from landbridge.model.region import Region
from landbridge.rehearse.fabric.edge import Edge, Origin, Served
from landbridge.rehearse.fabric.event_source.region import Kinesis
from landbridge.rehearse.fabric.logs.agent import LogShipping
from landbridge.rehearse.fabric.logs.bucket import BareBuckets
from landbridge.rehearse.fabric.signals.agent import SignalsAgent
from landbridge.rehearse.market.signals_book import Identity
from landbridge.rehearse.world import World
from landbridge.workloads.trading.flink.properties import Properties
from landbridge.workloads.trading.signals.writer import Tables


class EdgedWorld(World):
    """The world, an edge before its regions, and what AWS runs in them; `served` lists what the edge answered."""

    edge: Edge
    logs: LogShipping

    def __init__(self, platform: Platform, rehearsal: Rehearsal, folder: Path) -> None:
        super().__init__(platform, rehearsal, folder)
        self.served: list[Served] = []
        self.signals: dict[Region, SignalsAgent] = {}

    def ways(self) -> dict[str, str]:
        """The edge alone."""
        return {"edge": self.edge.url}

    def late_trades(self) -> dict[Region, frozenset[Identity]]:
        """Which trades came too late for their windows, by what each region's application says."""
        return {region: frozenset(agent.late) for region, agent in self.signals.items()}

    async def _open(self) -> None:
        self.edge = Edge(Origin(self.platform.domain), self.resolver, self.addresses, self.served.append)
        self._stack.push_async_callback(self.edge.stop)  # first: cancelled in the midst, it would keep its port
        await self.edge.start()
        for region in self.pair:
            calls, kept = self._calls[region], self.folder / f"signals-{region}.json"
            named, stores = self.platform.named("signals"), partial(self._stores, region)
            self.signals[region] = SignalsAgent(named, calls, Kinesis(calls), stores, kept, time.time)
            self._run(self.signals[region].run())
        pair = {region: self._calls[region] for region in self.pair}
        chance = random.Random(f"{self._rehearsal.seed}/logs")
        self.logs = LogShipping(pair, BareBuckets(pair), time.time, self.shipping, chance)
        self._run(self.logs.run())

    def _stores(self, region: Region, told: Properties) -> Tables:
        return Tables(self.agents.client("dynamodb", region), analytics=told.analytics, pens=told.pens)
