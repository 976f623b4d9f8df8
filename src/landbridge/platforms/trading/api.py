"""The dashboard API of one region: each method a proxy to its function, no id in any log."""

from aws_cdk import App, CfnCondition, Fn

from landbridge.model.callers import MOST_A_SECOND, MOST_AT_ONCE
from landbridge.model.routes import RESOURCES, ROUTES, Route
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import Code, read_function, write_function
from landbridge.platforms.trading.origins import VARIABLES, answers, asks_for_origins, preflights
from landbridge.platforms.trading.signing_in import asks_who_may_call, authorization, deployed
from landbridge.platforms.trading.stages import STAGE, Logged, Throttle, stage
from landbridge.platforms.words import Json, att, pick, ref, sub, trust

INVOKE = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${NAME.Arn}/invocations"
CALLED = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/"


class Api(TradingStack):
    """Health, state, commands and the market, on the stage `live`."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "api", "the dashboard API of this region and its functions")
        code = Code.of(self)
        variables = {**asks_who_may_call(self), "ALLOWED_ORIGINS": asks_for_origins(self)}
        read_function(self, code, variables)
        write_function(self, code, variables)
        properties = {
            "Name": self.named("api"),
            "Description": "Dashboards of the trading platform: state and commands",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
        }
        self.make("Api", "AWS::ApiGateway::RestApi", properties)
        self._resources()
        methods = {**{route.name: _method(route) for route in ROUTES}, **preflights(self)}
        made = [self.make(name, "AWS::ApiGateway::Method", properties) for name, properties in methods.items()]
        logged = Logged("api", code.logs_key, code.log_days, self._logged_by())
        stage(self, deployed(self, [RESOURCES, methods, answers()], made), logged, self._throttle(), Variables=VARIABLES)
        for function, method in sorted({(route.function, route.method) for route in ROUTES}):
            self._permission(function, method)
        self._outputs()

    def _resources(self) -> None:
        for path, name in RESOURCES.items():
            parent, _, part = path.rpartition("/")
            above = ref(f"{RESOURCES[parent]}Resource") if parent else att("Api", "RootResourceId")
            properties = {"RestApiId": ref("Api"), "ParentId": above, "PathPart": part}
            self.make(f"{name}Resource", "AWS::ApiGateway::Resource", properties)

    def _throttle(self) -> Throttle:
        rate = "Requests a second the API takes in the long run; more are answered with 429"
        burst = "Requests the API takes at once"
        return Throttle(
            self.asks("RateLimit", rate, type="Number", default=1000, min_value=1, max_value=MOST_A_SECOND),
            self.asks("BurstLimit", burst, type="Number", default=2000, min_value=1, max_value=MOST_AT_ONCE),
        )

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

    def _permission(self, function: str, method: str) -> None:
        """Whatever path this method is called on leads to this function, or to none."""
        properties = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref(f"{function}Function"),
            "Principal": "apigateway.amazonaws.com",
            "SourceAccount": ref("AWS::AccountId"),
            "SourceArn": sub(f"{CALLED}{STAGE}/{method}/*"),
        }
        self.make(f"{function}Permission", "AWS::Lambda::Permission", properties)

    def _outputs(self) -> None:
        host = "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
        self.tell("ApiId", ref("Api"), "api", "The API's id in this region")
        self.tell("ApiHost", sub(host), "api-host", "The API's own host name in this region")
        self.tell("ApiUrl", sub(f"https://{host}/{STAGE}"), "api-url", "Where the API answers in this region")
        self.tell("ReadFunctionName", ref("ReadFunction"), "read", "The function that answers reads")
        self.tell("WriteFunctionName", ref("WriteFunction"), "write", "The function that accepts writes")


def _method(route: Route) -> Json:
    return {
        "RestApiId": ref("Api"),
        "ResourceId": ref(f"{RESOURCES[route.path]}Resource"),
        "HttpMethod": route.method,
        **authorization(route),
        "Integration": {
            "Type": "AWS_PROXY",
            "IntegrationHttpMethod": "POST",
            "Uri": sub(INVOKE.replace("NAME", f"{route.function}Function")),
        },
    }
