"""Many schedules on every core, in processes whose coverage nobody measures: measured, a schedule takes several times as long."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

WORKERS = 2
MEASURING = "COVERAGE_PROCESS"  # what makes a new process measure itself


@contextmanager
def workers() -> Iterator[ProcessPoolExecutor]:
    """A pool of fresh processes."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(MEASURING)}
    try:
        with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
            yield pool
    finally:
        os.environ.update(hidden)
