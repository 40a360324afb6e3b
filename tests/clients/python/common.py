"""What the scripts share: clients of the endpoint under test, and shorthands."""

import json
import os
import threading

import boto3
from botocore.config import Config

ENDPOINT = os.environ["ENDPOINT"]
ROLE = "arn:aws:iam::000000000000:role/states"


def client(service, **config):
    config = Config(retries={"max_attempts": 0}, **config)
    return boto3.client(service, endpoint_url=ENDPOINT, config=config)


states = client("stepfunctions")


def machine(name, definition, **more):
    created = states.create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE, **more
    )
    return created["stateMachineArn"]


def one(name, state):
    """A machine of one state."""
    return machine(name, {"StartAt": "Only", "States": {"Only": {**state, "End": True}}})


def start(machine_arn, value=None, **more):
    started = states.start_execution(
        stateMachineArn=machine_arn, input=json.dumps({} if value is None else value), **more
    )
    return started["executionArn"]


def ended(execution):
    """The execution once it is over. Asks again and again: there is no waiter for it."""
    while True:
        found = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found


def refused(code, call, **arguments):
    """The message of the error that the call must answer."""
    try:
        call(**arguments)
    except states.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"not refused with {code}")


class Beside(threading.Thread):
    """Runs a function beside the script; `result` waits for it."""

    def __init__(self, function):
        super().__init__(daemon=True)
        self.function, self.value, self.error = function, None, None
        self.start()

    def run(self):
        try:
            self.value = self.function()
        except BaseException as error:  # noqa: BLE001: handed on
            self.error = error

    def result(self):
        self.join(60)
        assert not self.is_alive(), "still running"
        if self.error:
            raise self.error
        return self.value
