"""The dashboard API of one region: each method a proxy to its function, no id in any log."""

from dataclasses import dataclass

from aws_cdk import App, CfnCondition, CfnResource, Fn

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import Code, read_function, write_function
from landbridge.platforms.trading.stages import STAGE, Logged, deployment, stage
from landbridge.platforms.words import Json, att, pick, ref, sub, trust

RESOURCES = {
    "Health": ("", "health"),
    "State": ("", "state"),
    "User": ("State", "{user}"),
    "View": ("User", "{view}"),
    "Commands": ("", "commands"),
    "Owner": ("Commands", "{user}"),
    "Command": ("Owner", "{number}"),
    "Snapshot": ("", "snapshot"),
    "Search": ("", "search"),
    "Series": ("", "series"),
    "Trades": ("Series", "{symbol}"),
    "Signals": ("", "signals"),
    "Signal": ("Signals", "{symbol}"),
}
INVOKE = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${NAME.Arn}/invocations"
CALLED = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/"


@dataclass(frozen=True)
class Route:
    """A method of a resource, and the function that answers it."""

    resource: str
    method: str
    function: str
    path: str

    @property
    def name(self) -> str:
        """What it is called in the template."""
        return f"{self.resource}{self.method.title()}"


ROUTES = (
    Route("Health", "GET", "Read", "health"),
    Route("View", "GET", "Read", "state/*/*"),
    Route("View", "PUT", "Write", "state/*/*"),
    Route("Owner", "GET", "Read", "commands/*"),
    Route("Command", "GET", "Read", "commands/*/*"),
    Route("Command", "PUT", "Write", "commands/*/*"),
    Route("Snapshot", "GET", "Read", "snapshot"),
    Route("Search", "GET", "Read", "search"),
    Route("Trades", "GET", "Read", "series/*"),
    Route("Signal", "GET", "Read", "signals/*"),
)


class Api(TradingStack):
    """Health, state, commands and the market, on the stage `live`."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "api", "the dashboard API of this region and its functions")
        code = Code.of(self)
        read_function(self, code)
        write_function(self, code)
        properties = {
            "Name": self.named("api"),
            "Description": "Dashboards of the trading platform: state and commands",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
        }
        self.make("Api", "AWS::ApiGateway::RestApi", properties)
        self._resources()
        methods = [self._method(route) for route in ROUTES]
        deployed = deployment(self, [RESOURCES, [vars(route) for route in ROUTES]], methods)
        stage(self, deployed, Logged("api", code.logs_key, code.log_days, self._logged_by()), 1000)
        for route in ROUTES:
            self._permission(route)
        self._outputs()

    def _resources(self) -> None:
        for name, (parent, part) in RESOURCES.items():
            above = ref(f"{parent}Resource") if parent else att("Api", "RootResourceId")
            properties = {"RestApiId": ref("Api"), "ParentId": above, "PathPart": part}
            self.make(f"{name}Resource", "AWS::ApiGateway::Resource", properties)

    def _method(self, route: Route) -> CfnResource:
        uri = sub(INVOKE.replace("NAME", f"{route.function}Function"))
        properties = {
            "RestApiId": ref("Api"),
            "ResourceId": ref(f"{route.resource}Resource"),
            "HttpMethod": route.method,
            "AuthorizationType": "NONE",
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri},
        }
        return self.make(route.name, "AWS::ApiGateway::Method", properties)

    def _logged_by(self) -> Json:
        """API Gateway writes logs by one role an account and region; where the account has one, ours stays away."""
        self.asks(
            "AccountLogging",
            "'create' sets this account's and region's role for API Gateway logs, 'exists' keeps the one there is",
            default="create",
            allowed_values=["create", "exists"],
        )
        asked, condition = self.node.find_child("AccountLogging").value_as_string, "CreateAccountLogging"
        CfnCondition(self, condition, expression=Fn.condition_equals(asked, "create"))
        push = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        properties = {
            "RoleName": self.named_globally("api-logs"),
            "Description": "By which API Gateway writes access logs",
            "AssumeRolePolicyDocument": trust("apigateway.amazonaws.com"),
            "ManagedPolicyArns": [sub(push)],
        }
        self.make("ApiLogsRole", "AWS::IAM::Role", properties, when=condition)
        self.make("Account", "AWS::ApiGateway::Account", {"CloudWatchRoleArn": att("ApiLogsRole", "Arn")}, when=condition)
        logged_by = pick(condition, sub("Access logs by ${Account}"), "Access logs by the account's own role")
        self.tell("AccessLogsBy", logged_by, "access-logs-by", "By which role API Gateway writes logs in this region")
        return logged_by

    def _permission(self, route: Route) -> None:
        properties = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref(f"{route.function}Function"),
            "Principal": "apigateway.amazonaws.com",
            "SourceAccount": ref("AWS::AccountId"),
            "SourceArn": sub(f"{CALLED}{STAGE}/{route.method}/{route.path}"),
        }
        self.make(f"{route.name}Permission", "AWS::Lambda::Permission", properties)

    def _outputs(self) -> None:
        host = "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
        self.tell("ApiId", ref("Api"), "api", "The API's id in this region")
        self.tell("ApiHost", sub(host), "api-host", "The API's own host name in this region")
        self.tell("ApiUrl", sub(f"https://{host}/{STAGE}"), "api-url", "Where the API answers in this region")
        self.tell("ReadFunctionName", ref("ReadFunction"), "read", "The function that answers reads")
        self.tell("WriteFunctionName", ref("WriteFunction"), "write", "The function that accepts writes")
