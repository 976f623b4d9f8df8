"""What a region's record weighs now: the migration moves it, and a deploy must not move it back."""

from landbridge.aws.clients import GLOBAL_HOME, Clients, speaking
from landbridge.model.region import Region


def weight_now(clients: Clients, zone: str, name: str, region: Region) -> str | None:
    """The weight of the region's record of this name; None while it has none."""
    with speaking(GLOBAL_HOME, f"ListResourceRecordSets {name}"):
        call = clients.client("route53", GLOBAL_HOME).list_resource_record_sets
        told = call(HostedZoneId=zone, StartRecordName=name, StartRecordType="CNAME")["ResourceRecordSets"]
    ours = (each for each in told if each["Name"].rstrip(".") == name and each.get("SetIdentifier") == region)
    return next((str(each["Weight"]) for each in ours if "Weight" in each), None)
