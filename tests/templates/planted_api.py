"""Defects of who may call the API: authorizers, the hop between the regions, origins, limits."""

from tests.templates import test_api as api
from tests.templates.planted import Defect, add, drop, put

METHOD = {
    "Type": "AWS::ApiGateway::Method",
    "Properties": {"HttpMethod": "DELETE", "ResourceId": {"Ref": "ViewResource"}, "AuthorizationType": "NONE"},
}
HOP = "Policies/0/PolicyDocument/Statement"
EVERYWHERE = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:${AWS::AccountId}:*/live/PUT/state/*/*"}
routed = api.test_every_route_has_its_method_and_nothing_else_has
asks = api.test_every_method_asks_who_calls_but_health_and_preflights
pool = api.test_the_token_is_one_of_the_pool_that_was_named
another = api.test_another_authorizer_is_another_deployment
hops = api.test_signed_hops_may_go_where_they_go_and_nowhere_else
rights = api.test_the_functions_know_whom_a_caller_may_name
named = api.test_no_other_origin_is_allowed_unless_one_is_named
preflight = api.test_a_preflight_allows_only_what_is_listed
limited = api.test_the_stage_lets_through_what_the_parameters_say
STAR = "#set($context.responseOverride.header.Access-Control-Allow-Origin = '*')"

DEFECTS = (
    Defect("api", "a method that is in no table of routes", put("Resources/Extra", METHOD), routed),
    Defect("api", "a route without its method", drop("Resources/SearchGet"), routed),
    Defect("api", "a write nobody is asked to sign in for", put("ViewPut/AuthorizationType", "NONE"), asks),
    Defect("api", "a token that no authorizer looks at", drop("ViewGet/AuthorizerId"), asks),
    Defect("api", "a health check that must sign in", put("HealthGet/AuthorizationType", "AWS_IAM"), asks),
    Defect("api", "a preflight that must sign in", put("ViewOptions/AuthorizationType", "AWS_IAM"), asks),
    Defect("api", "tokens of any pool", put("Users/ProviderARNs", []), pool),
    Defect("api", "one deployment for every authorizer", drop("Stage/DeploymentId/Fn::If"), another),
    Defect("api", "the read function's hop may write", add(f"ReadRole/{HOP}/4/Fn::If/1/Resource", EVERYWHERE), hops),
    Defect("api", "a hop that is always allowed", put(f"WriteRole/{HOP}/6/Fn::If/2", {"Sid": "x"}), hops),
    Defect("api", "a function that does not know how to sign", drop("WriteFunction/Environment/Variables/AUTHORIZER"), hops),
    Defect("api", "any role's callers are anybody as it comes", put("Parameters/RoleUsers/Default", "Desk=*"), rights),
    Defect("api", "any text may name users of roles", put("Parameters/RoleUsers/AllowedPattern", ".*"), rights),
    Defect("api", "a function that knows no operators", drop("WriteFunction/Environment/Variables/OPERATORS_GROUP"), rights),
    Defect("api", "every origin is allowed as it comes", put("Parameters/AllowedOrigins/Default", "*"), named),
    Defect("api", "any text may be an origin", put("Parameters/AllowedOrigins/AllowedPattern", ".*"), named),
    Defect(
        "api",
        "a preflight that allows every origin",
        put("Mappings/Preflights/GET/Template", STAR),
        preflight,
    ),
    Defect("api", "a stage without a bound", drop("Stage/MethodSettings/0/ThrottlingRateLimit"), limited),
    Defect("api", "a bound that lets nothing through", put("Parameters/BurstLimit/MinValue", 0), limited),
)
