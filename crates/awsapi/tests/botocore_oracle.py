"""Has botocore write requests and read answers, for the test in oracle.rs.

`botocore_oracle.py requests SERVICE…` prints a line of JSON for every operation of the services:
the parameters it drew at random, the request that botocore makes of them, and an answer's members
drawn at random. `botocore_oracle.py answers` reads lines with a service, an operation, an answer's
members and the answer as it was written, and prints those that botocore reads differently.

Values follow the crate's conventions: points in time are ISO 8601 text, blobs base64 text, a raw
payload is kept apart.
"""

import base64
import datetime
import io
import json
import random
import string
import sys
from urllib.parse import urlencode

import botocore.session
from botocore.awsrequest import prepare_request_dict
from botocore.compat import HTTPHeaders
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

SESSION = botocore.session.get_session()
TEXT = string.ascii_letters + string.digits + " &<>\"'+%/=.\n\täöü€😀{};#?\\"
PLAIN = string.ascii_letters + string.digits + "-_"


class Draw:
    """Draws values for shapes, as botocore takes them."""

    def __init__(self, protocol):
        self.random = random.Random(7)
        self.protocol = protocol

    def message(self, shape):
        return self.structure(shape, 0) if shape else {}

    def structure(self, shape, depth):
        members = list(shape.members.items())
        if not members:
            return {}
        chosen = self.random.randrange(len(members))
        out = {}
        for index, (name, member) in enumerate(members):
            location = member.serialization.get("location")
            wanted = (
                index == chosen
                or name in shape.required_members
                or location == "uri"
                or self.random.random() < (0.3 if depth < 2 else 0.1)
            )
            if getattr(shape, "is_tagged_union", False):
                wanted = index == chosen
            must = name in shape.required_members
            leaf = member.type_name not in ("structure", "list", "map")
            if wanted and (depth < 4 or leaf or (must and depth < 10)):
                value = self.value(member, depth + 1, location)
                if value is not None:
                    out[name] = value
        return out

    def value(self, shape, depth, location=None):
        kind = shape.type_name
        narrow = location in ("uri", "header", "headers", "statusCode")
        if kind == "structure":
            if shape.is_document_type:
                return {"a": [1, "b"]}
            return self.structure(shape, depth) or None
        if kind == "list":
            item = self.value(shape.member, depth + 1, location)
            return None if item is None else [item]
        if kind == "map":
            value = self.value(shape.value, depth + 1, location)
            return None if value is None else {self.text(shape.key, True).lower(): value}
        if kind == "string":
            return self.text(shape, narrow)
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in ("integer", "long"):
            return 200 if location == "statusCode" else self.random.randrange(1, 2**31 - 1)
        if kind in ("float", "double"):
            return self.random.randrange(1, 10000) + 0.25
        if kind == "timestamp":
            seconds = self.random.randrange(1_600_000_000, 2_000_000_000)
            return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        return bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 9)))

    def text(self, shape, narrow):
        if getattr(shape, "enum", None):
            return self.random.choice(shape.enum)
        letters = PLAIN if narrow else TEXT
        return "".join(self.random.choice(letters) for _ in range(self.random.randrange(1, 9)))


def plain(shape, value):
    """A value of botocore's as one of the crate's; also leaves out what the crate leaves out."""
    if shape is None:
        return {}
    kind = shape.type_name
    if kind == "structure" and not getattr(shape, "is_document_type", False):
        return {
            name: plain(shape.members[name], item)
            for name, item in value.items()
            if name in shape.members
        }
    if kind == "list":
        return [plain(shape.member, item) for item in value]
    if kind == "map":
        return {key: plain(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        text = value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds")
        return text.replace(".000", "").replace("+00:00", "Z")
    if kind == "blob":
        if hasattr(value, "read"):
            value = value.read()
        if isinstance(value, str):
            value = value.encode()
        return base64.b64encode(value).decode()
    return value


def is_carried(operation):
    """Whether the crate carries it: no streams of events, no JSON in a header."""
    for shape in (operation.input_shape, operation.output_shape):
        for member in shape.members.values() if shape else ():
            if member.serialization.get("eventstream") or member.serialization.get("jsonvalue"):
                return False
    return not operation.deprecated


def requests(names):
    for name in names:
        model = SESSION.get_service_model(name)
        serializer = create_serializer(model.resolved_protocol, include_validation=False)
        draw = Draw(model.resolved_protocol)
        for operation in map(model.operation_model, model.operation_names):
            if not is_carried(operation):
                continue
            given = draw.message(operation.input_shape)
            request = serializer.serialize_to_request(given, operation)
            prepare_request_dict(request, endpoint_url="http://127.0.0.1:4566")
            body = request["body"]
            if isinstance(body, dict):
                body = urlencode(body)
            if isinstance(body, str):
                body = body.encode()
            output = draw.message(operation.output_shape)
            print(json.dumps({
                "service": name,
                "operation": operation.name,
                "signing_name": model.signing_name,
                "input": plain(operation.input_shape, given),
                "method": request["method"],
                "url": request["url"],
                "headers": {str(k): str(v) for k, v in request["headers"].items()},
                "body": base64.b64encode(body).decode(),
                "output": plain(operation.output_shape, output),
            }))


def answers():
    for line in sys.stdin:
        given = json.loads(line)
        model = SESSION.get_service_model(given["service"])
        operation = model.operation_model(given["operation"])
        parser = create_parser(model.resolved_protocol)
        shape = operation.output_shape
        headers = HTTPHeaders.from_pairs(given["headers"])
        body = base64.b64decode(given["body"])
        if operation.has_streaming_output:
            body = io.BytesIO(body)
        try:
            parsed = parser.parse(
                {"body": body, "headers": headers, "status_code": given["status"]}, shape
            )
        except Exception as error:  # the test shows it
            print(json.dumps({"given": given, "error": repr(error)}))
            continue
        parsed.pop("ResponseMetadata", None)
        read = plain(shape, parsed)
        if operation.name == "GetBucketLocation":
            continue  # botocore's S3 client reads it, not its parser
        payload = shape.serialization.get("payload") if shape else None
        if payload not in given["output"] and read.get(payload) in ("", {}):
            del read[payload]  # a payload that is not there reads as one without members
        for name, member in shape.members.items() if shape else ():
            if member.serialization.get("location") == "headers" and not read[name]:
                del read[name]  # headers that are not there read as none
        if read != given["output"]:
            print(json.dumps({"given": given, "read": read}))


if __name__ == "__main__":
    if sys.argv[1] == "requests":
        requests(sys.argv[2:])
    else:
        answers()
