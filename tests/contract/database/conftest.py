"""One pair of real clusters for all tests that leave it as it was."""

from collections.abc import Iterator

import pytest
from tests.contract.database.place import Place


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Made once."""
    with Place(tmp_path_factory.mktemp("databases") / "shared") as place:
        place.create()
        place.join()
        yield place


@pytest.fixture
def pair(standing: Place) -> Place:
    """The source writes and the target is its copy, with every knob at rest."""
    standing.home()
    return standing
