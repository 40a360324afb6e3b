#!/usr/bin/env python3
"""Writes tables/apis.bin from the API models of an installed botocore (see README.md).

One archive: a header of two little-endian 32-bit lengths (index, deflated and inflated), the
deflated index, then a raw-deflate block a service. Index and blocks are text of tab-separated
lines; src/model/parse.rs reads them and names every field.
"""

import struct
import sys
import zlib
from pathlib import Path

import botocore
from botocore.loaders import Loader

KINDS = {
    "structure": "S", "list": "L", "map": "M", "string": "s", "boolean": "b", "integer": "i",
    "long": "l", "float": "f", "double": "d", "timestamp": "t", "blob": "B",
}
LOCATIONS = {
    "uri": "@u", "header": "@h", "headers": "@H", "querystring": "@q", "statusCode": "@s",
}
TIMESTAMPS = {"iso8601": "Ti", "unixTimestamp": "Tu", "rfc822": "Tr"}
SHAPE_FLAGS = {
    "exception": "X", "union": "U", "document": "D", "eventstream": "V",
    "flattened": "f", "streaming": "s", "sparse": "n",
}
MEMBER_FLAGS = {
    "flattened": "f", "idempotencyToken": "t", "jsonvalue": "j", "xmlAttribute": "a",
    "streaming": "s", "hostLabel": "h",
}


def field(text):
    """A field: no tab or newline may survive, and backslashes say so."""
    return (str(text).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
            .replace("\r", "\\r"))


def namespace(value):
    if isinstance(value, str):
        value = {"uri": value}
    return f"x{value.get('prefix', '')},{value.get('uri', '')}"


def reference(ref, shapes, required=False):
    """`<shape> <attribute>…`, separated by spaces."""
    out = [shapes.mention(ref["shape"])]
    if required:
        out.append("!")
    if "location" in ref:
        out.append(LOCATIONS[ref["location"]])
    if "locationName" in ref:
        out.append("=" + ref["locationName"])
    if "queryName" in ref:
        out.append("?" + ref["queryName"])
    if "timestampFormat" in ref:
        out.append(TIMESTAMPS[ref["timestampFormat"]])
    if "xmlNamespace" in ref:
        out.append(namespace(ref["xmlNamespace"]))
    out += [flag for key, flag in MEMBER_FLAGS.items() if ref.get(key)]
    return " ".join(out)


def number(value):
    return f"{value:.0f}" if float(value).is_integer() else repr(value)


def shape_line(name, shape, shapes):
    kind = KINDS[shape["type"]]
    attributes = []
    for key, flag in SHAPE_FLAGS.items():
        if shape.get(key):
            attributes.append(flag)
    if "payload" in shape:
        attributes.append("P" + shape["payload"])
    if "locationName" in shape:
        attributes.append("=" + shape["locationName"])
    if "xmlNamespace" in shape:
        attributes.append(namespace(shape["xmlNamespace"]))
    if "timestampFormat" in shape:
        attributes.append(TIMESTAMPS[shape["timestampFormat"]])
    error = shape.get("error", {})
    if "code" in error:
        attributes.append("C" + error["code"])
    if "httpStatusCode" in error:
        attributes.append("E" + str(error["httpStatusCode"]))
    if "min" in shape:
        attributes.append("<" + number(shape["min"]))
    if "max" in shape:
        attributes.append(">" + number(shape["max"]))
    fields = [name, kind, " ".join(attributes)]
    if kind == "S":
        required = set(shape.get("required", []))
        for member, ref in shape["members"].items():
            fields.append(member + " " + reference(ref, shapes, member in required))
    elif kind == "L":
        fields.append(reference(shape["member"], shapes))
    elif kind == "M":
        fields += [reference(shape["key"], shapes), reference(shape["value"], shapes)]
    elif kind == "s":
        fields.append(shape.get("pattern", ""))
        fields += shape.get("enum", [])
    return "\t".join(field(f) for f in fields)


