"""The committed templates of the payments platform as plain data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.templates.conftest import COMMITTED, committed

from landbridge.config.load import load_context
from landbridge.config.payments import Payments

FOLDER = COMMITTED / "payments"
CONTEXT = COMMITTED.parent / "cdk.json"
Templates = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="session")
def templates() -> Templates:
    """Every committed template of the payments platform, by the name of its stack."""
    return committed("payments")


@pytest.fixture(scope="session")
def platform() -> Payments:
    """What CDK's context says of it."""
    return load_context(Path(CONTEXT), "payments", Payments)
