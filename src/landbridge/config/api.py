"""Who may call the dashboard API, as whom, from where and how often; the same in both regions.

Every description below is shown to the operator as the fix when a value is refused.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from landbridge.config.frozen import Spec
from landbridge.model.callers import GROUP, MOST_A_SECOND, MOST_AT_ONCE, ORIGIN, POOL, ROLE, USER
from landbridge.model.wire import BY_IAM, BY_TOKEN

Role = Annotated[str, Field(pattern=f"^({ROLE})$")]
User = Annotated[str, Field(pattern=f"^({USER})$")]
Origin = Annotated[str, Field(pattern=f"^{ORIGIN}$")]
ORIGINS = 'origins like ["https://dashboards.example.com"], or [] for none'


class Api(Spec):
    """[api] of the platform's file."""

    authorizer: Annotated[Literal["none", "iam", "jwt"], Field(description='"none", "iam" or "jwt"')] = "none"
    user_pool: Annotated[str, Field(pattern=f"^({POOL})?$", description='the ARN of a Cognito user pool, or "" for none')] = ""
    operators_group: Annotated[str, Field(pattern=f"^{GROUP}$", description='a group of the user pool, or "" for none')] = ""
    role_users: dict[Role, User] = Field(default={}, description='roles and their users, like { Desk = "*", Trader = "@" }')
    allowed_origins: Annotated[tuple[Origin, ...], Field(strict=False, description=ORIGINS)] = ()
    rate_limit: Annotated[int, Field(ge=1, le=MOST_A_SECOND, description="requests a second, 1 to 10000")] = 1_000
    burst_limit: Annotated[int, Field(ge=1, le=MOST_AT_ONCE, description="requests at once, 1 to 5000")] = 2_000

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if (self.authorizer == BY_TOKEN) is not bool(self.user_pool):
            raise ValueError('authorizer = "jwt" and user_pool go together: name both, or neither')
        if self.operators_group and self.authorizer != BY_TOKEN:
            raise ValueError('operators_group is a group of the user pool: it counts with authorizer = "jwt" alone')
        if self.role_users and self.authorizer != BY_IAM:
            raise ValueError('role_users says who the callers of roles are: it counts with authorizer = "iam" alone')
        return self

    def parameters(self) -> dict[str, str]:
        """As the stack asks for them."""
        return {
            "AllowedOrigins": ",".join(self.allowed_origins),
            "Authorizer": self.authorizer,
            "BurstLimit": str(self.burst_limit),
            "OperatorsGroup": self.operators_group,
            "RateLimit": str(self.rate_limit),
            "RoleUsers": ",".join(f"{role}={user}" for role, user in sorted(self.role_users.items())),
            "UserPoolArn": self.user_pool,
        }
