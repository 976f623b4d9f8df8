"""At a region's front door: templates with types the emulator refuses go in adapted, and come out as they were written.

An adapted resource is a custom resource of the adapter's function. The template's own text travels along as metadata, so
that GetTemplate gives it back. `deploy` knows nothing of it. Cost: each adapted resource is a call of a function.
"""

import base64
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from botocore.exceptions import ClientError

from landbridge.aws.clients import GLOBAL_HOME, Clients, said, speaking
from landbridge.model.region import Region
from landbridge.rehearse.emulator import adapter_function
from landbridge.rehearse.emulator.adapter_function import KINDS, LEFT_OUT
from landbridge.rehearse.emulator.refusal import asked_of

FUNCTION = "landbridge-adapter"
ORIGINAL = "AsWritten"
ANSWER_SECONDS = "60"  # instead of an hour: a function that died answers nothing
TABLE, GLOBAL_TABLE = "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"
COPYING = "AWS::S3::BucketReplication"  # our own name for what is a property
OF_ONE_REGION = ("PointInTimeRecoverySpecification", "Tags")  # what a replica says and a plain table has itself
ADAPTED = KINDS.keys() | LEFT_OUT.keys()
OF_CLUSTERS = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"})  # which the emulator has by name alone
ECHOES = frozenset({("AWS::EC2::VPC", "CidrBlock")})  # attributes the emulator does not know, equal to a property
OF_BUCKET = ":s3:path/"  # in the address of an integration
CUSTOM = re.compile(rb"Custom::AWS--(\w+)--(\w+)")
BODY = re.compile(rb"<TemplateBody>(.*?)</TemplateBody>", re.DOTALL)


def concerns(headers: Mapping[str, str]) -> bool:
    """Whether a request is for CloudFormation."""
    return asked_of(headers) == "cloudformation"


def asked(body: bytes, imported: set[str], door: str, played: Collection[str] = (), region: str = "") -> tuple[bytes, bool]:
    """The request as the emulator takes it, and whether it needs the function; `door` is where the region answers.

    `played` are services that answer at the door: what is theirs is made there. `imported` keeps the stacks that took over
    global tables: the emulator imports plain tables only, so there they are.
    """
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    stack = form.get("StackName", "")
    if GLOBAL_TABLE in (value for name, value in form.items() if name.startswith("ResourcesToImport.")):
        imported.add(stack)
    template = _adapted(form.get("TemplateBody", ""), door, played, region, plain_tables=stack in imported)
    if not template:
        return body, False
    types = {name: TABLE for name, value in form.items() if name.endswith(".ResourceType") and value == GLOBAL_TABLE}
    return urlencode({**form, **types, "TemplateBody": template}).encode(), b"Custom::AWS--" in template.encode()


def answered(_status: int, body: bytes) -> bytes:
    """The answer with types and templates as they were written."""
    plain = BODY.sub(lambda found: b"<TemplateBody>" + _restored(found[1]) + b"</TemplateBody>", body)
    return CUSTOM.sub(rb"AWS::\1::\2", plain)


def left_out(template: Mapping[str, Any]) -> list[str]:
    """What of a template is not made at all, by type, with the reason."""
    types = {str(made["Type"]) for made in template.get("Resources", {}).values()}
    return [f"{name}: {LEFT_OUT[name]}" for name in sorted(types & LEFT_OUT.keys())]


def install(clients: Clients, region: Region) -> None:
    """Puts the function there; one that is there learns where its region and the global services answer now."""
    code = clients.client("lambda", region)
    doors = {"GLOBAL_ENDPOINT": GLOBAL_HOME, "OWN_ENDPOINT": region}
    known: dict[str, Any] = {"Variables": {name: clients.endpoints.get(of, "") for name, of in doors.items()}}
    with speaking(region, f"installing {FUNCTION}"):
        try:
            code.create_function(
                FunctionName=FUNCTION,
                Runtime="python3.13",
                Role="arn:aws:iam::000000000000:role/landbridge-adapter",
                Handler=f"{Path(adapter_function.__file__).stem}.handler",
                Code={"ZipFile": _code()},
                Timeout=60,
                Environment=known,
            )
        except ClientError as error:
            if said(error) != "ResourceConflictException":
                raise
            if code.get_function_configuration(FunctionName=FUNCTION).get("Environment") != known:
                code.update_function_configuration(FunctionName=FUNCTION, Environment=known)


