"""The emergency switch for reads: one object, served by this region, that says whether the other region may serve.

Written by a plain PutObject and read by Route 53's checkers through an API that needs no function, so that turning a
region off needs no control plane at all. No object means 'on'; so does a region that does not answer.
"""

from aws_cdk import App

from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.emptying import empties
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.stages import Logged, Throttle, deployment, stage
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

OBJECT = "peer"
CHECKERS = 100  # requests a second: some fifteen checkers ask every ten seconds


class Switch(TradingStack):
    """GET /peer: 'off' while the other region must not serve."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "switch", "says whether the other region may serve, without a control plane")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        emptier = self.asks("EmptierArn", "The function that empties buckets: output of the artifacts stack")
        empties(self, bucket(self, "Bucket", "switch", key, []), emptier)
        read = allow("ReadSwitch", ["s3:GetObject"], sub(f"${{Bucket.Arn}}/{OBJECT}"))
        see = allow("KnowItIsNotThere", ["s3:ListBucket"], att("Bucket", "Arn"))
        does = "By which the API reads the one object"
        self.role("ReadRole", "switch", trust("apigateway.amazonaws.com"), does, [read, see])
        logged = Logged(
            "switch",
            self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack"),
            log_days(self),
            self.asks("AccessLogsBy", "By which role API Gateway writes logs here: output of the api stack"),
        )
        stage(self, ref(self._api()), logged, Throttle(CHECKERS, 2 * CHECKERS))
        host = "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
        self.tell("SwitchHost", sub(host), "switch-host", "Where Route 53 asks about the other region")
        self.tell("SwitchBucket", ref("Bucket"), "switch", f"Write 'off' into its object {OBJECT} to turn the other region off")

    def _api(self) -> str:
        properties = {
            "Name": self.named("switch"),
            "Description": "Whether the other region may serve",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
        }
        self.make("Api", "AWS::ApiGateway::RestApi", properties)
        above = att("Api", "RootResourceId")
        self.make("Peer", "AWS::ApiGateway::Resource", {"RestApiId": ref("Api"), "ParentId": above, "PathPart": OBJECT})
        answers = {"200": "", "404": r"4\d{2}", "503": r"5\d{2}"}
        properties = {
            "RestApiId": ref("Api"),
            "ResourceId": ref("Peer"),
            "HttpMethod": "GET",
            "AuthorizationType": "NONE",
            "MethodResponses": [{"StatusCode": status} for status in answers],
            "Integration": {
                "Type": "AWS",
                "IntegrationHttpMethod": "GET",
                "Uri": sub(f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:s3:path/${{Bucket}}/{OBJECT}"),
                "Credentials": att("ReadRole", "Arn"),
                "IntegrationResponses": [_answer(status, when) for status, when in answers.items()],
            },
        }
        return deployment(self, properties, [self.make("PeerGet", "AWS::ApiGateway::Method", properties)])


def _answer(status: str, when: str) -> Json:
    return {"StatusCode": status, **({"SelectionPattern": when} if when else {})}
