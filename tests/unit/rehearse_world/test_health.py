"""Health checks flip after so many looks in a row, and combine as Route 53 combines them."""

import asyncio
from typing import Any

from aiohttp import web
from tests.unit.rehearse_world.servers import Upstream, until, upstream

from landbridge.model.region import Region
from landbridge.rehearse.fabric.addresses import Addresses
from landbridge.rehearse.fabric.health import HealthChecks

HOST = "ab12.execute-api.eu-central-1.amazonaws.com"
ENDPOINT = {"Type": "HTTPS", "FullyQualifiedDomainName": HOST, "ResourcePath": "/live/health"}


def checks_of(behind: Upstream, seconds: float = 0.02) -> HealthChecks:
    """Quick checks of one region."""
    return HealthChecks(Addresses({Region("eu-central-1"): behind.url}), seconds, 3, lambda _: None)


def test_an_endpoint_flips_after_three_looks_and_back_after_three() -> None:
    """Two failures change nothing, the third does; likewise on the way back."""
    statuses = [500, 500, 200, 500, 500, 500, 200, 200, 200]
    verdicts: list[bool] = []

    async def run() -> None:
        async with upstream() as behind:
            checks = checks_of(behind)

            async def scripted(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
                verdicts.append(checks.healthy("c"))
                return web.Response(status=statuses[len(verdicts) - 1] if len(verdicts) <= len(statuses) else 200)

            behind.handler = scripted
            checks.follow({"c": ENDPOINT})
            await until(lambda: len(verdicts) > len(statuses))
            await checks.stop()
            assert behind.heard[0] == ("GET", "/live/health")

    asyncio.run(run())
    assert verdicts[:10] == [True] * 6 + [False] * 3 + [True]


def test_new_checks_count_as_healthy_and_inverted_ones_as_sick() -> None:
    """Before the first three looks nothing is known."""

    async def run() -> tuple[bool, bool, bool]:
        async with upstream() as behind:
            checks = checks_of(behind, 60)
            checks.follow({"new": ENDPOINT, "inverted": {**ENDPOINT, "Inverted": True}})
            verdict = checks.healthy("new"), checks.healthy("inverted"), checks.healthy("unheard of")
            await checks.stop()
            return verdict

    assert asyncio.run(run()) == (True, False, True)


def test_calculated_checks_count_their_healthy_children() -> None:
    """At least the threshold must pass; an inverted child passes when its endpoint does not."""

    async def run() -> None:
        async with upstream() as behind:
            checks = checks_of(behind, 60)

            def calculated(threshold: int, *children: str, **more: Any) -> dict[str, Any]:
                return {"Type": "CALCULATED", "HealthThreshold": threshold, "ChildHealthChecks": list(children), **more}

            checks.follow(
                {
                    "up": {**ENDPOINT, "Disabled": True},
                    "down": {**ENDPOINT, "Disabled": True, "Inverted": True},
                    "both": calculated(2, "up", "down"),
                    "one": calculated(1, "up", "down"),
                    "not": calculated(1, "up", Inverted=True),
                    "nested": calculated(2, "one", "up"),
                    "circle": calculated(1, "circle"),
                    "alarm": {"Type": "CLOUDWATCH_METRIC"},
                }
            )
            verdicts = {name: checks.healthy(name) for name in ("both", "one", "not", "nested", "circle", "alarm")}
            await checks.stop()
            assert verdicts == {"both": False, "one": True, "not": False, "nested": True, "circle": True, "alarm": True}

    asyncio.run(run())


def test_string_matching_unreachable_and_unknown_endpoints() -> None:
    """A missing word, a refused connection and a name that leads nowhere all fail; a found word and an address pass."""

    async def word(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        return web.Response(text="serving: on")

    async def run() -> None:
        async with upstream(word) as behind:
            checks = checks_of(behind)
            match = {**ENDPOINT, "Type": "HTTPS_STR_MATCH"}
            address = {"Type": "HTTP", "IPAddress": "127.0.0.1", "ResourcePath": "/"}
            checks.follow(
                {
                    "found": {**match, "SearchString": "on"},
                    "missing": {**match, "SearchString": "off"},
                    "nowhere": {**ENDPOINT, "FullyQualifiedDomainName": "somewhere.example"},
                    "refused": {**address, "Port": 1},
                    "address": {**address, "Port": behind.port},
                }
            )
            await until(lambda: not any(checks.healthy(name) for name in ("missing", "nowhere", "refused")))
            assert checks.healthy("found")
            assert checks.healthy("address")
            await checks.stop()

    asyncio.run(run())


def test_a_changed_check_begins_anew_and_a_removed_one_stops() -> None:
    """Following other checks forgets what the old ones had found."""

    async def sick(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        return web.Response(status=500)

    async def run() -> None:
        async with upstream(sick) as behind:
            checks = checks_of(behind)
            checks.follow({"c": ENDPOINT})
            await until(lambda: not checks.healthy("c"))
            checks.follow({"c": {**ENDPOINT, "ResourcePath": "/live/other"}})
            assert checks.healthy("c")
            checks.follow({})
            await asyncio.sleep(0.05)
            heard = len(behind.heard)
            await asyncio.sleep(0.1)
            assert len(behind.heard) == heard

    asyncio.run(run())