def operation_line(operation, shapes):
    http = operation["http"]
    source = operation.get("input", {})
    output = operation.get("output", {})
    attributes = []
    if "locationName" in source:
        attributes.append("=" + source["locationName"])
    if "xmlNamespace" in source:
        attributes.append(namespace(source["xmlNamespace"]))
    if "resultWrapper" in output:
        attributes.append("w" + output["resultWrapper"])
    if "hostPrefix" in operation.get("endpoint", {}):
        attributes.append("h" + operation["endpoint"]["hostPrefix"])
    if operation.get("authtype") == "none" or operation.get("auth") == ["smithy.api#noAuth"]:
        attributes.append("n")
    if operation.get("deprecated"):
        attributes.append("d")
    checksum = operation.get("httpChecksum", {})
    if operation.get("httpChecksumRequired") or checksum.get("requestChecksumRequired"):
        attributes.append("c")
    return "\t".join(field(f) for f in [
        operation["name"], http["method"], http["requestUri"], http.get("responseCode", 200),
        shapes.mention(source["shape"]) if source else "", shapes.mention(output["shape"]) if output else "",
        " ".join(shapes.mention(e["shape"]) for e in operation.get("errors", [])), " ".join(attributes),
    ])


class Shapes:
    """Numbers the shapes of a model by their first mention.

    A first mention is written as `+`, so that the numbers cost nothing; later ones as the number.
    Only structures are known by name; of all other leaves the equal ones share a number.
    """

    def __init__(self, shapes):
        self.shapes, self.ids, self.order, self.same = shapes, {}, [], {}

    def mention(self, name):
        if name in self.ids:
            return str(self.ids[name])
        shape = self.shapes[name]
        number = len(self.order)
        if not {"members", "member", "key"} & shape.keys():
            content = shape_line("", shape, self)
            number = self.same.setdefault(content, number)
        self.ids[name] = number
        if number < len(self.order):
            return str(number)
        self.order.append(name)
        return "+"


def service_text(model):
    shapes = Shapes(model["shapes"])
    operations = [operation_line(op, shapes) for op in model["operations"].values()]
    exceptions = [name for name, shape in model["shapes"].items() if shape.get("exception")]
    others = " ".join(shapes.mention(name) for name in exceptions if name not in shapes.ids)
    lines = [str(len(operations)), *operations, others]
    for name in shapes.order:  # grows while it is walked
        shape = model["shapes"][name]
        lines.append(shape_line(name if shape["type"] == "structure" else "", shape, shapes))
    return "\n".join(lines)


def index_line(name, model, offset, packed, unpacked):
    meta = model["metadata"]
    compatible = "q" if "awsQueryCompatible" in meta else ""
    space = meta.get("xmlNamespace", "")
    return "\t".join(field(f) for f in [
        name, meta["serviceId"], meta.get("signingName", meta["endpointPrefix"]),
        meta["endpointPrefix"], " ".join(meta.get("protocols") or [meta["protocol"]]),
        meta["apiVersion"], meta.get("jsonVersion", ""), meta.get("targetPrefix", ""),
        space if isinstance(space, str) else space.get("uri", ""), compatible,
        meta.get("globalEndpoint", ""), offset, packed, unpacked,
    ])


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush()


def main():
    target = Path(__file__).parent / "tables" / "apis.bin"
    loader = Loader(extra_search_paths=[], include_default_search_paths=True)
    names = sorted(loader.list_available_services("service-2"))
    index, blocks, offset = [f"botocore {botocore.__version__}"], [], 0
    for name in names:
        model = loader.load_service_model(name, "service-2")
        text = service_text(model).encode()
        block = deflate(text)
        index.append(index_line(name, model, offset, len(block), len(text)))
        blocks.append(block)
        offset += len(block)
    text = "\n".join(index).encode()
    packed = deflate(text)
    target.write_bytes(struct.pack("<II", len(packed), len(text)) + packed + b"".join(blocks))
    print(f"{target}: {len(names)} services, {target.stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
