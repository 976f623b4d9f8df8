"""The clock of one region: calls functions as the deployed rules say, `rate(N minutes)`, and how long a minute is here.

Everything goes through the region's front door, so an outage reaches it too. A round that failed is not tried again, as
the rules ask for. Unlike on AWS, no call of a function begins while the one before it runs. Other schedules it leaves alone.
"""

import asyncio
import contextlib
import itertools
import re
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.fabric.ask import Asks

EVERY = re.compile(r"rate\(([1-9][0-9]*) minutes?\)")
FUNCTION = ":function:"
EVENT = {"version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}


class Functions(Protocol):
    """What a rule calls. Never raises: how it went is nobody's matter here."""

    def invoke(self, function: str, event: dict[str, Any]) -> Coroutine[Any, Any, object]:
        """Until the function has answered."""


class Clock:
    """`minute` is how many seconds a minute of a rule lasts here."""

    def __init__(self, rules: Asks, functions: Functions, minute: float) -> None:
        self._rules, self._functions, self._minute = rules, functions, minute
        self._running: dict[str, asyncio.Task[object]] = {}

    async def run(self) -> None:
        """Strikes minute by minute until cancelled; what runs then is dropped."""
        try:
            for minute in itertools.count(1):
                await asyncio.sleep(self._minute)
                with contextlib.suppress(Unreachable, Refused):  # a region that is out has no clock
                    await self._strike(minute)
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _strike(self, minute: int) -> None:
        for rule in (await self._rules.ask("events", "AWSEvents.ListRules"))["Rules"]:
            if _due(rule, minute):
                told = await self._rules.ask("events", "AWSEvents.ListTargetsByRule", Rule=rule["Name"])
                for target in told["Targets"]:
                    self._call(rule, target)

    def _call(self, rule: Mapping[str, Any], target: Mapping[str, Any]) -> None:
        function, running = target["Arn"], self._running.get(target["Arn"])
        if FUNCTION not in function or (running is not None and not running.done()):
            return
        event = {**EVENT, "resources": [rule["Arn"]]}
        self._running[function] = asyncio.create_task(self._functions.invoke(function, event))


def _due(rule: Mapping[str, Any], minute: int) -> bool:
    every = EVERY.fullmatch(rule.get("ScheduleExpression", ""))
    return every is not None and rule.get("State") == "ENABLED" and minute % int(every[1]) == 0