def _adapted(text: str, door: str, played: Collection[str], region: str, *, plain_tables: bool) -> str:
    """The template as the emulator takes it; empty when it takes it as it is, or it is no template."""
    try:
        template = json.loads(text)
        kinds = {name: str(made["Type"]) for name, made in template["Resources"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""  # the emulator says what is wrong with it
    echoes = {(name, said): template["Resources"][name]["Properties"][said] for name, said in _echoed(kinds)}
    taken = _told(template, echoes)
    if region and "Conditions" in taken:  # in them alone the emulator does not know where it is
        taken["Conditions"] = _told(taken["Conditions"], {("AWS::Region", ""): region})
    whole = _with_copying(taken["Resources"])
    resources = {name: _from_bucket(_custom(made) if _adapts(made, played) else made, door) for name, made in whole.items()}
    taken["Resources"] = {name: plain_table(made) if plain_tables else made for name, made in resources.items()}
    if taken == template:
        return ""
    packed = base64.b64encode(zlib.compress(text.encode())).decode()
    return json.dumps({**taken, "Metadata": {ORIGINAL: packed}})


def _echoed(kinds: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, attribute) for name, kind in kinds.items() for of, attribute in ECHOES if kind == of]


def _told(value: Any, echoes: Mapping[tuple[str, str], Any]) -> Any:
    """The same with what the emulator does not know replaced by what it is: attributes, and a Ref under no attribute."""
    match value:
        case {"Fn::GetAtt": [str(name), str(attribute)]} if (name, attribute) in echoes:
            return echoes[name, attribute]
        case {"Ref": str(name)} if (name, "") in echoes:
            return echoes[name, ""]
        case dict():
            return {key: _told(inner, echoes) for key, inner in value.items()}
        case list():
            return [_told(inner, echoes) for inner in value]
    return value


def _with_copying(resources: Mapping[str, Any]) -> dict[str, Any]:
    """Each bucket's replication as a resource beside it, on the condition it has."""
    besides = {}
    for name, made in resources.items():
        match made:
            case {"Type": "AWS::S3::Bucket", "Properties": {"ReplicationConfiguration": {"Fn::If": [on, given, _]}}}:
                besides[f"{name}Replication"] = {**_copying(name, given), "Condition": on}
            case {"Type": "AWS::S3::Bucket", "Properties": {"ReplicationConfiguration": given}}:
                besides[f"{name}Replication"] = _copying(name, given)
    return {**resources, **besides}


def _copying(bucket: str, given: Any) -> dict[str, Any]:
    return {"Type": COPYING, "Properties": {"Bucket": {"Ref": bucket}, "ReplicationConfiguration": given}}


def _adapts(made: Mapping[str, Any], played: Collection[str]) -> bool:
    """Whether the emulator can't make it, or not where it is looked for."""
    if made["Type"] in OF_CLUSTERS:
        return "rds" in played
    return made["Type"] in ADAPTED


def _custom(made: dict[str, Any]) -> dict[str, Any]:
    properties = {**made.get("Properties", {}), "ServiceToken": FUNCTION, "ServiceTimeout": ANSWER_SECONDS}
    return {**made, "Type": f"Custom::{made['Type'].replace('::', '--')}", "Properties": properties}


def _from_bucket(made: dict[str, Any], door: str) -> dict[str, Any]:
    """A method that hands out an object of S3, as one that fetches it at the door: the emulator knows no such integration."""
    match made:
        case {"Type": "AWS::ApiGateway::Method", "Properties": {"Integration": {"Type": "AWS", "Uri": {"Fn::Sub": str(uri)}}}}:
            _, known, path = uri.partition(OF_BUCKET)
            fetched = {"Type": "HTTP_PROXY", "IntegrationHttpMethod": "GET", "Uri": {"Fn::Sub": f"{door}/{path}"}}
            return {**made, "Properties": {**made["Properties"], "Integration": fetched}} if known else made
    return made


def plain_table(made: dict[str, Any]) -> dict[str, Any]:
    """A global table as the plain table it is in its own region, which it names first; anything else as it is."""
    if made["Type"] != GLOBAL_TABLE:
        return made
    properties = dict(made["Properties"])
    replicas = properties.pop("Replicas")
    own = {name: replicas[0][name] for name in OF_ONE_REGION if name in replicas[0]}
    noted = {"Key": "Replicas", "Value": {"Fn::Join": [" ", list(map(_region, replicas))]}}  # one that comes or goes is a change
    if "Tags" in own:  # an import names none, and what it is told must be what is there
        own["Tags"] = [*own["Tags"], noted]
    return {**made, "Type": TABLE, "Properties": {**properties, **own}}


def _region(replica: dict[str, Any]) -> Any:
    match replica:
        case {"Fn::If": [condition, {"Region": region}, _]}:
            return {"Fn::If": [condition, region, ""]}
    return replica["Region"]


def _restored(escaped: bytes) -> bytes:
    text = html.unescape(escaped.decode())
    packed = json.loads(text).get("Metadata", {}).get(ORIGINAL)
    return escaped if packed is None else html.escape(zlib.decompress(base64.b64decode(packed)).decode()).encode()


def _code() -> bytes:
    made = io.BytesIO()
    path = Path(adapter_function.__file__)
    with zipfile.ZipFile(made, "w") as archive:
        archive.write(path, path.name)
    return made.getvalue()
