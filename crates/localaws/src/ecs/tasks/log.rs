//! Where what a container writes goes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Task;
use crate::ecs::Inner;
use crate::params::Params;
use crate::process::Journal;

/// The log stream of a container with the `awslogs` driver; what others write is dropped.
pub(super) async fn journal(
    inner: &Inner,
    task: &Task,
    container: &Value,
) -> Result<Option<Arc<Journal>>, String> {
    let log = container.map("logConfiguration");
    let Some(options) = log
        .filter(|log| log.text("logDriver") == Some("awslogs"))
        .and_then(|log| log.map("options"))
    else {
        return Ok(None);
    };
    let group = options.text("awslogs-group").unwrap_or_default();
    let name = container.text("name").unwrap_or_default();
    let stream = match options.filled("awslogs-stream-prefix") {
        Some(prefix) => format!("{prefix}/{name}/{}", task.id),
        None => task.id.clone(),
    };
    let mut scope = task.scope.clone();
    if let Some(region) = options.filled("awslogs-region") {
        region.clone_into(&mut scope.region);
    }
    let call = |action: &'static str, input: Value| inner.aws.call(&scope, "logs", action, input);
    if options.text("awslogs-create-group") == Some("true") {
        // It may exist already.
        let _ = call("CreateLogGroup", json!({ "logGroupName": group })).await;
    }
    let place = json!({ "logGroupName": group, "logStreamName": stream });
    match call("CreateLogStream", place).await {
        Ok(_) => {}
        Err(error) if error.code == "ResourceAlreadyExistsException" => {}
        Err(error) => {
            return Err(format!(
                "ResourceInitializationError: failed to validate logger args: create stream has \
                 been retried 1 times: failed to create Cloudwatch log stream: {}: {} : exit \
                 status 1",
                error.code, error.message
            ));
        }
    }
    let journal = Journal::begin(&inner.aws, &scope, group, stream).without_line_ends();
    Ok(Some(Arc::new(journal)))
}
