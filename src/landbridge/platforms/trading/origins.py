"""Which other origins' pages may use the API: none, unless a parameter names them; never all.

A browser asks beforehand with OPTIONS. API Gateway answers that itself, from a variable of the stage: another list of
origins needs no new deployment. The functions add the same to their own answers. What it answers with is said once for
paths with the same methods, in a mapping.
"""

from aws_cdk import CfnMapping

from landbridge.model.callers import ORIGIN
from landbridge.model.routes import RESOURCES, ROUTES
from landbridge.model.wire import SEEN_HEADER
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, ref, sub

VARIABLES = {"allowedOrigins": sub(",${AllowedOrigins},")}  # a variable of a stage can't be empty
ANSWER = """\
#set($origin = $input.params("Origin"))
#if($origin == "") #set($origin = $input.params("origin")) #end
#if($origin != "" && $stageVariables.allowedOrigins.contains(",$origin,"))
"""
MAPPING = "Preflights"
SENT = ("authorization", "content-type", SEEN_HEADER, "x-amz-date", "x-amz-security-token")


def asks_for_origins(stack: TradingStack) -> Json:
    """The parameter; empty as it comes."""
    return stack.asks(
        "AllowedOrigins",
        "The origins whose pages may use the API, with commas between, like https://dashboards.example.com; empty for none",
        default="",
        allowed_pattern=f"({ORIGIN}(,{ORIGIN})*)?",
        constraint_description="origins that begin with https://, with commas and no spaces between",
    )


def preflights(stack: TradingStack) -> dict[str, Json]:
    """OPTIONS on every path that has a method, by its name; it needs no sign-in, for browsers send none."""
    CfnMapping(stack, MAPPING, mapping=answers())
    return {f"{resource}Options": _preflight(resource, "".join(of)) for resource, of in _methods().items()}


def answers() -> dict[str, dict[str, str]]:
    """What preflights are answered with, by the methods a path has."""
    return {"".join(each): {"Template": _template(each)} for each in sorted(_methods().values())}


def _methods() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for route in ROUTES:
        found.setdefault(RESOURCES[route.path], []).append(route.method)
    return found


def _template(methods: list[str]) -> str:
    told = {"Origin": "$origin", "Methods": f'"{",".join(methods)}"', "Headers": f'"{",".join(SENT)}"'}
    lines = [f"#set($context.responseOverride.header.Access-Control-Allow-{name} = {text})\n" for name, text in told.items()]
    return "".join([ANSWER, *lines, "#end\n"])


def _preflight(resource: str, methods: str) -> Json:
    template = {"Fn::FindInMap": [MAPPING, methods, "Template"]}
    answer = {"StatusCode": "204", "ResponseTemplates": {"application/json": template}}
    return {
        "RestApiId": ref("Api"),
        "ResourceId": ref(f"{resource}Resource"),
        "HttpMethod": "OPTIONS",
        "AuthorizationType": "NONE",
        "MethodResponses": [{"StatusCode": "204"}],
        "Integration": {
            "Type": "MOCK",
            "RequestTemplates": {"application/json": '{"statusCode": 204}'},
            "IntegrationResponses": [answer],
        },
    }
