//! From a use case to a stack: build, upload, plan, look, execute.
//!
//! Every step can be repeated: uploads are named by content, change sets are made anew, and
//! CloudFormation itself keeps the stack whole. An interrupted command is run again.

pub mod archive;
pub mod artifacts;
pub mod build;
pub mod change_set;
pub mod diff;
mod document;
pub mod parameters;
pub mod template;

use std::path::{Path, PathBuf};

use aws_sdk_cloudformation::types::{Capability, Parameter, Stack};

use crate::catalogue::UseCase;
use crate::failure::{Failure, Result};
use crate::stack;
use crate::target::Target;
use crate::ui::{Mark, Ui};
use change_set::Change;
use template::{Form, Template};

/// Templates larger than this cannot be sent along and go through S3 (CloudFormation quota).
const TEMPLATE_BODY_LIMIT: usize = 51_200;

/// What to deploy, and how far to go.
#[derive(Debug)]
pub struct Deployment<'a> {
    /// The use case.
    pub use_case: &'a UseCase,
    /// Name of this deployment.
    pub name: &'a str,
    /// `Key=value` arguments.
    pub parameters: &'a [String],
    /// Whether to stop before anything is changed.
    pub dry_run: bool,
    /// Whether to go on without asking.
    pub yes: bool,
}

/// Deploys; returns the stack as it stands afterwards, `None` after a dry run or a no.
pub async fn deploy(
    deployment: &Deployment<'_>,
    target: &Target,
    ui: &Ui,
) -> Result<Option<Stack>> {
    stack::check_name(deployment.name)?;
    let case = deployment.use_case;
    let template = Template::parse(case.name, case.template)?;
    // Faults that need no question to AWS come first.
    let stack_name = stack::stack_name(deployment.name);
    parameters::check(&template, deployment.parameters, &names(&template))?;
    let before = change_set::find(target, &stack_name).await?;
    let kept = kept_parameters(&template, before.as_ref());
    let mut values = parameters::check(&template, deployment.parameters, &kept)?;
    if let Some(stack) = &before
        && let Some(other) = stack::tag(stack, stack::WORKFLOW_TAG).filter(|tag| *tag != case.name)
    {
        return Err(Failure::new(format!(
            "the stack {stack_name} carries the workflow `{other}`"
        ))
        .help("choose another name with `--name`"));
    }

    let bucket = artifacts::bucket(target, deployment.yes, ui).await?;
    let keys = upload_assets(case, &template, target, &bucket, ui).await?;
    if let Some(revision) = code_revision(&template, &keys) {
        values.entry(CODE_REVISION.to_owned()).or_insert(revision);
    }
    let packaged = template.packaged(&bucket, &keys);
    let template_url = if packaged.len() > TEMPLATE_BODY_LIMIT {
        let content = packaged.clone().into_bytes();
        let key = artifacts::upload(
            target,
            &bucket,
            &format!("templates/{}", case.name),
            "yaml",
            content,
            ui,
        )
        .await?;
        Some(object_url(target, &bucket, &key))
    } else {
        None
    };

    let given = values.iter().map(|(key, value)| {
        Parameter::builder()
            .parameter_key(key)
            .parameter_value(value)
            .build()
    });
    let reused = kept.iter().filter(|key| !values.contains_key(*key));
    let reused = reused.map(|key| {
        Parameter::builder()
            .parameter_key(key)
            .use_previous_value(true)
            .build()
    });
    let change = Change {
        stack: &stack_name,
        template: packaged,
        template_url,
        parameters: given.chain(reused).collect(),
        tags: stack::tags(case.name),
        capabilities: vec![Capability::CapabilityIam, Capability::CapabilityNamedIam],
    };
    let Some(plan) = change_set::create(target, &change).await? else {
        ui.mark(Mark::Good, format!("{stack_name}: no changes"));
        return change_set::find(target, &stack_name).await;
    };
    ui.heading(format!(
        "{} {stack_name} in {}",
        if plan.new { "create" } else { "change" },
        target.region
    ));
    for line in diff::describe(&plan.changes) {
        ui.say(format!("  {line}"));
    }
    if deployment.dry_run || !(deployment.yes || ui.confirm("execute?")?) {
        change_set::discard(target, &plan.id, &plan.stack_id, plan.new).await;
        ui.mark(Mark::Note, "nothing was changed");
        return Ok(None);
    }
    ui.heading("deploy");
    change_set::execute(target, &plan, ui).await?;
    change_set::find(target, &stack_name).await
}

/// Parameter of templates that publish a version of their functions when its value changes, so
/// that running executions keep the code they began with.
const CODE_REVISION: &str = "CodeRevision";

/// Names the code by the name under which it was uploaded, which is its hash.
fn code_revision(template: &Template, keys: &[String]) -> Option<String> {
    template
        .parameters
        .iter()
        .find(|parameter| parameter.name == CODE_REVISION)?;
    let assets = template.assets.iter().zip(keys);
    let (_, key) = assets
        .into_iter()
        .find(|(asset, _)| asset.form == Form::Code)?;
    let file = key.rsplit('/').next()?;
    Some(file.chars().take(16).collect())
}

/// All parameter names: for a first look at the arguments, whatever a deployment may have kept.
fn names(template: &Template) -> Vec<String> {
    template
        .parameters
        .iter()
        .map(|parameter| parameter.name.clone())
        .collect()
}

/// Parameters that both the deployed stack and the template have.
fn kept_parameters(template: &Template, stack: Option<&Stack>) -> Vec<String> {
    let deployed = stack.map(Stack::parameters).unwrap_or_default();
    let deployed = deployed.iter().filter_map(Parameter::parameter_key);
    let known = deployed.filter(|key| template.parameters.iter().any(|one| one.name == *key));
    known.map(str::to_owned).collect()
}

async fn upload_assets(
    case: &UseCase,
    template: &Template,
    target: &Target,
    bucket: &str,
    ui: &Ui,
) -> Result<Vec<String>> {
    let mut code: Option<String> = None;
    let mut keys = Vec::new();
    for asset in &template.assets {
        let key = match (asset.form, &code) {
            (Form::Code, Some(key)) => key.clone(),
            (Form::Code, None) => {
                let binary = build::functions(&checkout()?, case.name, ui).await?;
                let content = std::fs::read(&binary)
                    .map_err(|error| Failure::io(format!("read `{}`", binary.display()), &error))?;
                let zip = archive::bootstrap(&content)?;
                let key = artifacts::upload(
                    target,
                    bucket,
                    &format!("functions/{}", case.name),
                    "zip",
                    zip,
                    ui,
                )
                .await?;
                code.insert(key).clone()
            }
            (Form::Definition, _) => {
                let content = case.definition.as_bytes().to_vec();
                artifacts::upload(
                    target,
                    bucket,
                    &format!("workflows/{}", case.name),
                    "asl.json",
                    content,
                    ui,
                )
                .await?
            }
        };
        keys.push(key);
    }
    Ok(keys)
}

/// The checkout that the functions are built from: where the program was built, else the folder
/// that it is run in.
fn checkout() -> Result<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf);
    let here = std::env::current_dir().ok();
    let found = built
        .into_iter()
        .chain(here)
        .find(|folder| folder.join("functions").is_dir());
    found.ok_or_else(|| {
        Failure::new("the functions are built from a checkout of footwork, and there is none here")
            .help("run the command in the checkout's folder")
    })
}

fn object_url(target: &Target, bucket: &str, key: &str) -> String {
    match &target.endpoint {
        Some(endpoint) => format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/')),
        None => format!("https://{bucket}.s3.{}.amazonaws.com/{key}", target.region),
    }
}
