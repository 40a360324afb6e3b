"""What the scripts share: clients of the endpoint under test, and one deployed job."""

import json
import os
import sys

import boto3
from botocore.config import Config

ENDPOINT = os.environ["ENDPOINT"]
STACK = os.environ["STACK"]


def client(service):
    config = Config(retries={"max_attempts": 0}, max_pool_connections=60)
    return boto3.client(service, endpoint_url=ENDPOINT, config=config)


states = client("stepfunctions")
stack = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
table = boto3.resource("dynamodb", endpoint_url=ENDPOINT).Table(outputs["TableName"])
ecs = client("ecs")


def sh(script):
    return ["sh", "-c", script]


def start(name=None, **given):
    """Starts a run of the alias."""
    more = {"name": name} if name else {}
    started = states.start_execution(
        stateMachineArn=outputs["StateMachineAliasArn"], input=json.dumps(given), **more
    )
    return started["executionArn"]


def ended(execution):
    """The execution once it is over. Asks again and again: there is no waiter for it."""
    while True:
        found = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found


def result(execution):
    found = ended(execution)
    assert found["status"] == "SUCCEEDED", found
    return json.loads(found["output"])


def rows():
    """The history, the oldest first."""
    key = boto3.dynamodb.conditions.Key("pk").eq("run")
    return table.query(KeyConditionExpression=key, ConsistentRead=True)["Items"]


def row(execution):
    """The row of a run; that of one that was stopped is written a little later."""
    while True:
        for one in rows():
            if one["execution"] == execution:
                return one


def lock():
    return table.get_item(Key={"pk": "lock", "sk": "lock"}, ConsistentRead=True).get("Item", {})


def free():
    """Waits until nobody has the lock."""
    while "holder" in lock():
        pass


def tasks(group, status="RUNNING"):
    arns = ecs.list_tasks(cluster=outputs["ClusterName"], desiredStatus=status)["taskArns"]
    if not arns:
        return []
    found = ecs.describe_tasks(cluster=outputs["ClusterName"], tasks=arns[:100])["tasks"]
    return [task for task in found if task["group"].startswith(group)]


def entered(execution):
    """Names of the states that an execution entered."""
    pages = states.get_paginator("get_execution_history").paginate(executionArn=execution)
    events = [event for page in pages for event in page["events"]]
    details = [event.get("stateEnteredEventDetails") for event in events]
    return [one["name"] for one in details if one]


def log(text):
    print(text, file=sys.stderr)
