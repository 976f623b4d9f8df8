"""Values come from Parameter Store, from the environment where that does not answer, and again after they have changed."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from landbridge.model.errors import BadInput
from landbridge.workloads.payments.configuration import PRESENT, Configuration

ENVIRONMENT = {"PARAMETERS": "/payments/prod/blue", "DATABASE_WRITER": "deployed.example", "SESSIONS_TABLE": "sessions"}


class Store:
    """A Parameter Store with one writer, or none that answers."""

    def __init__(self) -> None:
        self.writer: str | None = "now.example"

    def get_parameters(self, *, Names: list[str]) -> dict[str, Any]:  # noqa: N803 - AWS's word
        """Those it has."""
        if self.writer is None:
            raise EndpointConnectionError(endpoint_url="ssm")
        name = "/payments/prod/blue/database-writer"
        return {"Parameters": [{"Name": name, "Value": self.writer}] if name in Names else []}


def test_parameter_store_comes_before_what_was_deployed() -> None:
    """And what it does not have is as it was deployed."""
    told = Configuration(Store(), ENVIRONMENT, lambda: 0.0)
    assert (told.writer(), told("sessions-table")) == ("now.example:5432", "sessions")


def test_without_parameter_store_code_goes_on_with_what_it_knows() -> None:
    """First with what was deployed, later with what it was told last."""
    store, now = Store(), [0.0]
    store.writer = None
    told = Configuration(store, ENVIRONMENT, lambda: now[0])
    assert told.writer() == "deployed.example:5432"
    for store.writer, expected in (("moved.example:5433", "moved.example:5433"), (None, "moved.example:5433")):
        now[0] += PRESENT
        assert told.writer() == expected


def test_a_value_nobody_tells_is_named() -> None:
    """With where it should lie."""
    with pytest.raises(BadInput) as refused:
        Configuration(Store(), ENVIRONMENT, lambda: 0.0)("uploads-bucket")
    assert refused.value.where == "/payments/prod/blue/uploads-bucket"
