"""A task token travels through a queue, and whoever reads it answers."""

import json

from common import client, ended, one, start, states

sqs = client("sqs")
queue = sqs.create_queue(QueueName="approvals")["QueueUrl"]
asks = one(
    "approval",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {
            "QueueUrl": queue,
            "MessageBody": {"token.$": "$$.Task.Token", "ask.$": "$.ask"},
        },
        "TimeoutSeconds": 300,
    },
)
executions = {ask: start(asks, {"ask": ask}) for ask in ("yes", "no")}

asked = {}
while len(asked) < 2:
    received = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, MaxNumberOfMessages=10)
    for message in received["Messages"]:
        body = json.loads(message["Body"])
        asked[body["ask"]] = body["token"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

for execution in executions.values():
    assert states.describe_execution(executionArn=execution)["status"] == "RUNNING"
    history = states.get_execution_history(executionArn=execution)["events"]
    assert history[-1]["type"] == "TaskSubmitted", history[-1]

states.send_task_success(taskToken=asked["yes"], output='{"by": "a person"}')
states.send_task_failure(taskToken=asked["no"], error="Refused", cause="not today")
assert json.loads(ended(executions["yes"])["output"]) == {"by": "a person"}
refusal = ended(executions["no"])
assert (refusal["status"], refusal["error"]) == ("FAILED", "Refused")
