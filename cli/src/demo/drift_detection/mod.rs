//! The demo of drift-detection: four stacks, three of them changed behind CloudFormation's back.

use std::fs;

use aws_sdk_cloudformation::types::{Capability, Stack};
use localaws::Scope;
use serde_json::{Value, json};

use super::Stage;
use crate::catalogue::UseCase;
use crate::deploy::change_set::{self, Change};
use crate::deploy::{Deployment, deploy};
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::stack;
use crate::ui::{Mark, Ui};
use crate::watch;

const STACKS: &[(&str, &str)] = &[
    ("shop-orders", include_str!("orders.yaml")),
    ("shop-assets", include_str!("assets.yaml")),
    ("shop-alerts", include_str!("alerts.yaml")),
    ("shop-settings", include_str!("settings.yaml")),
];

pub(super) async fn run(use_case: &'static UseCase, stage: &Stage<'_>) -> Result<Exit> {
    let ui = stage.ui;
    ui.heading("1  an AWS in this process, in memory, its time virtual: no account, no network");
    ui.mark(Mark::Good, format!("answers on {}", stage.aws.endpoint()));

    ui.heading("2  four stacks, deployed with CloudFormation");
    for (name, template) in STACKS {
        create(stage, name, template).await?;
        ui.mark(Mark::Good, name);
    }

    ui.heading("3  somebody changes things behind CloudFormation's back");
    tamper(stage).await?;

    ui.heading(format!(
        "4  deploy the workflow: footwork deploy {}",
        use_case.name
    ));
    let deployment = Deployment {
        source: &use_case.into(),
        name: use_case.name,
        parameters: &[],
        dry_run: false,
        yes: true,
        build: true,
    };
    deploy(&deployment, &stage.target, ui).await?;

    ui.heading(format!("5  run it: footwork run {}", use_case.name));
    let deployed = Deployed::find(&stage.target, use_case.name).await?;
    let start = stage
        .target
        .sfn
        .start_execution()
        .state_machine_arn(deployed.start_arn()?);
    let started = start
        .input(INPUT)
        .send()
        .await
        .map_err(|error| Failure::aws("start the run", error))?;
    let ended = watch::follow(&stage.target, &started.execution_arn, ui).await?;
    if let Some(error) = &ended.error {
        let cause = watch::cause_in_words(ended.cause.as_deref().unwrap_or_default());
        return Err(Failure::new(format!("the run failed: {error}: {cause}")).exit(Exit::Failed));
    }

    ui.heading("6  the report");
    let files = fetch_reports(stage, &ended.output).await?;
    let markdown = files.iter().find(|(name, _)| name.ends_with(".md"));
    ui.result(&ended.output, || {
        markdown.map(|(_, text)| text.clone()).unwrap_or_default()
    });
    for (name, _) in &files {
        ui.mark(Mark::Good, stage.out.join(name).display().to_string());
    }

    ui.heading("the same on an account of yours");
    ui.say(format!(
        "  footwork deploy {0} --profile <profile> --region <region>",
        use_case.name
    ));
    ui.say(format!(
        "  footwork run {0} --profile <profile> --region <region> --fail",
        use_case.name
    ));
    ui.say(format!(
        "here, to play with: footwork deploy {0} --local   what else: footwork show {0}",
        use_case.name
    ));
    Ok(Exit::Done)
}

/// Only the sample stacks: the workflow's own would be in sync and make the report longer.
const INPUT: &str = r#"{"include": ["shop-*"]}"#;

async fn create(stage: &Stage<'_>, name: &str, template: &str) -> Result<()> {
    let change = Change {
        stack: name,
        template: template.to_owned(),
        template_url: None,
        parameters: Vec::new(),
        tags: Vec::new(),
        capabilities: vec![Capability::CapabilityIam],
    };
    if let Some(plan) = change_set::create(&stage.target, &change).await? {
        change_set::execute(&stage.target, &plan, &Ui::quiet()).await?;
    }
    Ok(())
}

/// The services' own calls, as from a console: CloudFormation hears nothing of them.
async fn tamper(stage: &Stage<'_>) -> Result<()> {
    let scope = Scope::new(stage.target.region.clone());
    let queue = output(stage, "shop-orders", "OrdersUrl").await?;
    let bucket = output(stage, "shop-assets", "AssetsBucket").await?;
    let inbox = output(stage, "shop-alerts", "InboxUrl").await?;
    // All tags are put at once, those too that CloudFormation set.
    let call = |action, input| stage.aws.call(&scope, "s3", action, input);
    let mut tags = call("GetBucketTagging", json!({"Bucket": bucket}))
        .await
        .map_err(|error| Failure::new(format!("cannot call s3:GetBucketTagging: {error}")))?;
    if let Some(set) = tags.get_mut("TagSet").and_then(Value::as_array_mut) {
        set.push(json!({"Key": "hotfix", "Value": "yes"}));
    }
    let calls = [
        (
            "sqs",
            "SetQueueAttributes",
            json!({"QueueUrl": queue, "Attributes": {"VisibilityTimeout": "300"}}),
            "shop-orders: a property changed",
        ),
        (
            "s3",
            "PutBucketTagging",
            json!({"Bucket": bucket, "Tagging": tags}),
            "shop-assets: a tag added",
        ),
        (
            "sqs",
            "DeleteQueue",
            json!({"QueueUrl": inbox}),
            "shop-alerts: a queue deleted",
        ),
    ];
    for (service, action, input, what) in calls {
        let called = stage.aws.call(&scope, service, action, input).await;
        called.map_err(|error| Failure::new(format!("cannot call {service}:{action}: {error}")))?;
        stage
            .ui
            .mark(Mark::Note, format!("{what:<34} {service}:{action}"));
    }
    stage.ui.mark(Mark::Good, "shop-settings: left alone");
    Ok(())
}

async fn output(stage: &Stage<'_>, name: &str, key: &str) -> Result<String> {
    let found: Option<Stack> = change_set::find(&stage.target, name).await?;
    let value = found.as_ref().and_then(|found| stack::output(found, key));
    value
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("the stack {name} has no output {key}")))
}

/// Copies the report's files out of the bucket: afterwards the AWS they lie in is gone.
async fn fetch_reports(stage: &Stage<'_>, output: &Value) -> Result<Vec<(String, String)>> {
    let folder = stage.out;
    let mut files = Vec::new();
    let values = output
        .as_object()
        .into_iter()
        .flat_map(|output| output.values());
    for uri in values.filter_map(Value::as_str) {
        let Some((bucket, key)) = uri
            .strip_prefix("s3://")
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let object = stage
            .target
            .s3
            .get_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await;
        let object = object.map_err(|error| Failure::aws("read the report", error))?;
        let content = object
            .body
            .collect()
            .await
            .map_err(|error| Failure::new(format!("cannot read the report: {error}")))?;
        let text = String::from_utf8_lossy(&content.into_bytes()).into_owned();
        let name = key.rsplit('/').next().unwrap_or(key).to_owned();
        let path = folder.join(&name);
        fs::write(&path, &text)
            .map_err(|error| Failure::io(format!("write `{}`", path.display()), &error))?;
        files.push((name, text));
    }
    Ok(files)
}
