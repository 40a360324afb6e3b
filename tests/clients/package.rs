//! The templates without footwork: packaged and deployed with the AWS CLI alone.

use std::fs;
use std::path::PathBuf;

use harness::{House, binary, python, root};
use tempfile::TempDir;

#[test]
fn the_template_deploys_with_the_aws_cli_alone() {
    let Some(python) = python() else { return };
    let house = House::start(&["--memory", "--fast"]);
    // The README's layout, in a folder of the test's own.
    let folder = TempDir::new().unwrap();
    for (from, to) in [
        (
            root().join("templates/drift-detection.yaml"),
            "templates/drift-detection.yaml",
        ),
        (
            root().join("workflows/drift-detection/workflow.asl.json"),
            "workflows/drift-detection/workflow.asl.json",
        ),
        (functions(), "target/lambda/drift-detection/bootstrap"),
    ] {
        let to = folder.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
    house.aws(
        &python,
        &["s3api", "create-bucket", "--bucket", "artifacts"],
    );
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (template, packaged) = (
        path("templates/drift-detection.yaml"),
        path("packaged.yaml"),
    );
    let package = [
        "--template-file",
        &template,
        "--s3-bucket",
        "artifacts",
        "--output-template-file",
        &packaged,
    ];
    // The AWS CLI uploads to the endpoint of its environment only.
    let run = house
        .aws_command(
            &python,
            &[&["cloudformation", "package"], &package[..]].concat(),
        )
        .env("AWS_ENDPOINT_URL", house.endpoint())
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let deploy = [
        "--template-file",
        &packaged,
        "--stack-name",
        "by-hand",
        "--capabilities",
        "CAPABILITY_IAM",
    ];
    house.aws(
        &python,
        &[&["cloudformation", "deploy"], &deploy[..]].concat(),
    );

    let stacks = house.aws(
        &python,
        &[
            "cloudformation",
            "describe-stacks",
            "--stack-name",
            "by-hand",
        ],
    );
    assert_eq!(stacks["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
    let outputs = stacks["Stacks"][0]["Outputs"].as_array().unwrap();
    let machine = outputs
        .iter()
        .find(|output| output["OutputKey"] == "StateMachineAliasArn")
        .unwrap();
    let machine = machine["OutputValue"].as_str().unwrap();
    let started = house.aws(
        &python,
        &[
            "stepfunctions",
            "start-execution",
            "--state-machine-arn",
            machine,
            "--input",
            "{}",
        ],
    );
    let execution = started["executionArn"].as_str().unwrap();
    let ended = loop {
        let found = house.aws(
            &python,
            &[
                "stepfunctions",
                "describe-execution",
                "--execution-arn",
                execution,
            ],
        );
        if found["status"] != "RUNNING" {
            break found;
        }
    };
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
}

/// The functions' binary, built as the program builds it.
fn functions() -> PathBuf {
    binary("drift-detection", &["drift-detection", "footwork"])
}
