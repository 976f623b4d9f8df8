"""How the platform's stacks are deployed."""

from typing import Annotated

from pydantic import Field

from landbridge.config.frozen import Spec


class Deployment(Spec):
    """[deploy] of the platform's file; every value has a default."""

    watch_minutes: Annotated[int, Field(ge=0, le=180, description="whole minutes from 0 to 180")] = 5
    stackset_failures: Annotated[int, Field(ge=0, le=10, description="a number of regions from 0 to 10")] = 0
    stackset_at_once: Annotated[int, Field(ge=1, le=10, description="a number of regions from 1 to 10")] = 1
