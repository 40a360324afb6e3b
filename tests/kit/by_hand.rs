//! A directory without footwork: packaged and deployed with the AWS CLI alone.

use harness::{House, python};

use crate::{Own, stderr};

#[test]
fn a_directory_deploys_with_the_aws_cli_alone() {
    let Some(python) = python() else { return };
    let own = Own::new();
    own.built();
    let house = House::start(&["--memory", "--fast"]);
    let bucket = ["s3api", "create-bucket", "--bucket", "artifacts"];
    house.aws(&python, &bucket);
    // The lines of the directory's README.
    let package = [
        "cloudformation",
        "package",
        "--template-file",
        "template.yaml",
        "--s3-bucket",
        "artifacts",
        "--output-template-file",
        "packaged.yaml",
    ];
    let deploy = [
        "cloudformation",
        "deploy",
        "--template-file",
        "packaged.yaml",
        "--stack-name",
        "by-hand",
        "--capabilities",
        "CAPABILITY_IAM",
    ];
    for arguments in [&package, &deploy] {
        let mut command = house.aws_command(&python, arguments);
        // The AWS CLI uploads to the endpoint of its environment only.
        let command = command.env("AWS_ENDPOINT_URL", house.endpoint());
        let output = command.current_dir(own.path()).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let name = ["--stack-name", "by-hand"];
    let describe = [&["cloudformation", "describe-stacks"], &name[..]].concat();
    let stacks = house.aws(&python, &describe);
    assert_eq!(stacks["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
}
