"""Who may call the API, by parameter: anybody, whoever signs by IAM, or whoever shows a token of a user pool.

A deployment of API Gateway keeps what the methods were when it was made. So there is one for each authorizer, under a
condition, and the stage takes the one that applies: changing the parameter changes what is deployed, without an act by hand.
"""

from aws_cdk import CfnCondition, CfnResource, Fn

from landbridge.model.callers import GROUP, POOL, ROLE, USER
from landbridge.model.routes import ROUTES, Route
from landbridge.model.wire import AUTHORIZERS, BY_IAM, BY_TOKEN, NOBODY
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.stages import STAGE, deployment
from landbridge.platforms.words import Json, allow, only_if, pick, ref, sub

CONDITIONS = {NOBODY: "ByNobody", BY_IAM: "ByIam", BY_TOKEN: "ByToken"}
ONE_ROLE = f"{ROLE}=({USER})"
PEERS = "arn:${AWS::Partition}:execute-api:*:${AWS::AccountId}:*/"  # the other region's API has an id that AWS makes


def asks_who_may_call(stack: TradingStack) -> dict[str, Json]:
    """The parameters, their conditions, and what they need besides; what the functions must know of them."""
    chosen = stack.asks(
        "Authorizer",
        "Who may call the API, in both regions alike: 'none' asks nobody, 'iam' wants signed requests, 'jwt' a user pool's token",
        default=NOBODY,
        allowed_values=list(AUTHORIZERS),
    )
    asked = stack.node.find_child("Authorizer").value_as_string
    for authorizer, condition in CONDITIONS.items():
        CfnCondition(stack, condition, expression=Fn.condition_equals(asked, authorizer))
    pool = stack.asks(
        "UserPoolArn",
        "The user pool whose tokens count, where the authorizer is 'jwt'; else empty",
        default="",
        allowed_pattern=f"({POOL})?",
        constraint_description="the ARN of a Cognito user pool",
    )
    properties = {
        "RestApiId": ref("Api"),
        "Name": stack.named("users"),
        "Type": "COGNITO_USER_POOLS",
        "IdentitySource": "method.request.header.Authorization",
        "ProviderARNs": [pool],
    }
    stack.make("Users", "AWS::ApiGateway::Authorizer", properties, when=CONDITIONS[BY_TOKEN])
    return {"AUTHORIZER": chosen, **_asks_for_rights(stack)}


def _asks_for_rights(stack: TradingStack) -> dict[str, Json]:
    """Whom a caller may name as the user of a path; nobody but themselves as it comes."""
    group = stack.asks(
        "OperatorsGroup",
        "The group of the user pool whose members may name any user of a path; others only the subject of their token",
        default="",
        allowed_pattern=GROUP,
    )
    users = stack.asks(
        "RoleUsers",
        "Whom callers of a role may name, where they sign: Role=alice, Role=@ their session's name, Role=* any; with commas",
        default="",
        max_length=2048,
        allowed_pattern=f"({ONE_ROLE}(,{ONE_ROLE})*)?",
        constraint_description="Role=user, with commas and no spaces between",
    )
    return {"OPERATORS_GROUP": group, "ROLE_USERS": users}


def authorization(route: Route) -> dict[str, Json]:
    """What a method says of who may call it."""
    if route.open:
        return {"AuthorizationType": "NONE"}
    by_token = CONDITIONS[BY_TOKEN]
    kind = pick(CONDITIONS[BY_IAM], "AWS_IAM", pick(by_token, "COGNITO_USER_POOLS", "NONE"))
    return {"AuthorizationType": kind, "AuthorizerId": only_if(by_token, ref("Users"))}


def deployed(stack: TradingStack, routes: Json, methods: list[CfnResource]) -> Json:
    """The deployment that applies."""
    made = {each: deployment(stack, routes, methods, when=when) for each, when in CONDITIONS.items()}
    iam, token, nobody = (ref(made[each]) for each in (BY_IAM, BY_TOKEN, NOBODY))
    return pick(CONDITIONS[BY_IAM], iam, pick(CONDITIONS[BY_TOKEN], token, nobody))


def may_ask(function: str) -> Json:
    """The statement that lets a function's signed requests into the other region's API, where requests are signed."""
    asked = [f"{PEERS}{STAGE}/{route.method}/{route.anybodys}" for route in ROUTES if _is_forwarded(route, function)]
    return only_if(CONDITIONS[BY_IAM], allow("AskTheOtherRegion", ["execute-api:Invoke"], [sub(each) for each in asked]))


def _is_forwarded(route: Route, function: str) -> bool:
    """What belongs to a user has a version, and is asked of the other region; the market is not."""
    return route.function == function and "{user}" in route.path
