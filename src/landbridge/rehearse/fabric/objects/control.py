"""S3 Control as its clients see it: the calls about jobs, read and written by the model that its clients use."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import botocore.session
from botocore.model import ListShape, ServiceModel, Shape, StructureShape

from landbridge.rehearse.emulator.refusal import Refusal
from landbridge.rehearse.fabric.objects.calls import JOBS
from landbridge.rehearse.fabric.objects.jobs import Job, Jobs

SPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"
XML = {"Content-Type": "application/xml"}
ONE = re.compile(rf"{JOBS}/(?P<job>[^/?]+)(?P<status>/status\?requestedJobStatus=(?P<wanted>\w+))?$")


@cache
def _model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("s3control")


def answer(jobs: Jobs, method: str, raw_path: str, body: bytes) -> Refusal:
    """What S3 Control answers about jobs."""
    named = ONE.search(raw_path)
    if named is None:
        if method == "POST":
            return _said("CreateJob", {"JobId": jobs.create(_asked("CreateJob", body)).number})
        return _said("ListJobs", {"Jobs": [_listed(job) for job in jobs.kept.values()]})
    job = jobs.kept.get(named["job"])
    if job is None:
        return _refused(404, "NoSuchJob", "The specified job does not exist.")
    if named["status"] is None:
        return _said("DescribeJob", {"Job": job.told()})
    if named["wanted"] == "Cancelled":
        jobs.cancel(job)
    return _said("UpdateJobStatus", {"JobId": job.number, "Status": job.status})


def _listed(job: Job) -> dict[str, Any]:
    told = job.told()
    (operation,) = told["Operation"]
    return {**told, "Operation": operation}


def _asked(operation: str, body: bytes) -> dict[str, Any]:
    shape = _model().operation_model(operation).input_shape
    read: dict[str, Any] = {} if shape is None else _read(shape, ET.fromstring(body))  # noqa: S314 - our own client's
    return read


def _said(operation: str, result: Mapping[str, Any]) -> Refusal:
    shape = _model().operation_model(operation).output_shape
    root = ET.Element(f"{operation}Result", xmlns=SPACE)
    if shape is not None:
        _write(root, shape, result)
    return Refusal(200, XML, ET.tostring(root))


def _refused(status: int, code: str, message: str) -> Refusal:
    root = ET.Element("ErrorResponse")
    error = ET.SubElement(root, "Error")
    ET.SubElement(error, "Code").text = code
    ET.SubElement(error, "Message").text = message
    return Refusal(status, XML, ET.tostring(root))


def _read(shape: Shape, at: ET.Element) -> Any:
    match shape:
        case StructureShape():
            inner = {child.tag.rpartition("}")[2]: child for child in at}
            there = {name: inner.get(_named(member, name)) for name, member in shape.members.items()}
            return {name: _read(shape.members[name], child) for name, child in there.items() if child is not None}
        case ListShape():
            return [_read(shape.member, child) for child in at]
    plain: dict[str, Callable[[str], Any]] = {"boolean": lambda text: text == "true", "integer": int, "long": int}
    return plain.get(shape.type_name, str)(at.text or "")


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


def _named(shape: Shape, otherwise: str) -> str:
    return str(shape.serialization.get("name", otherwise))
