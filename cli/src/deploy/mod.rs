//! From a use case to a stack: build, upload, plan, look, execute.
//!
//! Every step can be repeated: uploads are named by content, change sets are made anew, and
//! CloudFormation itself keeps the stack whole. An interrupted command is run again.

pub mod archive;
pub mod artifacts;
pub mod build;
pub mod cargo;
pub mod change_set;
mod code;
pub mod diff;
mod formats;
pub mod parameters;
mod rules;
pub mod template;

use std::collections::BTreeMap;
use std::path::Path;

use aws_sdk_cloudformation::types::{Capability, Parameter, Stack, StackStatus};

use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::stack;
use crate::target::Target;
use crate::ui::{Mark, Ui, plain};
use artifacts::Artifacts;
use change_set::Change;
use code::Code;
use template::{Form, Template};

/// Templates larger than this cannot be sent along and go through S3 (CloudFormation quota).
const TEMPLATE_BODY_LIMIT: usize = 51_200;

/// What to deploy, and how far to go.
#[derive(Debug)]
pub struct Deployment<'a> {
    /// The workflow.
    pub source: &'a Source,
    /// Name of this deployment.
    pub name: &'a str,
    /// `Key=value` arguments.
    pub parameters: &'a [String],
    /// Whether to stop before anything is changed or uploaded. The plan itself is a change set,
    /// which is removed.
    pub dry_run: bool,
    /// Whether to go on without asking.
    pub yes: bool,
    /// Whether to build the functions; else what lies where the template says is taken as it is.
    pub build: bool,
}

/// Deploys; returns the stack as it stands afterwards, `None` after a dry run or a no.
pub async fn deploy(
    deployment: &Deployment<'_>,
    target: &Target,
    ui: &Ui,
) -> Result<Option<Stack>> {
    stack::check_name(deployment.name)?;
    if deployment.name == stack::BOOTSTRAP {
        return Err(
            Failure::new("`bootstrap` is the deployment that holds artifacts")
                .help("choose another name with `--name`"),
        );
    }
    let source = deployment.source;
    let template = Template::parse(&source.workflow, &source.template)?;
    let given = parameters::given(source, deployment.parameters);
    // Faults that need no question to AWS come first.
    let stack_name = stack::stack_name(deployment.name);
    parameters::check(&template, &given, &names(&template))?;
    ui.on_interrupt(&["nothing was deployed".to_owned()]);
    let before = change_set::find(target, &stack_name).await?;
    // What was only planned has no parameters to keep, and may have no tags.
    let before =
        before.filter(|stack| stack.stack_status() != Some(&StackStatus::ReviewInProgress));
    if let Some(stack) = &before {
        refuse_others(stack, &stack_name, source)?;
    }
    let kept = kept_parameters(&template, before.as_ref());
    let mut values = parameters::check(&template, &given, &kept)?;

    let artifacts = if deployment.dry_run {
        Artifacts::planned(target, ui).await?
    } else {
        if !deployment.yes {
            ui.can_ask()?;
        }
        match Artifacts::ready(target, deployment.yes, ui).await? {
            Some(artifacts) => artifacts,
            None => return Ok(None),
        }
    };
    let keys = upload_assets(deployment, &template, &artifacts, ui).await?;
    if let Some(revision) = code_revision(&template, &keys) {
        values.entry(CODE_REVISION.to_owned()).or_insert(revision);
    }
    let packaged = template.packaged(&artifacts.bucket, &keys);
    let template_url = match packaged.len() {
        ..=TEMPLATE_BODY_LIMIT => None,
        size if deployment.dry_run => {
            return Err(Failure::new(format!(
                "a template of {size} bytes cannot be planned without being uploaded, which a dry run does not do"
            ))
            .help("deploy without `--dry-run`: it asks before it changes anything"));
        }
        _ => {
            let prefix = format!("templates/{}", source.workflow);
            let key = artifacts.put(&prefix, "yaml", packaged.clone().into_bytes());
            Some(artifacts.url(&key.await?))
        }
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
        tags: stack::tags(source),
        capabilities: vec![Capability::CapabilityIam, Capability::CapabilityNamedIam],
    };
    let Some(plan) = change_set::create(target, &change).await? else {
        ui.mark(Mark::Good, format!("{stack_name}: no changes"));
        return change_set::find(target, &stack_name).await;
    };
    diff::show(&plan, &stack_name, ui);
    if deployment.dry_run {
        change_set::discard(target, &plan.id, &plan.stack_id, plan.new).await;
        ui.mark(Mark::Note, "nothing was changed");
        return Ok(None);
    }
    if !deployment.yes && !plan.agreed(target, ui).await? {
        return Ok(None);
    }
    ui.heading("deploy");
    ui.on_interrupt(&[
        "stopped watching; the deployment goes on".to_owned(),
        format!(
            "look at it: footwork status {}{}",
            deployment.name, target.flags
        ),
    ]);
    change_set::execute(target, &plan, ui).await?;
    change_set::find(target, &stack_name).await
}

