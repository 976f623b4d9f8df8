"""What is in the way of a move and may be, by a decision that says who took it and why.

Every description below is shown to the operator as the fix when a value is refused.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from landbridge.config.frozen import Spec
from landbridge.model.held import Reason


class Left(Spec):
    """A decision: what of the history may stay behind in the region that is left."""

    what: Literal["archived", "customers_key", "no_version"]
    by: Annotated[str, Field(min_length=3, max_length=100, description="who decided, by name or role")]
    why: Annotated[str, Field(min_length=10, max_length=300, description="why it may stay behind, in a sentence")]


class Preflight(Spec):
    """What is in the way of a move, and may be."""

    leave: Annotated[tuple[Left, ...], Field(description="a list of decisions, or [] for none")] = Field(default=(), strict=False)

    @property
    def leaves(self) -> dict[Reason, str]:
        """What may stay behind, by whose decision and why."""
        return {Reason[each.what.upper()]: f"left behind by decision of {each.by}: {each.why}" for each in self.leave}

    @model_validator(mode="after")
    def _one_decision_each(self) -> Self:
        if len(self.leaves) < len(self.leave):
            raise ValueError("two decisions are about the same: keep the one that counts")
        return self
