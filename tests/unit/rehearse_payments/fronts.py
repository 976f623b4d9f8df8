"""A region's load balancer and firewall, as the committed templates and the region's answers make them."""

import json
from pathlib import Path
from typing import Any

from landbridge.rehearse.payments.deployed import Front, listener, look
from landbridge.rehearse.payments.firewall import Firewall

TEMPLATES = Path(__file__).parents[3] / "templates/payments"


def read(name: str) -> Any:
    """One of the files."""
    return json.loads((TEMPLATES / name).read_text(encoding="utf-8"))


def filled(rules: Any, answers: dict[str, Any]) -> Any:
    """The rules with their parameters' values, as CloudFormation fills them in."""
    match rules:
        case {"Ref": name}:
            return answers[name].split(",") if name == "BlockedCountries" else answers[name]
        case dict():
            return {name: filled(each, answers) for name, each in rules.items()}
        case list():
            return [filled(each, answers) for each in rules]
    return rules


def firewall(region: str) -> Firewall:
    """What stands before the balancer there."""
    acl = read("firewall.template.json")["Resources"]["WebAcl"]["Properties"]
    return Firewall.of(filled(acl["Rules"], read(f"{region}.parameters.json")["firewall"]))


def front(region: str) -> Front:
    """All of it."""
    made = {name: each["Properties"] for name, each in read("balancer.template.json")["Resources"].items()}
    return Front((listener(made["HttpListener"]), listener(made["HttpsListener"])), look(made["Targets"]), firewall(region))
