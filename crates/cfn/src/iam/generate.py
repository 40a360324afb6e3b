#!/usr/bin/env python3
"""Makes the table of IAM actions from the list in cfn-lint, which is AWS's service authorization
reference.

    pip install cfn-lint
    python3 generate.py      # writes actions.bin beside this file

Kept are the names of actions, in lower case as they are there, and whether an action knows
resources. The file is a gzip of one JSON document, then one gzip a service: the document says
where the gzip of each service lies. A service is a list of names; `*` after a name means that the
action is about no resource.
"""

import gzip
import json
import pathlib

import cfnlint

SOURCE = pathlib.Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json"
OUT = pathlib.Path(__file__).parent / "actions.bin"


def pack(value):
    return gzip.compress(json.dumps(value, separators=(",", ":")).encode(), 9, mtime=0)


services = json.loads(SOURCE.read_text())
index, body = {}, b""
for name, service in sorted(services.items()):
    actions = service.get("Actions", {})
    part = pack([a if actions[a].get("Resources") else a + "*" for a in sorted(actions)])
    index[name] = [len(body), len(part)]
    body += part
head = pack(index)
OUT.write_bytes(len(head).to_bytes(4, "little") + head + body)
