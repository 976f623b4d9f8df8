"""What every spec is: frozen once it was checked, and closed to keys it does not know."""

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
