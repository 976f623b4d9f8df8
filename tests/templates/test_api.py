"""Who may call the API, from which origins and how often: by parameter, and closed where no parameter opens it."""

import re
from collections.abc import Mapping
from typing import Any

from tests.templates.walk import statements

from landbridge.model.routes import RESOURCES, ROUTES

Templates = Mapping[str, Mapping[str, Any]]
KIND = {"Fn::If": ["ByIam", "AWS_IAM", {"Fn::If": ["ByToken", "COGNITO_USER_POOLS", "NONE"]}]}
USERS = {"Fn::If": ["ByToken", {"Ref": "Users"}, {"Ref": "AWS::NoValue"}]}


def _made(templates: Templates) -> Mapping[str, Any]:
    found: Mapping[str, Any] = templates["api"]["Resources"]
    return found


def _methods(templates: Templates) -> dict[tuple[str, str], Mapping[str, Any]]:
    methods = [each["Properties"] for each in _made(templates).values() if each["Type"] == "AWS::ApiGateway::Method"]
    return {(each["HttpMethod"], each["ResourceId"]["Ref"].removesuffix("Resource")): each for each in methods}


def test_every_route_has_its_method_and_nothing_else_has(templates: Templates) -> None:
    """One table makes the template, the handlers and the document; beside it there is OPTIONS alone."""
    found = _methods(templates)
    assert {each for each in found if each[0] != "OPTIONS"} == {(route.method, RESOURCES[route.path]) for route in ROUTES}
    assert {name for method, name in found if method == "OPTIONS"} == {RESOURCES[route.path] for route in ROUTES}


def test_every_method_asks_who_calls_but_health_and_preflights(templates: Templates) -> None:
    """Route 53's checkers and browsers' preflights can't sign in; everybody else is asked as the parameter says."""
    for (method, name), properties in _methods(templates).items():
        if name == "Health" or method == "OPTIONS":
            assert properties["AuthorizationType"] == "NONE", name
        else:
            assert (properties["AuthorizationType"], properties["AuthorizerId"]) == (KIND, USERS), name


def test_the_token_is_one_of_the_pool_that_was_named(templates: Templates) -> None:
    """A pool's authorizer over the header the other region is shown too."""
    users = _made(templates)["Users"]
    assert users["Condition"] == "ByToken"
    assert users["Properties"]["Type"] == "COGNITO_USER_POOLS"
    assert users["Properties"]["ProviderARNs"] == [{"Ref": "UserPoolArn"}]
    assert users["Properties"]["IdentitySource"] == "method.request.header.Authorization"


def test_another_authorizer_is_another_deployment(templates: Templates) -> None:
    """A deployment keeps what methods were: one for each choice, made after all methods, and the stage takes what applies."""
    made = _made(templates)
    conditions = {name: each["Condition"] for name, each in made.items() if each["Type"] == "AWS::ApiGateway::Deployment"}
    assert sorted(conditions.values()) == ["ByIam", "ByNobody", "ByToken"]
    methods = {name for name, each in made.items() if each["Type"] == "AWS::ApiGateway::Method"}
    assert all(methods <= set(made[name]["DependsOn"]) for name in conditions)
    iam, token, nobody = (
        next(name for name in conditions if conditions[name] == each) for each in ("ByIam", "ByToken", "ByNobody")
    )
    wanted = {"Fn::If": ["ByIam", {"Ref": iam}, {"Fn::If": ["ByToken", {"Ref": token}, {"Ref": nobody}]}]}
    assert made["Stage"]["Properties"]["DeploymentId"] == wanted


