"""A container an item; what failed, again."""

import json

from common import client, ended, log, outputs, result, row, sh, start

s3 = client("s3")
items = [{"number": number} for number in range(20)]
# 3 and 8 fail, as long as nobody says that all is well.
script = 'test -n "$WELL" || case "$JOB_ITEM" in *:3\\}|*:8\\}) echo "$JOB_ITEM is bad"; exit 1;; esac'
given = {"command": sh(script), "array": {"items": items, "concurrency": 5}}
failed = ended(start("bad", **given))
assert failed["error"] == "Job.ArrayFailed", failed
assert failed["cause"].startswith("2 of 20 items failed, 0 may: item 3: Job.Exit.1"), failed
assert "is bad" in failed["cause"], failed
array = row(failed["executionArn"])["array"]
assert (array["count"], array["succeeded"], array["failed"]) == (20, 18, 2), array
log("array")

given["array"]["toleratedFailures"] = 2
output = result(start("tolerated", **given))
assert output["array"]["failed"] == 2, output

again = {"array": {"failedOf": "bad"}, "command": sh(script), "environment": {"WELL": "yes"}}
output = result(start("repaired", **again))
assert (output["array"]["count"], output["array"]["failed"]) == (2, 0), output
lines = s3.get_object(Bucket=outputs["BucketName"], Key="runs/repaired/items.jsonl")["Body"].read()
assert [json.loads(line)["index"] for line in lines.splitlines()] == [3, 8]
log("failed items again")

given = {"array": {"from": 7, "to": 9}, "command": sh('test "$JOB_COUNT" = 3 -a "$JOB_INDEX" -ge 7')}
assert result(start("range", **given))["array"]["succeeded"] == 3
