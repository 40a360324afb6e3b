"""Express executions that answer with their result."""

import json

from common import client, machine, refused, states

shout = machine(
    "shout",
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Shout",
        "States": {
            "Shout": {
                "Type": "Pass",
                "Output": "{% $uppercase($states.input.text) & '!' %}",
                "End": True,
            }
        },
    },
    type="EXPRESS",
)
# The operation has a host name of its own, `sync-` and the endpoint's, which no resolver knows.
sync = client("stepfunctions", inject_host_prefix=False)


def run(**more):
    return sync.start_sync_execution(stateMachineArn=shout, **more)


answer = run(name="one", input=json.dumps({"text": "hello"}))
assert (answer["status"], answer["output"]) == ("SUCCEEDED", '"HELLO!"')
assert answer["executionArn"].split(":")[5:8] == ["express", "shout", "one"]
assert answer["billingDetails"]["billedMemoryUsedInMB"] == 64
assert answer["stopDate"] >= answer["startDate"]

failed = run(input=json.dumps({"text": {}}))
assert (failed["status"], failed["error"]) == ("FAILED", "States.QueryEvaluationError")

refused("InvalidExecutionInput", run, input="{")
refused(
    "StateMachineTypeNotSupported",
    states.list_executions,
    stateMachineArn=shout,
)
