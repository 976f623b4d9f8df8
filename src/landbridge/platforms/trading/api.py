"""The dashboard API of one region: three methods, each a proxy to its function, no id in any log.

A deployment is frozen at its creation, so its logical id carries a digest of the routes: changed routes make a new one.
"""

import hashlib
import json
from dataclasses import dataclass

from aws_cdk import App, CfnCondition, CfnParameter, Fn
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as awslambda

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import Code, log_group, read_function, trust, write_function
from landbridge.platforms.trading.keys import logs_key

STAGE = "live"
RESOURCES = {"Health": ("", "health"), "State": ("", "state"), "User": ("State", "{user}"), "View": ("User", "{view}")}
ACCESS_LOG = {
    "request": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "function": "$context.integrationLatency",
    "bytes": "$context.responseLength",
}


@dataclass(frozen=True)
class Route:
    """A method of a resource, and the function that answers it."""

    resource: str
    method: str
    function: str
    path: str


ROUTES = (
    Route("Health", "GET", "Read", "health"),
    Route("View", "GET", "Read", "state/*/*"),
    Route("View", "PUT", "Write", "state/*/*"),
)


class Api(TradingStack):
    """GET /health, GET and PUT /state/{user}/{view}, on the stage `live`."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "api", "Trading analytics: the dashboard API of this region and its functions")
        code = Code.of(self, logs_key(self).attr_arn)
        self._functions = {"Read": read_function(self, code), "Write": write_function(self, code)}
        self._api = apigateway.CfnRestApi(
            self,
            "Api",
            name=self.named("api"),
            description="Dashboard state of the trading platform",
            endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(types=["REGIONAL"]),
        )
        methods = self._methods(self._resources())
        self._stage(self._deployment(methods), code)
        for route in ROUTES:
            self._permission(route)
        self._outputs()

    def _resources(self) -> dict[str, apigateway.CfnResource]:
        made: dict[str, apigateway.CfnResource] = {}
        for name, (parent, part) in RESOURCES.items():
            above = made[parent].ref if parent else self._api.attr_root_resource_id
            made[name] = apigateway.CfnResource(
                self, f"{name}Resource", rest_api_id=self._api.ref, parent_id=above, path_part=part
            )
        return made

    def _methods(self, resources: dict[str, apigateway.CfnResource]) -> list[apigateway.CfnMethod]:
        return [
            apigateway.CfnMethod(
                self,
                f"{route.resource}{route.method.title()}",
                rest_api_id=self._api.ref,
                resource_id=resources[route.resource].ref,
                http_method=route.method,
                authorization_type="NONE",
                integration=apigateway.CfnMethod.IntegrationProperty(
                    type="AWS_PROXY", integration_http_method="POST", uri=self._invocation(self._functions[route.function])
                ),
            )
            for route in ROUTES
        ]

    def _invocation(self, function: awslambda.CfnFunction) -> str:
        uri: str = Fn.sub(
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations",
            {"Function": function.attr_arn},
        )
        return uri

    def _deployment(self, methods: list[apigateway.CfnMethod]) -> apigateway.CfnDeployment:
        routes = json.dumps([RESOURCES, [vars(route) for route in ROUTES]], sort_keys=True)
        digest = hashlib.sha256(routes.encode()).hexdigest()[:8]
        deployment = apigateway.CfnDeployment(self, f"Deployment{digest}", rest_api_id=self._api.ref)
        for method in methods:
            deployment.add_resource_dependency(method)
        return deployment

    def _stage(self, deployment: apigateway.CfnDeployment, code: Code) -> None:
        group = log_group(self, "AccessLogs", "/aws/apigateway/trading-analytics-api-${EnvironmentSuffix}", code)
        apigateway.CfnStage(
            self,
            "Stage",
            rest_api_id=self._api.ref,
            deployment_id=deployment.ref,
            stage_name=STAGE,
            description=self._logged_by(),
            tracing_enabled=True,
            access_log_setting=apigateway.CfnStage.AccessLogSettingProperty(
                destination_arn=group.attr_arn, format=json.dumps(ACCESS_LOG)
            ),
            method_settings=[
                apigateway.CfnStage.MethodSettingProperty(
                    resource_path="/*",
                    http_method="*",
                    metrics_enabled=True,
                    logging_level="OFF",
                    data_trace_enabled=False,
                    throttling_rate_limit=1000,
                    throttling_burst_limit=2000,
                )
            ],
        )

    def _logged_by(self) -> str:
        """API Gateway writes logs by one role an account and region; where the account has one, ours stays away.

        Naming the setting in the stage's description is what makes the stage wait for it: DependsOn can't be conditional.
        """
        whose = CfnParameter(
            self,
            "AccountLogging",
            description="'create' sets this account's and region's role for API Gateway logs, 'exists' keeps the one there is",
            default="create",
            allowed_values=["create", "exists"],
        )
        condition = CfnCondition(self, "CreateAccountLogging", expression=Fn.condition_equals(whose.value_as_string, "create"))
        role = iam.CfnRole(
            self,
            "ApiLogsRole",
            role_name=self.named_globally("api-logs"),
            description="By which API Gateway writes access logs",
            assume_role_policy_document=trust("apigateway.amazonaws.com"),
            managed_policy_arns=[
                Fn.sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
            ],
        )
        account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=role.attr_arn)
        role.cfn_options.condition = account.cfn_options.condition = condition
        logged_by: str = Fn.condition_if(
            condition.logical_id, Fn.sub("Access logs by ${Account}"), "Access logs by the account's own role"
        ).to_string()
        return logged_by

    def _permission(self, route: Route) -> None:
        awslambda.CfnPermission(
            self,
            f"{route.resource}{route.method.title()}Permission",
            action="lambda:InvokeFunction",
            function_name=self._functions[route.function].ref,
            principal="apigateway.amazonaws.com",
            source_account=self.account,
            source_arn=Fn.sub(
                f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/{STAGE}/{route.method}/{route.path}"
            ),
        )

    def _outputs(self) -> None:
        url = Fn.sub(f"https://${{Api}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}")
        self.tell("ApiId", self._api.ref, "api", "The API's id in this region")
        self.tell("ApiUrl", url, "api-url", "Where the API answers in this region")
        self.tell("ReadFunctionName", self._functions["Read"].ref, "read", "The function that answers reads")
        self.tell("WriteFunctionName", self._functions["Write"].ref, "write", "The function that accepts writes")
