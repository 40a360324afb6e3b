"""boto3's paginators, page by page and all at once."""

from common import ended, machine, start, states

LOOP = machine(
    "loop",
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Count",
        "States": {
            "Count": {
                "Type": "Pass",
                "Output": "{% {'n': $states.input.n + 1} %}",
                "Next": "Enough?",
            },
            "Enough?": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input.n < 300 %}", "Next": "Count"}],
                "Default": "Done",
            },
            "Done": {"Type": "Succeed"},
        },
    },
)
executions = [start(LOOP, {"n": 0 if i == 0 else 298}, name=f"run-{i}") for i in range(7)]
assert all(ended(one)["status"] == "SUCCEEDED" for one in executions)


def all_of(operation, result, size, **arguments):
    pages = states.get_paginator(operation).paginate(
        PaginationConfig={"PageSize": size}, **arguments
    )
    pages = [page[result] for page in pages]
    assert all(len(page) <= size for page in pages)
    return [item for page in pages for item in page]


# A history that spans pages: whole, in order, and the same from behind.
history = all_of("get_execution_history", "events", 1000, executionArn=executions[0])
assert [event["id"] for event in history] == list(range(1, len(history) + 1))
assert len(history) == 4 * 300 + 4, len(history)
assert history[-1]["type"] == "ExecutionSucceeded"
assert history[-1]["executionSucceededEventDetails"]["output"] == '{"n":300}'
assert all(event["previousEventId"] == event["id"] - 1 for event in history[2:])
for size in (7, 1000):
    behind = all_of(
        "get_execution_history", "events", size, executionArn=executions[0], reverseOrder=True
    )
    assert behind == history[::-1]
without = all_of(
    "get_execution_history",
    "events",
    500,
    executionArn=executions[0],
    includeExecutionData=False,
)
assert "input" not in without[1]["stateEnteredEventDetails"]
assert without[1]["stateEnteredEventDetails"]["name"] == "Count"

# Newest first, by status, and nothing twice.
listed = all_of("list_executions", "executions", 2, stateMachineArn=LOOP)
assert [one["executionArn"] for one in listed] == executions[::-1]
failed = all_of("list_executions", "executions", 2, stateMachineArn=LOOP, statusFilter="FAILED")
assert failed == []

more = {machine(f"m-{i}", {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}) for i in range(5)}
machines = all_of("list_state_machines", "stateMachines", 2)
assert {one["stateMachineArn"] for one in machines} == more | {LOOP}
assert len(machines) == 6
