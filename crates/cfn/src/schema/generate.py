#!/usr/bin/env python3
"""Makes the table of CloudFormation resource types from the provider schemas in cfn-lint.

    pip install cfn-lint
    python3 generate.py      # writes types.bin beside this file

Only what CloudFormation checks or shows is kept: names, types, what is required, read-only,
create-only, write-only, identifiers, handlers and tags; no descriptions, lengths or patterns.
The file is a gzip of one JSON document, then one gzip a service: the document names each
service, its types and where its gzip lies, so that reading a type decompresses one service.
"""

import collections
import gzip
import json
import pathlib

import cfnlint
from cfnlint.schema import Schema

SCHEMAS = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
OUT = pathlib.Path(__file__).parent / "types.bin"

SCALARS = {"string": "s", "integer": "i", "number": "n", "boolean": "b", "object": "o"}


def compact(schema):
    """A type in short form; `schema.rs` describes the forms."""
    if "$ref" in schema:
        reference = schema["$ref"]
        return "#" + reference.removeprefix("#/definitions/") if "/definitions/" in reference else "a"
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [one for one in kind if one != "null"]
        if "array" in kinds and len(kinds) > 1:
            return "a"
        if set(kinds) == {"object", "string"}:
            return "j"
        if set(kinds) <= {"string", "integer", "number", "boolean"} and len(kinds) > 1:
            return "s"
        if len(kinds) != 1:
            return "a"
        kind = kinds[0]
    if kind == "array" or (kind is None and "items" in schema):
        return {"l": compact(schema["items"])} if isinstance(schema.get("items"), dict) else {"l": "a"}
    if schema.get("properties"):
        properties = {name: compact(one) for name, one in sorted(schema["properties"].items())}
        out = {"p": properties}
        if schema.get("required"):
            out["q"] = sorted(schema["required"])
        if schema.get("additionalProperties") is not False or schema.get("patternProperties"):
            out["x"] = 1
        return out
    if schema.get("patternProperties"):
        values = {json.dumps(compact(one)) for one in schema["patternProperties"].values()}
        return {"m": json.loads(values.pop()) if len(values) == 1 else "a"}
    if isinstance(schema.get("additionalProperties"), dict):
        return {"m": compact(schema["additionalProperties"])}
    if kind == "string" and schema.get("enum") and not schema.get("enumCaseInsensitive"):
        return {"e": sorted(schema["enum"])}
    if kind in SCALARS:
        return SCALARS[kind]
    for group in ("oneOf", "anyOf"):
        choices = [one for one in schema.get(group, []) if set(one) - {"required", "format", "description"}]
        if choices:
            return {"u": [compact(one) for one in choices]}
    return "a"


def used(value, definitions, seen):
    """Definitions that a type reaches."""
    if isinstance(value, str) and value.startswith("#"):
        name = value[1:]
        if name in definitions and name not in seen:
            seen.add(name)
            used(definitions[name], definitions, seen)
    elif isinstance(value, dict):
        for one in value.values():
            used(one, definitions, seen)
    elif isinstance(value, list):
        for one in value:
            used(one, definitions, seen)


def paths(schema, key):
    return sorted(path.removeprefix("/properties/").replace("/properties/", "/") for path in schema.get(key, []))


def table(schema):
    """What is kept of one resource type."""
    properties = {name: compact(one) for name, one in sorted(schema["properties"].items())}
    definitions = {name: compact(one) for name, one in schema.get("definitions", {}).items()}
    seen = set()
    used(properties, definitions, seen)
    out = {"p": properties}
    if seen:
        out["d"] = {name: definitions[name] for name in sorted(seen)}
    if schema.get("required"):
        out["q"] = sorted(schema["required"])
    if schema.get("additionalProperties") is not False or schema.get("patternProperties"):
        out["x"] = 1
    for short, key in [
        ("r", "readOnlyProperties"),
        ("c", "createOnlyProperties"),
        ("k", "conditionalCreateOnlyProperties"),
        ("w", "writeOnlyProperties"),
    ]:
        if schema.get(key):
            out[short] = paths(schema, key)
    # What `GetAtt` gives beyond read-only properties, by paths.
    more = [name.replace(".", "/") for name in Schema(schema).get_atts if "*" not in name]
    more = sorted(set(more) - set(out.get("r", [])))
    if more:
        out["g"] = more
    # The order of identifiers is the order in which Cloud Control joins them.
    out["i"] = [path.removeprefix("/properties/") for path in schema.get("primaryIdentifier", [])]
    handlers = schema.get("handlers", {})
    out["h"] = "".join(short for short, name in zip("crudl", ("create", "read", "update", "delete", "list")) if name in handlers)
    tagging = schema.get("tagging", {})
    if tagging.get("taggable", schema.get("taggable", "Tags" in properties)):
        tags = tagging.get("tagProperty", "/properties/Tags").removeprefix("/properties/")
        if tags in properties:
            out["t"] = tags
            if tagging.get("cloudFormationSystemTags", True):
                out["y"] = 1
    return out


def squeeze(value):
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return gzip.compress(text.encode(), 9, mtime=0)


def main():
    services = collections.defaultdict(dict)
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text())
        name = schema["typeName"]
        # SAM's types are the input of a macro, no resources.
        if not name.startswith("AWS::Serverless::"):
            services[name.rsplit("::", 1)[0]][name.rsplit("::", 1)[1]] = table(schema)
    index, body = {}, b""
    for service, types in sorted(services.items()):
        part = squeeze(types)
        index[service] = {"at": len(body), "size": len(part), "types": sorted(types)}
        body += part
    head = squeeze(index)
    OUT.write_bytes(len(head).to_bytes(4, "little") + head + body)
    print(f"{sum(map(len, services.values()))} types, {len(head) + len(body)} bytes")


if __name__ == "__main__":
    main()
