"""Parameters of a stack that stands, switched in place: the template stays, and a later deploy leaves them (decision 33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Region


@dataclass(frozen=True)
class StackSwitch:
    """One stack of one region."""

    clients: Clients
    region: Region
    stack: str

    @property
    def status(self) -> str:
        """CloudFormation's own word."""
        return str(self._described()["StackStatus"])

    @property
    def changing(self) -> bool:
        """Whether it is being changed right now."""
        return self.status.endswith("_IN_PROGRESS")

    @property
    def changed(self) -> float:
        """When it was made or last changed, in seconds since 1970."""
        told = self._described()
        return float((told.get("LastUpdatedTime") or told["CreationTime"]).timestamp())

    def given(self) -> dict[str, str]:
        """The parameters as they stand."""
        return {each["ParameterKey"]: each.get("ParameterValue", "") for each in self._described().get("Parameters", ())}

    def set(self, values: Mapping[str, str]) -> None:
        """Begins one update with these and all others as they are; nothing where they are so already."""
        kept = sorted(self.given().keys() - values.keys())
        parameters = [{"ParameterKey": name, "UsePreviousValue": True} for name in kept]
        parameters += [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]
        with speaking(self.region, f"UpdateStack {self.stack}"):
            try:
                self._cloudformation(retries=False).update_stack(
                    StackName=self.stack, UsePreviousTemplate=True, Parameters=parameters, Capabilities=["CAPABILITY_NAMED_IAM"]
                )
            except ClientError as error:
                if "No updates are to be performed" not in str(error):
                    raise

    def _described(self) -> dict[str, Any]:
        with speaking(self.region, f"DescribeStacks {self.stack}"):
            found: dict[str, Any] = self._cloudformation().describe_stacks(StackName=self.stack)["Stacks"][0]
        return found

    def _cloudformation(self, *, retries: bool = True) -> Any:
        return self.clients.client("cloudformation", self.region, retries=retries)
