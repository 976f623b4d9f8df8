"""Acts on many places at once, each after everything it needs; after a failure what runs may end, and nothing new begins."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from landbridge.deploy.graph import Graph, Place
from landbridge.model.errors import LandbridgeError

T = TypeVar("T")
AT_ONCE = 8


@dataclass
class Walked(Generic[T]):
    """What came of each place; a place in neither was not begun."""

    done: dict[Place, T] = field(default_factory=dict)
    failed: dict[Place, LandbridgeError] = field(default_factory=dict)

    def result(self) -> dict[Place, T]:
        """What was done, or the first failure."""
        for error in self.failed.values():
            raise error
        return self.done


def walk(graph: Graph, act: Callable[[Place], T], stop: Callable[[], None]) -> Walked[T]:
    """Acts on every place; `stop` is called when this is interrupted, and must make running acts end soon."""
    walked: Walked[T] = Walked()
    running: dict[Future[T], Place] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deploy") as pool:
        try:
            while True:
                if not walked.failed:
                    begun = {*walked.done, *running.values()}
                    running.update({pool.submit(act, place): place for place in graph.ready(walked.done.keys(), begun)})
                if not running:
                    return walked
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    _note(walked, running.pop(ended), ended)
        except BaseException:
            stop()
            raise


def _note(walked: Walked[T], place: Place, ended: Future[T]) -> None:
    try:
        walked.done[place] = ended.result()
    except LandbridgeError as error:
        walked.failed[place] = error
