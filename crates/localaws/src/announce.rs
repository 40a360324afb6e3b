//! A service's own events on their way to EventBridge, in the order in which things happened.

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{Aws, Scope};

/// The sending end; what sends is one job a service.
pub(crate) struct Announcer {
    entries: mpsc::UnboundedSender<(Scope, Value)>,
}

impl Announcer {
    /// Starts the job. `caller` is the service's name as `service:ecs`: EventBridge takes events
    /// of an `aws.` source from nobody else.
    pub(crate) fn start(aws: &Aws, caller: &'static str) -> Self {
        let (entries, mut receiver) = mpsc::unbounded_channel::<(Scope, Value)>();
        let sender = aws.clone();
        aws.spawn(async move {
            while let Some((scope, entry)) = receiver.recv().await {
                let entries = json!({ "Entries": [entry] });
                let sent = sender
                    .call_as(caller, &scope, "events", "PutEvents", entries)
                    .await;
                if let Err(error) = sent {
                    tracing::warn!(caller, %error, "an event was not announced");
                }
            }
        });
        Self { entries }
    }

    /// Sends an entry of `PutEvents`.
    pub(crate) fn send(&self, scope: &Scope, entry: Value) {
        if self.entries.send((scope.clone(), entry)).is_err() {
            tracing::debug!("nobody announces any more");
        }
    }
}
