"""RDS's own protocol, read and written by the model that its clients use: a form goes in, XML comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import botocore.session
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from landbridge.rehearse.emulator.refusal import Refusal

SPACE = "http://rds.amazonaws.com/doc/2014-10-31/"
XML = {"Content-Type": "text/xml"}
REQUEST_ID = "00000000-0000-0000-0000-000000000000"


@dataclass
class Fault(Exception):
    """RDS says no, by the name of the error in its model or, for errors all its calls share, by that name itself."""

    name: str
    message: str


@dataclass(frozen=True)
class Asked:
    """A call and what came with it."""

    operation: OperationModel
    given: dict[str, Any]


@cache
def _model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("rds")


def asked(body: bytes) -> Asked | None:
    """The call in this form, or None when RDS has no such call."""
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    name = form.get("Action", "")
    if name not in _model().operation_names:
        return None
    operation = _model().operation_model(name)
    shape = operation.input_shape
    return Asked(operation, {} if shape is None else _read(shape, form, ""))


def answered(operation: OperationModel, result: Mapping[str, Any]) -> Refusal:
    """The result as RDS writes it; what its model does not know is left out."""
    root = ET.Element(f"{operation.name}Response", xmlns=SPACE)
    shape = operation.output_shape
    if shape is not None:
        _write(ET.SubElement(root, shape.serialization.get("resultWrapper", f"{operation.name}Result")), shape, result)
    ET.SubElement(ET.SubElement(root, "ResponseMetadata"), "RequestId").text = REQUEST_ID
    return Refusal(200, XML, ET.tostring(root))


def refused(operation: OperationModel, fault: Fault) -> Refusal:
    """The error as RDS writes it, with the code and status of its model."""
    known = {shape.name: shape.metadata["error"] for shape in operation.error_shapes}
    error = known.get(fault.name, {"code": fault.name, "httpStatusCode": 400})
    root = ET.Element("ErrorResponse", xmlns=SPACE)
    said = ET.SubElement(root, "Error")
    for name, text in (("Type", "Sender"), ("Code", error["code"]), ("Message", fault.message)):
        ET.SubElement(said, name).text = text
    ET.SubElement(root, "RequestId").text = REQUEST_ID
    return Refusal(int(error["httpStatusCode"]), XML, ET.tostring(root))


def _read(shape: Shape, form: Mapping[str, str], at: str) -> Any:
    match shape:
        case StructureShape():
            inner = {name: (member, f"{at}.{_named(member, name)}".lstrip(".")) for name, member in shape.members.items()}
            return {name: _read(member, form, place) for name, (member, place) in inner.items() if _there(form, place)}
        case ListShape():
            item = _named(shape.member, "member")
            count = len({key.split(".")[len(at.split(".")) + 1] for key in form if key.startswith(f"{at}.{item}.")})
            return [_read(shape.member, form, f"{at}.{item}.{number + 1}") for number in range(count)]
    text = form[at]
    return {"boolean": lambda: text == "true", "integer": lambda: int(text)}.get(shape.type_name, lambda: text)()


def _there(form: Mapping[str, str], place: str) -> bool:
    return place in form or any(key.startswith(f"{place}.") for key in form)


def _named(shape: Shape, otherwise: str) -> str:
    return str(shape.serialization.get("name", otherwise))


def _write(parent: ET.Element, shape: Shape, value: Any) -> None:
    match shape:
        case StructureShape():
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    _write(ET.SubElement(parent, _named(member, name)), member, value[name])
        case ListShape():
            for item in value:
                _write(ET.SubElement(parent, _named(shape.member, "member")), shape.member, item)
        case _:
            parent.text = str(value).lower() if isinstance(value, bool) else str(value)