/// Parameter of templates that publish a version of their functions when its value changes, so
/// that running executions keep the code they began with.
pub const CODE_REVISION: &str = "CodeRevision";

/// Names the code by the name under which it was uploaded, which is its hash.
fn code_revision(template: &Template, keys: &[String]) -> Option<String> {
    template
        .parameters
        .iter()
        .find(|parameter| parameter.name == CODE_REVISION)?;
    let assets = template.assets.iter().zip(keys);
    let codes = assets.filter(|(asset, _)| asset.form == Form::Code);
    let mut codes: Vec<&str> = codes
        .filter_map(|(_, key)| key.rsplit('/').next())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let name = match codes.as_slice() {
        [] => return None,
        [only] => (*only).to_owned(),
        several => crate::kit::hash(&several.join(" ")),
    };
    Some(name.chars().take(16).collect())
}

/// Refuses to change a stack that carries something else.
fn refuse_others(stack: &Stack, stack_name: &str, source: &Source) -> Result<()> {
    let other = match stack::tag(stack, stack::WORKFLOW_TAG) {
        Some(tag) if tag == source.workflow => return Ok(()),
        Some(other) => format!("carries the workflow `{}`", plain(other)),
        None => "was not deployed by footwork".to_owned(),
    };
    Err(Failure::new(format!("the stack {stack_name} {other}"))
        .help("choose another name with `--name`"))
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
    deployment: &Deployment<'_>,
    template: &Template,
    artifacts: &Artifacts<'_>,
    ui: &Ui,
) -> Result<Vec<String>> {
    let source = deployment.source;
    let mut codes: BTreeMap<&str, String> = BTreeMap::new();
    let mut keys = Vec::new();
    for asset in &template.assets {
        let path = asset.path.as_str();
        let key = match (asset.form, codes.get(path)) {
            (Form::Code, Some(key)) => key.clone(),
            (Form::Code, None) => {
                let prefix = format!("functions/{}", source.workflow);
                let key = match code::of(source, path, deployment.build, ui).await? {
                    Code::Program(file) => artifacts.put_packed(&prefix, &read(&file)?).await?,
                    Code::Package(package) => artifacts.put(&prefix, "zip", package).await?,
                };
                codes.entry(path).or_insert(key).clone()
            }
            (Form::Definition, _) => {
                let content = definition(source, path)?;
                let prefix = format!("workflows/{}", source.workflow);
                artifacts.put(&prefix, "asl.json", content).await?
            }
        };
        keys.push(key);
    }
    Ok(keys)
}

/// The definition that a template names by this path.
fn definition(source: &Source, path: &str) -> Result<Vec<u8>> {
    match &source.directory {
        Some(directory) => read(&directory.template_folder.join(path)),
        None => Ok(source.definition()?.as_bytes().to_vec()),
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| Failure::io(format!("read `{}`", file.display()), &error))
}
