"""Jobs of ECS, Batch, Glue and SageMaker: by their own APIs, and waited for by state machines."""

import json
import sys
import time

from common import ROLE, client, ended, one, refused, start, states

ecs, batch, glue = client("ecs"), client("batch"), client("glue")
sagemaker, logs, iam = client("sagemaker"), client("logs"), client("iam")

# A container that answers a task token with its role's credentials and nothing else.
trust = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
    "Action": "sts:AssumeRole"}]}
role = iam.create_role(RoleName="task", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
answer = """
import boto3, json, os
print("hello from", os.environ["WHO"])
if "TOKEN" in os.environ:
    boto3.client("stepfunctions").send_task_success(
        taskToken=os.environ["TOKEN"], output=json.dumps({"by": os.environ["WHO"]}))
"""
cluster = ecs.create_cluster(clusterName="jobs")["cluster"]["clusterArn"]
definition = ecs.register_task_definition(
    family="answer", requiresCompatibilities=["FARGATE"], networkMode="awsvpc",
    cpu=".25 vCPU", memory="0.5GB", taskRoleArn=role, executionRoleArn=role,
    containerDefinitions=[{
        "name": "main", "image": "python:3", "entryPoint": [sys.executable, "-c"],
        "command": [answer], "environment": [{"name": "WHO", "value": "nobody"}],
        "logConfiguration": {"logDriver": "awslogs", "options": {
            "awslogs-group": "tasks", "awslogs-create-group": "true",
            "awslogs-stream-prefix": "t"}},
    }],
)["taskDefinition"]
assert (definition["cpu"], definition["memory"]) == ("256", "512"), definition
network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
who = [{"name": "main", "environment": [{"name": "WHO", "value": "somebody"}]}]
task = ecs.run_task(
    cluster="jobs", taskDefinition="answer", launchType="FARGATE", networkConfiguration=network,
    overrides={"containerOverrides": who})["tasks"][0]["taskArn"]
ecs.get_waiter("tasks_stopped").wait(
    cluster="jobs", tasks=[task], WaiterConfig={"Delay": 1, "MaxAttempts": 60})
stopped = ecs.describe_tasks(cluster="jobs", tasks=[task])["tasks"][0]
assert stopped["containers"][0]["exitCode"] == 0, stopped
assert stopped["stoppedAt"] > stopped["createdAt"]
stream = f"t/main/{task.split('/')[-1]}"
said = logs.get_log_events(logGroupName="tasks", logStreamName=stream)["events"]
assert [event["message"] for event in said] == ["hello from somebody"], said
message = refused(
    "ClientException", ecs.register_task_definition, family="f",
    requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="256", memory="4096",
    containerDefinitions=[{"name": "main", "image": "i"}])
assert message.startswith("No Fargate configuration exists for given values: 256 CPU, 4096 memory")

environment = [
    {"Name": "WHO", "Value": "a container"}, {"Name": "TOKEN", "Value.$": "$$.Task.Token"}]
asks = one("asks", {
    "Type": "Task",
    "Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken",
    "Parameters": {
        "Cluster": cluster, "TaskDefinition": "answer", "LaunchType": "FARGATE",
        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-1"]}},
        "Overrides": {"ContainerOverrides": [{"Name": "main", "Environment": environment}]},
    },
    "TimeoutSeconds": 300,
})
answered = ended(start(asks))
assert json.loads(answered["output"]) == {"by": "a container"}, answered

# Batch.
batch.create_compute_environment(computeEnvironmentName="here", type="UNMANAGED")
batch.create_job_queue(
    jobQueueName="queue", priority=1,
    computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "here"}])
needs = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]
batch.register_job_definition(
    jobDefinitionName="job", type="container", parameters={"code": "0"},
    containerProperties={
        "image": "busybox", "command": ["sh", "-c", "exit $0", "Ref::code"],
        "resourceRequirements": needs})
for code, status in (("0", "SUCCEEDED"), ("3", "FAILED")):
    runs = one(f"batch-{code}", {
        "Type": "Task",
        "Resource": "arn:aws:states:::batch:submitJob.sync",
        "Parameters": {"JobName": "j", "JobQueue": "queue", "JobDefinition": "job",
                       "Parameters": {"code": code}},
        "TimeoutSeconds": 300,
    })
    over = ended(start(runs))
    assert over["status"] == status, over
    job = json.loads(over["output"] if status == "SUCCEEDED" else over["cause"])
    assert (job["Status"], job["Container"]["ExitCode"]) == (status, int(code)), job
listed = batch.list_jobs(jobQueue="queue", jobStatus="FAILED")["jobSummaryList"]
assert len(listed) == 1, listed

# Glue, stopped with the execution that waits for it.
glue.create_job(Name="etl", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://b/s"})
runs = one("glue", {
    "Type": "Task",
    "Resource": "arn:aws:states:::glue:startJobRun.sync",
    "Parameters": {"JobName": "etl", "Arguments": {"--footwork:seconds": "3600"}},
    "TimeoutSeconds": 3600,
})
execution = start(runs)
while not glue.get_job_runs(JobName="etl")["JobRuns"]:
    time.sleep(0.1)
while states.get_execution_history(executionArn=execution)["events"][-1]["type"] != "TaskSubmitted":
    time.sleep(0.1)
states.stop_execution(executionArn=execution)
while glue.get_job_runs(JobName="etl")["JobRuns"][0]["JobRunState"] != "STOPPED":
    time.sleep(0.1)

# SageMaker, failing on request.
sagemaker.create_training_job(
    TrainingJobName="train", RoleArn=ROLE,
    AlgorithmSpecification={"TrainingImage": "i", "TrainingInputMode": "File"},
    OutputDataConfig={"S3OutputPath": "s3://b/p"},
    ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    StoppingCondition={"MaxRuntimeInSeconds": 60},
    Tags=[{"Key": "footwork:fail", "Value": "no convergence"}])
while True:
    trained = sagemaker.describe_training_job(TrainingJobName="train")
    if trained["TrainingJobStatus"] != "InProgress":
        break
    time.sleep(0.1)
assert trained["FailureReason"] == "no convergence", trained
assert trained["TrainingEndTime"] > trained["CreationTime"]
