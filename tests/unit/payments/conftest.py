"""One server for all of these tests."""

from collections.abc import Iterator

import pytest
from tests.unit.payments.served import Served, served


@pytest.fixture(scope="package", name="service")
def _service() -> Iterator[Served]:
    """Up."""
    with served() as up:
        yield up
