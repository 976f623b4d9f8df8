"""One pair of real clusters for all tests that leave it as it was."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.database.certificate import certificate
from tests.contract.database.place import Place


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What clients check the endpoints by."""
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> Iterator[Place]:
    """Made once; its endpoints speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle)
    with Place(tmp_path_factory.mktemp("databases") / "shared", context) as place:
        place.create()
        place.join()
        yield place


@pytest.fixture
def pair(standing: Place) -> Place:
    """The source writes and the target is its copy, with every knob at rest."""
    standing.home()
    return standing
