"""CloudFormation's waiters, around a stack with a state machine in it."""

import json

from botocore.exceptions import WaiterError

from common import client, ended, start

cloudformation = client("cloudformation")
QUICK = {"Delay": 1, "MaxAttempts": 60}


def template(words):
    definition = {
        "StartAt": "Say",
        "States": {"Say": {"Type": "Pass", "Result": words, "End": True}},
    }
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "states.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "Definition": definition,
            },
        },
    }
    outputs = {"Machine": {"Value": {"Ref": "Machine"}}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


def until(what, name):
    cloudformation.get_waiter(what).wait(StackName=name, WaiterConfig=QUICK)


def says():
    stack = cloudformation.describe_stacks(StackName="says")["Stacks"][0]
    return ended(start(stack["Outputs"][0]["OutputValue"]))["output"]


capabilities = {"Capabilities": ["CAPABILITY_IAM"]}
cloudformation.create_stack(StackName="says", TemplateBody=template("one"), **capabilities)
until("stack_exists", "says")
until("stack_create_complete", "says")
assert says() == '"one"'

cloudformation.create_change_set(
    StackName="says", ChangeSetName="two", TemplateBody=template("two"), **capabilities
)
cloudformation.get_waiter("change_set_create_complete").wait(
    StackName="says", ChangeSetName="two", WaiterConfig=QUICK
)
cloudformation.execute_change_set(StackName="says", ChangeSetName="two")
until("stack_update_complete", "says")
assert says() == '"two"'

# A stack that fails is not waited for to the end of the attempts.
broken = json.loads(template("three"))
broken["Resources"]["Machine"]["Properties"]["Definition"]["StartAt"] = "Nowhere"
cloudformation.create_stack(
    StackName="broken", TemplateBody=json.dumps(broken), **capabilities
)
try:
    until("stack_create_complete", "broken")
    raise AssertionError("a broken stack was created")
except WaiterError as error:
    assert "ROLLBACK" in error.last_response["Stacks"][0]["StackStatus"], error

cloudformation.delete_stack(StackName="says")
until("stack_delete_complete", "says")
