"""One world for every store of this folder; a store is made when it is first asked for."""

from collections.abc import Iterator

import pytest
from tests.contract.lag.place import Living
from tests.contract.lag.stores import STORES, Store, heard


@pytest.fixture(scope="session")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """Started once."""
    made = Living(tmp_path_factory.mktemp("living"))
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def made() -> dict[str, Store]:
    """Those that stand already."""
    return {}


@pytest.fixture
def store(request: pytest.FixtureRequest, living: Living, made: dict[str, Store]) -> Iterator[Store]:
    """Its copy keeps up, before and after."""
    name = str(request.param)
    if name not in made:
        made[name] = STORES[name](living)
    made[name].slow(0.0)
    yield heard(made[name])
    made[name].slow(0.0)
    made[name].stall(False)
