"""What may cross the edge of each kind of subnet, whatever its security groups say: a second fence, without a memory.

It remembers no connection, so that answers need a rule of their own: the ports from 1024 on. What comes from and goes to
the other region's addresses is added by the crossing.
"""

from constructs import Construct

from landbridge.platforms.constructs.groups import HTTPS, POSTGRES
from landbridge.platforms.constructs.network import CIDR_PATTERN, CIDR_TEXT, EVERYWHERE
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.network import ZONES
from landbridge.platforms.words import Json, ref, select

KINDS = ("Public", "Private", "Isolated")
HTTP, ANSWERS = 80, (1024, 65535)
TCP = 6
Ports = tuple[int, int]


def entry(acl: Json, number: int, ports: Ports, cidr: Json, *, out: bool) -> Json:
    """Lets some ports of some addresses in or out."""
    return {
        "NetworkAclId": acl,
        "RuleNumber": number,
        "Protocol": TCP,
        "RuleAction": "allow",
        "Egress": out,
        "CidrBlock": cidr,
        "PortRange": {"From": ports[0], "To": ports[1]},
    }


class Acls(PaymentsStack):
    """One list a kind of subnet, each subnet by its kind's."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "acls", "what may cross the edge of each kind of subnet")
        vpc = self.asks("VpcId", "The network's id: output of the network stack")
        text = "The network's addresses: output of the network stack"
        inside = self.asks("VpcCidr", text, allowed_pattern=CIDR_PATTERN, constraint_description=CIDR_TEXT)
        for kind in KINDS:
            self._acl(kind, vpc)
        self._both("Public", {"Https": (HTTPS, HTTPS), "Http": (HTTP, HTTP), "Answers": ANSWERS}, EVERYWHERE)
        self._both("Private", {"Answers": ANSWERS}, EVERYWHERE)
        self._rule("Private", "Https", (HTTPS, HTTPS), EVERYWHERE, 110, out=True)
        self._rule("Private", "Endpoints", (HTTPS, HTTPS), inside, 110, out=False)
        self._rule("Isolated", "Postgres", (POSTGRES, POSTGRES), inside, 100, out=False)
        self._rule("Isolated", "Answers", ANSWERS, inside, 100, out=True)
        self.tell("IsolatedAclId", ref("IsolatedAcl"), "isolated-acl", "What may cross the edge of isolated subnets")

    def _acl(self, kind: str, vpc: Json) -> None:
        self.make(f"{kind}Acl", "AWS::EC2::NetworkAcl", {"VpcId": vpc}, called=f"{kind.lower()}-acl")
        text = f"The {kind.lower()} subnets: output of the network stack"
        subnets = self.asks(f"{kind}SubnetIds", text, type="CommaDelimitedList")
        for number, zone in enumerate(ZONES):
            both = {"SubnetId": select(number, subnets), "NetworkAclId": ref(f"{kind}Acl")}
            self.make(f"{kind}{zone}Acl", "AWS::EC2::SubnetNetworkAclAssociation", both)

    def _both(self, kind: str, ports: dict[str, Ports], cidr: Json) -> None:
        for number, (name, each) in enumerate(ports.items()):
            for out in (False, True):
                self._rule(kind, name, each, cidr, 100 + 10 * number, out=out)

    def _rule(self, kind: str, name: str, ports: Ports, cidr: Json, number: int, *, out: bool) -> None:
        made = entry(ref(f"{kind}Acl"), number, ports, cidr, out=out)
        self.make(f"{kind}{name}{'Out' if out else 'In'}", "AWS::EC2::NetworkAclEntry", made)
