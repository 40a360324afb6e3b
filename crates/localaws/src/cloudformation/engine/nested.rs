//! `AWS::CloudFormation::Stack`: a stack that is a resource of another.
//!
//! A nested stack is made and changed inside its parent's operation, and stays ready to be taken
//! back until the parent's update is through.

use serde_json::{Map, Value, json};

use super::run::Run;
use crate::cloudformation::changes;
use crate::cloudformation::deploy::{self, Wanted};
use crate::cloudformation::stack::{Live, Options, Stack};
use crate::cloudformation::status::StackStatus;
use crate::resources::Resource;

/// Makes a nested stack.
pub(super) async fn create(run: &Run, logical: &str, live: &Live) -> Result<Resource, String> {
    let parent = run.stack()?;
    let ids = run.cfn.aws.ids();
    let name = format!("{}-{logical}-{}", parent.name, ids.upper(12));
    let id = run.cfn.new_stack_id(&parent.scope, &name);
    let prepared = wanted(run, &parent, live, &name, &id).await?;
    let options = Options {
        on_failure: parent.options.on_failure,
        ..Options::default()
    };
    let mut stack = run
        .cfn
        .new_stack(&parent.scope, &name, &id, prepared.deployment, options);
    stack.root = Some(parent.root.clone().unwrap_or_else(|| parent.id.clone()));
    stack.parent = Some(parent.id.clone());
    // The parent knows its child from the start, so that it can be deleted whatever happens.
    run.change(logical, |row| row.live.physical = Some(id.clone()));
    let key = stack.key();
    run.cfn.state.stacks.put(&key, stack);
    run.cfn
        .set_stack_status(&key, StackStatus::CreateInProgress, Some("User Initiated"));
    let child = Run::new(&run.cfn, key);
    if child.create().await {
        return answer(&child);
    }
    let events = run.cfn.state.events.scan(&format!("{}/", child.key));
    let why = events
        .iter()
        .map(|(_, event)| event)
        .find(|event| {
            event.logical == name
                && event
                    .reason
                    .as_deref()
                    .is_some_and(|r| r.contains("failed to"))
        })
        .and_then(|event| event.reason.clone());
    Err(format!(
        "Embedded stack {id} was not successfully created: {}",
        why.unwrap_or_default()
            .replace("Rollback requested by user.", "")
            .trim_end()
    ))
}

/// Changes a nested stack, up to where it can still be taken back.
pub(super) async fn update(run: &Run, id: &str, after: &Live) -> Result<Resource, String> {
    let parent = run.stack()?;
    let found = run.cfn.state.find(&parent.scope, id);
    let child = found.ok_or_else(|| format!("Stack [{id}] does not exist"))?;
    let prepared = wanted(run, &parent, after, &child.name, &child.id).await?;
    let plan = changes::plan(&run.cfn, &child, &prepared).await;
    let plan = plan.map_err(|error| error.message)?;
    let run_child = Run::new(&run.cfn, child.key());
    if plan.is_empty() {
        return answer(&run_child);
    }
    run.cfn.begin_update(&run_child.key, prepared.deployment);
    match run_child.change_all().await {
        Ok(()) => answer(&run_child),
        Err(reason) => {
            run_child.roll_back_update(Some(&reason)).await;
            Err(format!(
                "Embedded stack {id} was not successfully updated: {}",
                reason.trim_end()
            ))
        }
    }
}

/// Takes the change of a nested stack back, where it was changed at all.
pub(super) async fn restore(run: &Run, id: &str) -> Result<Resource, String> {
    let parent = run.stack()?;
    let Some(stack) = run.cfn.state.find(&parent.scope, id) else {
        return Err(format!("Stack [{id}] does not exist"));
    };
    let child = Run::new(&run.cfn, stack.key());
    if stack.previous.is_some() {
        child.roll_back_update(None).await;
    }
    match child.stack()?.status {
        StackStatus::UpdateRollbackFailed => {
            Err(format!("Embedded stack {id} could not be rolled back"))
        }
        _ => answer(&child),
    }
}

/// Ends the update of a nested stack with its parent's.
pub(super) async fn finish(run: &Run, id: &str) {
    let Ok(parent) = run.stack() else { return };
    if let Some(stack) = run.cfn.state.find(&parent.scope, id)
        && stack.status == StackStatus::UpdateCleanup
    {
        Run::new(&run.cfn, stack.key()).clean_up().await;
    }
}

/// Deletes a nested stack with everything in it.
pub(super) async fn delete(run: &Run, id: &str) -> Result<(), String> {
    let parent = run.stack()?;
    let Some(stack) = run.cfn.state.find(&parent.scope, id) else {
        return Ok(());
    };
    if stack.status == StackStatus::DeleteComplete {
        return Ok(());
    }
    let child = Run::new(&run.cfn, stack.key());
    child.stack_status(StackStatus::DeleteInProgress, Some("User Initiated"));
    if child.delete().await {
        return Ok(());
    }
    let reason = child.stack()?.reason.unwrap_or_default();
    Err(format!(
        "Embedded stack {id} was not successfully deleted: {}",
        reason.trim_end()
    ))
}

async fn wanted(
    run: &Run,
    parent: &Stack,
    live: &Live,
    name: &str,
    id: &str,
) -> Result<deploy::Prepared, String> {
    let properties = &live.properties;
    let mut parameters = Map::new();
    if let Some(Value::Object(given)) = properties.get("Parameters") {
        for (name, value) in given {
            // Lists become text, as parameters are.
            let text = match value {
                Value::Array(list) => {
                    let parts: Vec<_> = list
                        .iter()
                        .map(crate::cloudformation::template::text_of)
                        .collect();
                    parts.join(",")
                }
                other => crate::cloudformation::template::text_of(other),
            };
            parameters.insert(name.clone(), Value::String(text));
        }
    }
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value}))
        .collect();
    let mut tags: Vec<Value> = live
        .tags
        .iter()
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    if let Some(Value::Array(own)) = properties.get("Tags") {
        tags.retain(|tag| !own.iter().any(|mine| mine.get("Key") == tag.get("Key")));
        tags.extend(own.iter().cloned());
    }
    let request = json!({
        "TemplateURL": properties.get("TemplateURL"),
        "Parameters": parameters,
        "Tags": tags,
        "Capabilities": parent.current.capabilities,
        "NotificationARNs": properties.get("NotificationARNs").cloned().unwrap_or_else(|| json!([])),
    });
    let wanted = Wanted {
        scope: &parent.scope,
        name,
        id,
        previous: None,
    };
    let prepared = deploy::prepare(&run.cfn, wanted, &request).await;
    prepared.map_err(|error| error.message)
}

/// What `Ref` and `Fn::GetAtt` give for a nested stack.
fn answer(child: &Run) -> Result<Resource, String> {
    let stack = child.stack()?;
    let outputs = stack.outputs.iter();
    Ok(Resource {
        physical_id: stack.id.clone(),
        attributes: outputs
            .map(|output| {
                (
                    format!("Outputs.{}", output.key),
                    Value::from(output.value.as_str()),
                )
            })
            .collect(),
    })
}
