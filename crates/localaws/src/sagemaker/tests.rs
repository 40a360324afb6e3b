//! The service as its users see it: through the API.

use serde_json::{Value, json};

use crate::testing::Door;

async fn ended(door: &Door, kind: &str, arn: &str) -> Value {
    let describe = format!("Describe{kind}");
    loop {
        let changed = door.aws.changes().listen(arn);
        let input = json!({ format!("{kind}Name"): "j" });
        let job = door.ok("sagemaker", &describe, input).await;
        if job[format!("{kind}Status")] != "InProgress"
            && job[format!("{kind}Status")] != "Stopping"
        {
            return job;
        }
        door.aws.clock().track(changed).await.unwrap();
    }
}

#[tokio::test]
async fn jobs_of_every_kind_go_through_their_lives() {
    let tag = |key: &str, value: &str| json!([{ "Key": key, "Value": value }]);
    for (kind, more, status, reason) in [
        ("TrainingJob", json!({}), "Completed", None),
        (
            "TrainingJob",
            json!({ "HyperParameters": { "footwork:fail": "no convergence" } }),
            "Failed",
            Some("no convergence"),
        ),
        (
            "TrainingJob",
            json!({ "Tags": tag("footwork:seconds", "100"),
                    "StoppingCondition": { "MaxRuntimeInSeconds": 10 } }),
            "Stopped",
            None,
        ),
        (
            "TransformJob",
            json!({ "Tags": tag("footwork:fail", "r") }),
            "Failed",
            Some("r"),
        ),
        ("ProcessingJob", json!({}), "Completed", None),
        ("HyperParameterTuningJob", json!({}), "Completed", None),
    ] {
        let door = Door::open();
        let mut input = json!({
            format!("{kind}Name"): "j", "RoleArn": "r",
            "OutputDataConfig": { "S3OutputPath": "s3://b/p/" },
        });
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let create = format!("Create{kind}");
        let made = door.ok("sagemaker", &create, input.clone()).await;
        assert_eq!(
            door.code("sagemaker", &create, input).await,
            "ResourceInUse"
        );
        let arn = made[format!("{kind}Arn")].as_str().unwrap();
        let job = ended(&door, kind, arn).await;
        assert_eq!(job[format!("{kind}Status")], status, "{job:#}");
        assert_eq!(job["FailureReason"].as_str(), reason);
        let listed = door
            .ok("sagemaker", &format!("List{kind}s"), json!({}))
            .await;
        assert_eq!(
            listed[format!("{kind}Summaries")][0][format!("{kind}Arn")],
            arn
        );
        let again = json!({ format!("{kind}Name"): "j" });
        let code = door.code("sagemaker", &format!("Stop{kind}"), again).await;
        assert_eq!(code, "ValidationException");
    }
}

#[tokio::test]
async fn endpoints_come_into_service() {
    let door = Door::open();
    let endpoint = json!({ "EndpointName": "e", "EndpointConfigName": "c" });
    let refused = door
        .call("sagemaker", "CreateEndpoint", endpoint.clone())
        .await;
    assert_eq!(
        refused.unwrap_err().message,
        "Could not find endpoint configuration \
         \"arn:aws:sagemaker:eu-central-1:000000000000:endpoint-config/c\"."
    );
    let config = json!({ "EndpointConfigName": "c", "ProductionVariants": [] });
    door.ok("sagemaker", "CreateEndpointConfig", config).await;
    door.ok("sagemaker", "CreateEndpoint", endpoint).await;
    let name = json!({ "EndpointName": "e" });
    let made = door.ok("sagemaker", "DescribeEndpoint", name.clone()).await;
    assert_eq!(made["EndpointStatus"], "Creating");
    door.pass(2).await;
    let made = door.ok("sagemaker", "DescribeEndpoint", name).await;
    assert_eq!(made["EndpointStatus"], "InService");
}
