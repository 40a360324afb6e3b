"""How a single run ends: well, badly, stopped, refused."""

from common import ecs, ended, entered, free, log, outputs, result, row, sh, start, states, tasks

# A success, with what the container said.
done = start(
    "well",
    command=sh('test "$DAY $JOB_NAME $JOB_ATTEMPT" = "monday footwork-nightly 1"'),
    environment={"DAY": "monday"},
    trigger={"kind": "workflow", "name": "close-of-day"},
)
output = result(done)
assert (output["status"], output["exitCode"], output["attempts"]) == ("SUCCEEDED", 0, 1), output
assert entered(done) == ["Prepare", "Lock", "Array?", "Run", "Record success"]
assert row(done)["trigger"] == {"kind": "workflow", "name": "close-of-day"}
log("success")

# An exit code, with the log's last lines.
failed = ended(start("badly", command=sh("echo no rows; exit 42")))
assert (failed["status"], failed["error"]) == ("FAILED", "Job.Exit.42"), failed
assert "exited with 42" in failed["cause"] and "no rows" in failed["cause"], failed
one = row(failed["executionArn"])
assert (one["status"], one["error"], one["exitCode"]) == ("FAILED", "Job.Exit.42", 42), one
assert one["logGroup"] == outputs["LogGroupName"], one
log("exit code")

# Fails, and then does not.
output = result(start("again", command=sh('test "$JOB_ATTEMPT" = 3'), attempts=3))
assert output["attempts"] == 3, output
output = result(start("ignored", command=sh("exit 3"), onFailure={"exit:3": "ignore"}))
assert output["exitCode"] == 3, output
log("retry")

# Stopped: its task is, too, the history says so, and the lock is free.
stopped = start("stopped", command=["sleep", "3000"])
group = f"job:{outputs['StackName']}:stopped"
while not any(task["lastStatus"] == "RUNNING" for task in tasks(group)):
    pass
states.stop_execution(executionArn=stopped, error="Enough", cause="of it")
one = row(stopped)
assert (one["status"], one["error"], one["cause"]) == ("ABORTED", "Enough", "of it"), one
free()
after = start("after")
assert result(after)["status"] == "SUCCEEDED"
assert not tasks(group)
assert "Contend" in entered(after), "it looks whether the old container is gone"
log("stop")

# A wrong input starts nothing.
failed = ended(start("wrong", cpus=256, memory=3072, container="sidecar"))
assert failed["error"] == "Job.InvalidInput", failed
for fault in ["3 faults", "did you mean `cpu`?", "3072 MiB", "`sidecar` is not in"]:
    assert fault in failed["cause"], failed["cause"]
assert "3 faults" in row(failed["executionArn"])["cause"]
assert not ecs.list_tasks(cluster=outputs["ClusterName"])["taskArns"]

# Too long for ECS, and the same key twice.
script = 'test "${#LONG}" = 9000'
assert result(start("long", command=sh(script), environment={"LONG": "x" * 9000}))["exitCode"] == 0
assert result(start("key-1", idempotencyKey="k"))["status"] == "SUCCEEDED"
output = result(start("key-2", idempotencyKey="k"))
assert output["status"] == "SKIPPED" and "`key-1`" in output["reason"], output
