//! Published templates that others wrote, as they are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::template::Template;
use super::World;
use crate::resources::Schema;

/// The folder with the templates; `None`, said aloud, where it is not on this machine.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests must see what was skipped"
)]
fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("FOOTWORK_SHARED").unwrap_or_else(|| "../shared".into());
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.join(shared).join("real-templates/widdix");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no templates in {}", folder.display());
    None
}

fn templates() -> Vec<(String, String)> {
    let Some(root) = folder() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for domain in std::fs::read_dir(&root).unwrap() {
        let domain = domain.unwrap().path();
        if !domain.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(domain).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn every_template_is_read() {
    for (name, text) in templates() {
        let template = Template::parse(&text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        assert!(template.outputs.contains_key("TemplateID"), "{name}");
    }
}

/// Name, template and parameters.
type Deployed = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Parents first.
const STACKS: [Deployed; 13] = [
    (
        "alert",
        "operations/alert.yaml",
        &[("FallbackEmail", "a@example.com")],
    ),
    (
        "kms",
        "security/kms-key.yaml",
        &[("ParentAlertStack", "alert")],
    ),
    (
        "trail",
        "security/cloudtrail.yaml",
        &[("ParentAlertStack", "alert")],
    ),
    ("vpc", "vpc/vpc-2azs.yaml", &[]),
    (
        "flow-logs",
        "vpc/vpc-flow-logs-s3.yaml",
        &[("ParentVPCStack", "vpc")],
    ),
    (
        "client",
        "state/client-sg.yaml",
        &[("ParentVPCStack", "vpc")],
    ),
    ("bucket", "state/s3.yaml", &[("ParentKmsKeyStack", "kms")]),
    (
        "table",
        "state/dynamodb.yaml",
        &[("PartitionKeyName", "id"), ("ParentAlertStack", "alert")],
    ),
    (
        "secret",
        "state/secretsmanager-dbsecret.yaml",
        &[("ParentKmsKeyStack", "kms")],
    ),
    (
        "cluster",
        "fargate/cluster.yaml",
        &[("ParentVPCStack", "vpc"), ("ParentAlertStack", "alert")],
    ),
    (
        "service",
        "fargate/service-dedicated-alb.yaml",
        &[
            ("ParentVPCStack", "vpc"),
            ("ParentClusterStack", "cluster"),
            ("ParentAlertStack", "alert"),
            ("AppImage", "nginx"),
        ],
    ),
    (
        "oidc",
        "operations/github-openid-connect.yaml",
        &[("GitHubRestriction", "repo:a/b:ref:refs/heads/main")],
    ),
    (
        "terraform",
        "operations/terraform-state.yaml",
        &[
            ("ParentKmsKeyStack", "kms"),
            ("TerraformStateIdentifier", "mine"),
            ("TerraformStateAdminARNs", "arn:aws:iam::000000000000:root"),
        ],
    ),
];

#[tokio::test]
async fn every_template_is_deployed_is_in_sync_and_goes() {
    let texts: BTreeMap<String, String> = templates().into_iter().collect();
    if texts.is_empty() {
        return;
    }
    let world = World::new();
    for (stack, template, parameters) in STACKS {
        let text = &texts[template];
        let declared = Template::parse(text).unwrap().parameters;
        let parameters: Vec<Value> = parameters
            .iter()
            .filter(|(key, _)| declared.contains_key(*key))
            .map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value}))
            .collect();
        let bucket = "templates";
        let url = format!("http://127.0.0.1:4566/{bucket}/{template}");
        put(&world, bucket, template, text).await;
        let input = json!({"StackName": stack, "TemplateURL": url, "Parameters": parameters, "Capabilities": ["CAPABILITY_NAMED_IAM"]});
        world.call("CreateStack", input).await;
        let settled = world.settled(stack).await;
        let events = world.events(stack).await;
        assert_eq!(
            settled["StackStatus"], "CREATE_COMPLETE",
            "{template}: {events:#?}"
        );
        let id = world
            .call("DetectStackDrift", json!({"StackName": stack}))
            .await["StackDriftDetectionId"]
            .clone();
        world.aws.clock().sleep(Duration::from_secs(3)).await;
        let status = world
            .call(
                "DescribeStackDriftDetectionStatus",
                json!({"StackDriftDetectionId": id}),
            )
            .await;
        let drifted =
            json!({"StackName": stack, "StackResourceDriftStatusFilters": ["MODIFIED", "DELETED"]});
        let drifted = world.call("DescribeStackResourceDrifts", drifted).await;
        assert_eq!(
            drifted["StackResourceDrifts"],
            json!([]),
            "{template}: {drifted:#}"
        );
        assert_eq!(
            status["DetectionStatus"], "DETECTION_COMPLETE",
            "{template}: {status:#}"
        );
        // The same again changes nothing.
        let again = json!({"StackName": stack, "UsePreviousTemplate": true, "Parameters": parameters, "Capabilities": ["CAPABILITY_NAMED_IAM"]});
        let refused = world.refused("UpdateStack", again).await;
        assert_eq!(
            refused, "ValidationError: No updates are to be performed.",
            "{template}"
        );
    }
    for (stack, template, _) in STACKS.iter().rev() {
        let id = world.settled(stack).await["StackId"].clone();
        world.call("DeleteStack", json!({"StackName": stack})).await;
        let settled = world.settled(id.as_str().unwrap()).await;
        let events = world.events(id.as_str().unwrap()).await;
        assert_eq!(
            settled["StackStatus"], "DELETE_COMPLETE",
            "{template}: {events:#?}"
        );
    }
}

async fn put(world: &World, bucket: &str, key: &str, text: &str) {
    let made = json!({"Bucket": bucket, "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}});
    // It exists from the second time on.
    let _ = world
        .aws
        .call(&world.scope, "s3", "CreateBucket", made)
        .await;
    let body = text.as_bytes().to_vec().into();
    let input = json!({"Bucket": bucket, "Key": key});
    world
        .aws
        .call_raw(&world.scope, "s3", "PutObject", input, body)
        .await
        .unwrap();
}

#[test]
fn the_templates_of_this_repository_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if let Err(faults) = Template::parse(&text) {
            panic!("{}: {faults:?}", path.display());
        }
    }
}

#[test]
fn every_type_and_property_is_known() {
    for (name, text) in templates() {
        let template = Template::parse(&text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        for (logical, resource) in &template.resources {
            let schema = Schema::of(&resource.kind);
            let schema = schema.unwrap_or_else(|| panic!("{name}: {logical} is of no known type"));
            let properties = Value::Object(resource.properties.clone());
            let faults = schema.property_faults(&properties).into_iter();
            let faults: Vec<String> = faults
                .filter(|fault| !is_about_function(fault, &properties))
                .collect();
            assert!(faults.is_empty(), "{name}: {logical}: {faults:?}");
        }
    }
}

/// Whether a fault only says that a value is not resolved yet: `#/Tags/0/Value: …`.
fn is_about_function(fault: &str, properties: &Value) -> bool {
    let path = fault.split(':').next().unwrap_or_default();
    let value = properties.pointer(path.trim_start_matches('#'));
    let members = value.and_then(Value::as_object);
    members.is_some_and(|members| {
        let name = members.keys().next().map(String::as_str);
        members.len() == 1 && name.is_some_and(|name| name == "Ref" || name.starts_with("Fn::"))
    })
}
