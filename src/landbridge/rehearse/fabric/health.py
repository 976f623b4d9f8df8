"""Route 53's health checkers: look at endpoints, count failures and successes in a row, combine checks.

A new check counts as healthy until it knows better, or as unhealthy when inverted. The interval is the world's own,
quickened; the answer limits are Route 53's. Checks on alarms count as healthy: alarms of the emulator prove nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from landbridge.rehearse.fabric.addresses import Addresses

CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 2.0
SEARCHED_BYTES = 5120
ENDPOINT_TYPES = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH"})
AGENT = {"User-Agent": "Amazon-Route53-Health-Check-Service"}
COMBINATION_LIMIT = 8

Config = Mapping[str, Any]


@dataclass(slots=True)
class _Streak:
    """What an endpoint's looks add up to."""

    needed: int
    well: bool = True
    looks: int = 0
    against: int = 0

    def look(self, *, good: bool) -> None:
        self.looks += 1
        self.against = 0 if good is self.well else self.against + 1
        if self.against >= self.needed:
            self.well, self.against = good, 0


@dataclass(slots=True)
class _Endpoint:
    config: Config
    streak: _Streak
    task: asyncio.Task[None]


@dataclass
class HealthChecks:
    """Every health check there is; `failures` in a row flip one, `seconds` lie between two looks."""

    addresses: Addresses
    seconds: float
    failures: int
    resolve: Callable[[str], str | None]
    _configs: Mapping[str, Config] = field(default_factory=dict)
    _endpoints: dict[str, _Endpoint] = field(default_factory=dict)

    def follow(self, configs: Mapping[str, Config]) -> None:
        """From now on exactly these checks are made; one whose configuration changed begins anew."""
        self._configs = dict(configs)
        for name in [name for name, endpoint in self._endpoints.items() if configs.get(name) != endpoint.config]:
            self._endpoints.pop(name).task.cancel()
        for name, config in configs.items():
            if config["Type"] in ENDPOINT_TYPES and name not in self._endpoints:
                streak = _Streak(self.failures)
                self._endpoints[name] = _Endpoint(config, streak, asyncio.create_task(self._watch(config, streak)))

    async def stop(self) -> None:
        """Ends every look."""
        tasks = [endpoint.task for endpoint in self._endpoints.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._endpoints.clear()

    def healthy(self, name: str, depth: int = 0) -> bool:
        """Whether the check passes now; one that does not exist (any more) passes."""
        config = self._configs.get(name)
        if config is None or depth > COMBINATION_LIMIT:
            return True
        inverted = bool(config.get("Inverted"))
        return self._measured(name, config, depth) is not inverted

    def _measured(self, name: str, config: Config, depth: int) -> bool:
        if config.get("Disabled"):
            return True
        if config["Type"] == "CALCULATED":
            children = config.get("ChildHealthChecks", ())
            return sum(self.healthy(child, depth + 1) for child in children) >= int(config.get("HealthThreshold", 0))
        endpoint = self._endpoints.get(name)
        return endpoint is None or endpoint.streak.well

    async def _watch(self, config: Config, streak: _Streak) -> None:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=ANSWER_SECONDS)
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector, headers=AGENT) as session:
            loop = asyncio.get_running_loop()
            while True:
                began = loop.time()
                streak.look(good=await self._look(session, config))
                await asyncio.sleep(max(0.0, began + self.seconds - loop.time()))

    async def _look(self, session: aiohttp.ClientSession, config: Config) -> bool:
        url, host = self._where(config)
        if url is None:
            return False
        try:
            limit, named = asyncio.timeout(CONNECT_SECONDS + ANSWER_SECONDS), {"Host": host} if host else None
            async with limit, session.get(url, headers=named, allow_redirects=False) as found:
                if not 200 <= found.status < 400:
                    return False
                if "STR_MATCH" not in config["Type"]:
                    return True
                return str(config.get("SearchString", "")).encode() in (await found.content.read(SEARCHED_BYTES))
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _where(self, config: Config) -> tuple[URL | None, str]:
        """The address to look at and the host to name there; no address fails the look."""
        path, name = str(config.get("ResourcePath", "/")), str(config.get("FullyQualifiedDomainName", ""))
        if config.get("IPAddress"):
            return URL(f"http://{config['IPAddress']}:{config.get('Port', 80)}{path}", encoded=True), name
        host = self.resolve(name) or name
        place = self.addresses.place(host)
        return (URL(place.url + path, encoded=True), host) if place else (None, "")
