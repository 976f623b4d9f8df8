"""Functions are called as often as the deployed rules say, never two rounds at once, and not while a region is out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.unit.rehearse_world.servers import until

from landbridge.model.errors import Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.clock import Clock

MINUTE = 0.02


def rule(name: str, schedule: str, state: str = "ENABLED") -> dict[str, str]:
    """As ListRules tells it."""
    return {"Name": name, "Arn": f"arn:aws:events:r:1:rule/{name}", "ScheduleExpression": schedule, "State": state}


def arn(name: str) -> str:
    """A function's."""
    return f"arn:aws:lambda:r:1:function:{name}"


@dataclass
class Here:
    """A region's rules, each with a function of its name, and its functions; who holds `stuck` does not answer."""

    rules: list[dict[str, str]]
    stuck: str = ""
    out: bool = False
    called: list[str] = field(default_factory=list)
    looked: int = 0
    ended: list[str] = field(default_factory=list)

    async def ask(self, service: str, target: str, **asked: Any) -> dict[str, Any]:
        """Rules, or the targets of one."""
        self.looked += 1
        if self.out:
            raise Unreachable(Region("r"), service)
        if target == "AWSEvents.ListRules":
            return {"Rules": self.rules}
        return {"Targets": [{"Id": "queue", "Arn": "arn:aws:sqs:r:1:queue"}, {"Id": "it", "Arn": arn(asked["Rule"])}]}

    async def invoke(self, function: str, event: dict[str, Any]) -> None:
        """Notes who is called with a schedule's event."""
        name = function.rpartition(":")[2]
        assert (event["source"], event["resources"]) == ("aws.events", [f"arn:aws:events:r:1:rule/{name}"])
        self.called.append(name)
        try:
            if name == self.stuck:
                await asyncio.Event().wait()
        finally:
            self.ended.append(name)


def keeping(here: Here, enough: Callable[[], bool]) -> None:
    """Keeps time there until it is enough."""

    async def run() -> None:
        clock = asyncio.create_task(Clock(here, here, MINUTE).run())
        try:
            await until(enough)
        finally:
            clock.cancel()
            await asyncio.gather(clock, return_exceptions=True)

    asyncio.run(run())


def test_each_rule_is_kept_by_its_own_minutes() -> None:
    """Every minute and every third one; disabled rules, other schedules and other targets are left alone."""
    off, daily, hourly = rule("off", "rate(1 minute)", "DISABLED"), rule("daily", "cron(0 5 * * ? *)"), rule("h", "rate(1 hour)")
    here = Here([rule("one", "rate(1 minute)"), rule("three", "rate(3 minutes)"), off, daily, hourly, rule("on-events", "")])
    keeping(here, lambda: here.called.count("three") == 2)
    assert here.called[:8] == ["one", "one", "one", "three", "one", "one", "one", "three"]
    assert set(here.called) == {"one", "three"}


def test_no_round_begins_while_the_one_before_it_runs() -> None:
    """And others go on; it ends with the clock."""
    here = Here([rule("slow", "rate(1 minute)"), rule("quick", "rate(1 minute)")], stuck="slow")
    keeping(here, lambda: here.called.count("quick") > 3)
    assert here.called.count("slow") == 1
    assert here.ended.count("slow") == 1


def test_a_region_that_is_out_has_no_clock_and_has_one_again() -> None:
    """Nothing is made up for."""
    here = Here([rule("one", "rate(1 minute)")], out=True)

    def back() -> bool:
        here.out = here.looked < 3
        return len(here.called) >= 2

    keeping(here, back)
    assert len(here.called) <= here.looked // 2
