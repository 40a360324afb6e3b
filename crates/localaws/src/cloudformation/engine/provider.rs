//! Who makes a resource: the engine itself for CloudFormation's own types, a provider else.

use super::nested;
use super::run::Run;
use crate::cloudformation::stack::Live;
use crate::resources::{Code, Failure, Resource};

/// Why a change was refused.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) reason: String,
    /// The resource cannot be changed in place.
    pub(super) must_replace: bool,
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self {
            reason,
            must_replace: false,
        }
    }
}

/// Whether resources of a type can be made at all.
pub(crate) fn supports(kind: &str) -> bool {
    !matches!(own(kind), Some(Own::Unsupported))
}

/// CloudFormation's own types.
enum Own {
    Stack,
    WaitConditionHandle,
    Unsupported,
}

fn own(kind: &str) -> Option<Own> {
    match kind {
        "AWS::CloudFormation::Stack" => Some(Own::Stack),
        "AWS::CloudFormation::WaitConditionHandle" => Some(Own::WaitConditionHandle),
        other if other.starts_with("Custom::") || other.starts_with("AWS::CloudFormation::") => {
            Some(Own::Unsupported)
        }
        _ => None,
    }
}

fn unsupported(kind: &str) -> String {
    format!("Resources of type {kind} are not supported by this endpoint")
}

/// Makes an instance.
pub(super) async fn create(run: &Run, logical: &str, live: &Live) -> Result<Resource, String> {
    match own(&live.kind) {
        Some(Own::Stack) => Box::pin(nested::create(run, logical, live)).await,
        Some(Own::WaitConditionHandle) => Ok(Resource {
            physical_id: format!(
                "{}/cloudformation/wait/{}",
                run.cfn.aws.endpoint(),
                run.cfn.aws.ids().uuid()
            ),
            attributes: serde_json::Map::new(),
        }),
        Some(Own::Unsupported) => Err(unsupported(&live.kind)),
        None => {
            let context = run.context(&run.stack()?, logical, live);
            let made = run.cfn.resources.create(&context, &live.properties).await;
            made.map_err(|failure| reason(run, &failure))
        }
    }
}

/// Changes an instance in place.
pub(super) async fn update(
    run: &Run,
    logical: &str,
    before: &Live,
    after: &Live,
) -> Result<Resource, Refused> {
    let physical = before.physical.clone().unwrap_or_default();
    match own(&after.kind) {
        Some(Own::Stack) => Ok(Box::pin(nested::update(run, &physical, after)).await?),
        Some(Own::WaitConditionHandle) => Ok(Resource {
            physical_id: physical,
            attributes: serde_json::Map::new(),
        }),
        Some(Own::Unsupported) => Err(unsupported(&after.kind).into()),
        None => {
            let stack = run.stack()?;
            let providers = &run.cfn.resources;
            let mut context = run.context(&stack, logical, before);
            let old = providers.wanted(&context, &before.properties);
            context.tags.clone_from(&after.tags);
            let new = providers.wanted(&context, &after.properties);
            // The tags of the stack, which may have changed, are in both sides now.
            context.tags.clear();
            let changed = providers.update(&context, &physical, &old, &new).await;
            changed.map_err(|failure| Refused {
                must_replace: failure.code == Code::NotUpdatable,
                reason: reason(run, &failure),
            })
        }
    }
}

/// Takes a change in place back.
pub(super) async fn restore(
    run: &Run,
    logical: &str,
    tried: &Live,
    old: &Live,
) -> Result<Resource, String> {
    match own(&old.kind) {
        Some(Own::Stack) => {
            let physical = old.physical.clone().unwrap_or_default();
            Box::pin(nested::restore(run, &physical)).await
        }
        _ => update(run, logical, tried, old)
            .await
            .map_err(|refused| refused.reason),
    }
}

/// Deletes an instance. One that is gone already is deleted.
pub(super) async fn delete(run: &Run, logical: &str, live: &Live) -> Result<(), String> {
    let physical = live.physical.clone().unwrap_or_default();
    match own(&live.kind) {
        Some(Own::Stack) => Box::pin(nested::delete(run, &physical)).await,
        Some(_) => Ok(()),
        None => {
            let context = run.context(&run.stack()?, logical, live);
            let deleted = run
                .cfn
                .resources
                .delete(&context, &physical, &live.properties)
                .await;
            match deleted {
                Err(failure) if failure.code != Code::NotFound => Err(reason(run, &failure)),
                _ => Ok(()),
            }
        }
    }
}

fn reason(run: &Run, failure: &Failure) -> String {
    format!(
        "Resource handler returned message: \"{}\" (RequestToken: {}, HandlerErrorCode: {})",
        failure.message,
        run.cfn.aws.ids().uuid(),
        failure.code
    )
}
