"""A dashboard API that takes commands too, and misbehaves exactly as it is told to."""

from collections import defaultdict
from dataclasses import dataclass, field

from aiohttp import web
from tests.unit.rehearse_face.dashboard import HERE, Dashboard, response

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.workloads.trading.orders import order


@dataclass
class Desk(Dashboard):
    """Beside the faults of any request: 'another' (200 for another command), 'low' (a number that is accepted comes next)."""

    heads: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    orders: dict[tuple[str, int], CommandItem] = field(default_factory=dict)
    effects: dict[tuple[str, int], str] = field(default_factory=dict)

    def open_to(self, router: web.UrlDispatcher) -> None:
        """Commands as well."""
        super().open_to(router)
        router.add_get("/commands/{user}", self._head)
        router.add_put("/commands/{user}/{number}", self._order)

    def _fault(self) -> str:
        return self.faults.popleft() if self.faults else ""

    async def _head(self, request: web.Request) -> web.StreamResponse:
        head = self.heads[request.match_info["user"]]
        self.attempts.append(("GET", request.path))
        return await self._answered(request, self._fault(), lambda: response({"number": head, "next": head + 1}, 200))

    async def _order(self, request: web.Request) -> web.StreamResponse:
        said, user, fault = await request.json(), request.match_info["user"], self._fault()
        item = CommandItem(user, int(request.match_info["number"]), said["key"], Epoch(1), order(said["order"]))
        self.attempts.append(("PUT", item.key))
        return await self._answered(request, fault, lambda: self._accepted(item, fault))

    def _accepted(self, item: CommandItem, fault: str) -> web.Response:
        head = self.heads[item.user]
        if fault == "low":
            return response({"error": "number", "expected": head}, 409)
        known = next((found for found in self.orders.values() if (found.user, found.key) == (item.user, item.key)), None)
        if known is None:
            if item.number != head + 1:
                return response({"error": "number", "expected": head + 1}, 409)
            self.heads[item.user] = item.number
            self.orders[item.user, item.number] = known = item
            self.effects[item.user, item.number] = item.key
        return response({**known.item(), "region": HERE} | ({"key": "?"} if fault == "another" else {}), 200)
