"""An execution that failed goes on where it failed, once what it needed is there."""

from common import client, ended, one, refused, start, states

sqs = client("sqs")
address = states.meta.endpoint_url + "/000000000000/later"
sends = one(
    "sends",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": address, "MessageBody": "hello"},
    },
)
execution = start(sends)
failed = ended(execution)
assert failed["status"] == "FAILED", failed
assert (failed["redriveStatus"], failed["redriveCount"]) == ("REDRIVABLE", 0)

assert sqs.create_queue(QueueName="later")["QueueUrl"] == address
redriven = states.redrive_execution(executionArn=execution)
done = ended(execution)
assert (done["status"], done["redriveCount"]) == ("SUCCEEDED", 1), done
assert done["redriveDate"] == redriven["redriveDate"]
types = [event["type"] for event in states.get_execution_history(executionArn=execution)["events"]]
assert types.count("ExecutionStarted") == 1
assert types[types.index("ExecutionFailed") + 1] == "ExecutionRedriven", types
assert types[-1] == "ExecutionSucceeded"
received = sqs.receive_message(QueueUrl=address)["Messages"]
assert [message["Body"] for message in received] == ["hello"]

refused("ExecutionNotRedrivable", states.redrive_execution, executionArn=execution)
