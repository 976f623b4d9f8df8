"""A world kept up with the source alone: requests are answered, commands accepted once, and no log holds any of it."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.world.source_alone import SourceAlone, source_alone
from tests.integration.marks import marks, places_of

MINUTE = 60.0


def _percentile(took: list[float], share: float) -> float:
    return took[min(len(took) - 1, int(len(took) * share))] * 1000


@pytest.mark.slow
def test_a_minute_at_the_default_rate_fails_nobody_and_accepts_each_command_once(tmp_path: Path) -> None:
    """No request fails or is asked twice; writes, trades, commands (in PostgreSQL) and signals are there once, and right."""

    async def run() -> None:
        async with source_alone(tmp_path) as kept:
            await kept.trade(MINUTE)
            seen = kept.books.ledger.tally.requests()
            for kind, took in kept.seconds().items():
                p50, p99 = _percentile(took, 0.5), _percentile(took, 0.99)
                sys.stderr.write(f"{kind:14} {len(took):5d} requests  p50 {p50:6.1f} ms  p99 {p99:7.1f} ms\n")
            assert (seen.failed, seen.wrong, seen.raw_errors) == (0, 0, 0), seen.errors
            assert seen.total > 0.8 * kept.rehearsal.traffic.rate * MINUTE
            assert {"GET state", "PUT state", "PUT commands"} <= set(kept.seconds())
            settled = await kept.settled()
            assert {"trades", "signals", "effects"} <= {each.what for each in settled}
            assert all(each.is_whole and each.accepted for each in settled), settled

    asyncio.run(run())


@pytest.mark.slow
def test_no_log_holds_what_users_sent_when_a_fifth_of_it_fails(tmp_path: Path) -> None:
    """Users, views, ids, values and orders, after errors and throttling at the door: in no log, of functions or of ours."""

    async def run() -> list[str]:
        async with source_alone(tmp_path) as kept:
            door = kept.world.doors[kept.migration.regions.source]
            door.set(replace(door.conditions, errors=0.1, throttle=0.2))
            await kept.trade(15.0)
            door.set(replace(door.conditions, errors=0.0, throttle=0.0))
            assert kept.books.ledger.tally.requests().raw_errors > 0
            return await asyncio.to_thread(_function_logs, kept)

    said = asyncio.run(run())
    assert any("/state/{user}/{view} 200" in line for line in said), "the functions' own logs were not found"
    assert any("/state/{user}/{view} 503" in line or "/state/{user}/{view} 500" in line for line in said)
    sent = marks(tmp_path)
    assert len(sent) > 200
    assert not places_of(sent, tmp_path, {"functions": "\n".join(said)})


def _function_logs(kept: SourceAlone) -> list[str]:
    """Every line of every log group of the source."""
    logs = kept.world.clients.client("logs", kept.migration.regions.source)
    groups = [each["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for each in page["logGroups"]]
    return [
        event["message"]
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        for event in page["events"]
    ]
