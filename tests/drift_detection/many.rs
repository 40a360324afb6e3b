//! Many stacks in one run: the history of the run does not grow with them.

use harness::House;
use serde_json::{Value, json};

/// Events of the parent's history: the same for one stack and for many, because every stack is a
/// child execution of its own.
fn events(house: &House, stacks: u64) -> usize {
    let run = house.footwork_json(&[
        "run",
        "drift-detection",
        "--local",
        "--input",
        r#"{"exclude": ["footwork-*"]}"#,
    ]);
    assert_eq!(run["status"], "SUCCEEDED", "{run}");
    assert_eq!(run["output"]["stacks"], json!(stacks), "{run}");
    assert_eq!(run["output"]["inSync"], json!(stacks), "{run}");
    let name = run["executionArn"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap();
    let events = house.footwork_json(&["history", "drift-detection", name, "--local"]);
    events.as_array().map(Vec::len).unwrap()
}

#[test]
fn the_history_does_not_grow_with_the_stacks() {
    let house = House::start(&["--memory", "--fast"]);
    house.footwork_json(&["deploy", "drift-detection", "--local"]);
    create(&house, 0..1);
    let one = events(&house, 1);
    create(&house, 1..60);
    assert_eq!(events(&house, 60), one);
}

/// Stacks of a queue each, by CloudFormation's query protocol, without a client.
fn create(house: &House, numbers: std::ops::Range<u32>) {
    let template: Value = json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}});
    for number in numbers {
        let name = format!("many-{number}");
        let body = template.to_string().replace('"', "%22");
        house.query(
            "cloudformation",
            &format!("Action=CreateStack&Version=2010-05-15&StackName={name}&TemplateBody={body}"),
        );
        while !house
            .query(
                "cloudformation",
                &format!("Action=DescribeStacks&Version=2010-05-15&StackName={name}"),
            )
            .contains("CREATE_COMPLETE")
        {}
    }
}
