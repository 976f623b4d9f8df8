"""Users: dashboards with versions, orders with numbers. Each write is repeated with its id until it is answered for good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.workloads.trading.commands import Command
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.state import Write
from tests.simulation.history import Key, Told, Wait
from tests.simulation.people.apis import Api
from tests.simulation.world.place import SIDES
from tests.simulation.world.world import World

VIEWS = 3
LAST_WRITES = 2  # of each user after the way is done: what the end broke would show
FINAL = frozenset({200, 409})


@dataclass
class User:
    """One person at one device, writing into one domain through either region."""

    world: World
    apis: Mapping[Region, Api[Any]]
    name: str
    domain: Domain

    def run(self, write: Callable[[int], None]) -> None:
        """Write after write until all is over, and a few more."""
        kernel, last, number = self.world.place.kernel, LAST_WRITES, 0
        pace = kernel.chance.choice([1.5, 4.0])
        while last:
            last -= self.world.over
            kernel.sleep(kernel.chance.expovariate(1 / pace))
            number += 1
            write(number)

    def dashboards(self) -> None:
        """New versions of a few views."""
        versions = [0] * VIEWS
        chance = self.world.place.kernel.chance

        def write(_number: int) -> None:
            view = chance.randrange(VIEWS)
            versions[view] += 1
            version, deleted = versions[view], chance.random() < 0.1
            write_id = f"{self.name}-{view}-{version}"
            wanted = Write(self.name, f"view-{view}", version, write_id, "value", deleted)
            self._told((self.name, wanted.view), version, write_id, lambda _answer: wanted)

        self.run(write)

    def orders(self, device: int) -> None:
        """Commands under the number this device believes is next; told another one, it goes on with that."""
        believed = [1]

        def write(number: int) -> None:
            key = f"{self.name}-{device}-{number}"

            def wanted(answer: Answer | None) -> Command:
                if answer and answer.status == 409:
                    believed[0] = int(answer.body["expected"])
                return Command(self.name, believed[0], key, "buy")

            believed[0] = self._told((self.name,), believed[0], key, wanted) + 1

        self.run(write)

    def _told(self, key: Key, number: int, id_: str, wanted: Callable[[Answer | None], Any]) -> int:
        """The number it was accepted under."""
        history = self.world.place.history
        history.sent[self.domain, key, id_] = number
        history.unanswered.append(id_)
        answer = self._until_answered(wanted)
        history.unanswered.remove(id_)
        accepted = int(answer.body.get("number", number))
        history.told.append(Told(self.world.place.now, self.domain, key, accepted, id_, answer.status))
        return accepted

    def _until_answered(self, wanted: Callable[[Answer | None], Any]) -> Answer:
        """Through either region, again and again; an answer can get lost on its way to the user."""
        place, answer = self.world.place, None
        while True:
            region = place.kernel.chance.choice(SIDES)
            if region in place.out:
                place.kernel.sleep(1.0)
                continue
            answer = self._once(region, wanted(answer))
            settled = answer.status in (FINAL if self.domain is Domain.STATE else {200})
            if settled and not place.chance(place.odds.unanswered):
                return answer
            place.kernel.sleep(place.kernel.chance.uniform(0.2, 1.0))

    def _once(self, region: Region, write: Any) -> Answer:
        place, began = self.world.place, self.world.place.now
        process = place.kernel.running
        frozen = process.frozen_until
        answer = self.apis[region].put(write)
        stood_still = process.frozen_until != frozen
        place.history.waits.append(Wait(began, place.now, self.domain, answer.status, stood_still))
        return answer
