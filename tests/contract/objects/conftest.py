"""One pair of emulators for every test here; each test has buckets of its own and finds the knobs at rest."""

from collections.abc import Iterator

import pytest
from tests.contract.objects.place import Place, standing

from landbridge.rehearse.fabric.objects.knobs import Knobs


@pytest.fixture(scope="session")
def one_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Started once."""
    with standing(tmp_path_factory.mktemp("objects")) as made:
        yield made


@pytest.fixture
def place(one_place: Place) -> Iterator[Place]:
    """The knobs at rest, before and after."""
    yield one_place
    vars(one_place.knobs).update(vars(Knobs()))
    one_place.quiet()
