"""Workers that poll: they wait for work, are given each task once, and report."""

import json

from common import Beside, client, ended, one, refused, start, states

activity = states.create_activity(name="work")["activityArn"]
asks = one("asks", {"Type": "Task", "Resource": activity, "HeartbeatSeconds": 60})


def poll():
    # A connection of its own, open for as long as AWS may keep it waiting.
    worker = client("stepfunctions", read_timeout=70)
    return worker.get_activity_task(activityArn=activity, workerName="boto3")


# Two wait before there is anything to do, and are woken by it.
workers = [Beside(poll), Beside(poll)]
executions = [start(asks, {"number": number}) for number in (1, 2)]
tasks = [worker.result() for worker in workers]
assert sorted(json.loads(task["input"])["number"] for task in tasks) == [1, 2]
first, second = sorted(tasks, key=lambda task: task["input"])

states.send_task_heartbeat(taskToken=first["taskToken"])
states.send_task_success(taskToken=first["taskToken"], output='{"done": true}')
states.send_task_failure(taskToken=second["taskToken"], error="Broken", cause="on purpose")
assert ended(executions[0])["output"] == '{"done": true}'
failed = ended(executions[1])
assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "Broken", "on purpose")

history = states.get_execution_history(executionArn=executions[0])["events"]
assert [event["type"] for event in history] == [
    "ExecutionStarted",
    "TaskStateEntered",
    "ActivityScheduled",
    "ActivityStarted",
    "ActivitySucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
]
assert history[3]["activityStartedEventDetails"]["workerName"] == "boto3"

# A token answers once, and only one that was given.
again = {"taskToken": first["taskToken"], "output": "{}"}
refused("TaskTimedOut", states.send_task_success, **again)
refused("TaskTimedOut", states.send_task_heartbeat, taskToken=first["taskToken"])
refused("InvalidToken", states.send_task_success, taskToken="made-up", output="{}")

# An execution that is stopped takes its task with it.
stopped = start(asks, {"number": 3})
task = poll()
states.stop_execution(executionArn=stopped, error="Enough", cause="said a person")
assert ended(stopped)["status"] == "ABORTED"
refused("TaskTimedOut", states.send_task_success, taskToken=task["taskToken"], output="{}")