def test_signed_hops_may_go_where_they_go_and_nowhere_else(templates: Templates) -> None:
    """Each function may call its own methods of users' paths on the other side, where requests are signed at all."""
    for function, asked in (
        ("Read", {"GET/state/*/*", "GET/commands/*", "GET/commands/*/*"}),
        ("Write", {"PUT/state/*/*", "PUT/commands/*/*"}),
    ):
        listed = _made(templates)[f"{function}Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        (hop,) = (each["Fn::If"] for each in listed if "Fn::If" in each)
        assert (hop[0], hop[2]) == ("ByIam", {"Ref": "AWS::NoValue"})
        (statement,) = statements(hop)
        assert statement["Action"] == ["execute-api:Invoke"]
        assert {each["Fn::Sub"].partition(":*/live/")[2] for each in statement["Resource"]} == asked
        told = _made(templates)[f"{function}Function"]["Properties"]["Environment"]["Variables"]["AUTHORIZER"]
        assert told == {"Ref": "Authorizer"}


def test_the_functions_know_whom_a_caller_may_name(templates: Templates) -> None:
    """Both are told the operators' group and whose a role's callers are; nobody but oneself as it comes."""
    for parameter, variable in (("OperatorsGroup", "OPERATORS_GROUP"), ("RoleUsers", "ROLE_USERS")):
        assert templates["api"]["Parameters"][parameter]["Default"] == ""
        for function in ("Read", "Write"):
            variables = _made(templates)[f"{function}Function"]["Properties"]["Environment"]["Variables"]
            assert variables[variable] == {"Ref": parameter}
    role = re.compile(templates["api"]["Parameters"]["RoleUsers"]["AllowedPattern"])
    group = re.compile(templates["api"]["Parameters"]["OperatorsGroup"]["AllowedPattern"])
    assert all(map(role.fullmatch, ("", "Desk=*", "AWSReservedSSO_Trader_0a1b=@,Robot=alice")))
    assert not any(map(role.fullmatch, ("Desk", "=*", "Desk=", "*=alice", "Desk=*,", "Desk=**", "a b=c")))
    assert not any(map(group.fullmatch, ("a,b", "a b", "*")))


def test_no_other_origin_is_allowed_unless_one_is_named(templates: Templates) -> None:
    """Empty as it comes, never a star; functions and preflights are told the same list."""
    asked = templates["api"]["Parameters"]["AllowedOrigins"]
    assert asked["Default"] == ""
    assert asked["AllowedPattern"].startswith("(https://")
    made = _made(templates)
    assert made["Stage"]["Properties"]["Variables"] == {"allowedOrigins": {"Fn::Sub": ",${AllowedOrigins},"}}
    for function in ("Read", "Write"):
        variables = made[f"{function}Function"]["Properties"]["Environment"]["Variables"]
        assert variables["ALLOWED_ORIGINS"] == {"Ref": "AllowedOrigins"}


def test_a_preflight_allows_only_what_is_listed(templates: Templates) -> None:
    """API Gateway answers it, compares the whole origin with the stage's list, and names the path's methods alone."""
    for (method, name), properties in _methods(templates).items():
        if method != "OPTIONS":
            continue
        assert properties["Integration"]["Type"] == "MOCK", name
        (answer,) = properties["Integration"]["IntegrationResponses"]
        mapping, of, what = answer["ResponseTemplates"]["application/json"]["Fn::FindInMap"]
        text = templates["api"]["Mappings"][mapping][of][what]
        assert '$stageVariables.allowedOrigins.contains(",$origin,")' in text, name
        methods = ",".join(route.method for route in ROUTES if RESOURCES[route.path] == name)
        assert f'Access-Control-Allow-Methods = "{methods}"' in text, name
        assert "*" not in text, name


def test_the_stage_lets_through_what_the_parameters_say(templates: Templates) -> None:
    """In the long run and at once; neither is without a bound."""
    (setting,) = _made(templates)["Stage"]["Properties"]["MethodSettings"]
    assert (setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"]) == ({"Ref": "RateLimit"}, {"Ref": "BurstLimit"})
    for name in ("RateLimit", "BurstLimit"):
        asked = templates["api"]["Parameters"][name]
        assert 1 <= asked["MinValue"] <= asked["Default"] <= asked["MaxValue"], name
