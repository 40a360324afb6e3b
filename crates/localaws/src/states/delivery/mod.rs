//! What executions report beside their history: logs, status changes, figures.
//!
//! One job delivers everything in the order in which it happened, so that an execution's end is
//! never reported before its start. What cannot be delivered is dropped, as on AWS.

mod log_events;
mod metrics;
mod status_change;

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::mpsc;

use crate::{Aws, Call, Scope};

use super::States;
use super::execution::Execution;
use super::runner::Running;
pub(super) use log_events::LogTarget;
use metrics::{Figure, Figures};

/// One call to make, or a figure to count.
#[derive(Debug)]
enum Delivery {
    Call {
        scope: Scope,
        service: &'static str,
        action: &'static str,
        input: Value,
    },
    Figure(Figure),
}

/// How many deliveries are taken together, so that their figures make one call.
const TOGETHER: usize = 200;

/// What waits to be delivered.
#[derive(Debug)]
pub(super) struct Deliveries {
    send: mpsc::UnboundedSender<Delivery>,
    receive: Mutex<Option<mpsc::UnboundedReceiver<Delivery>>>,
}

impl Default for Deliveries {
    fn default() -> Self {
        let (send, receive) = mpsc::unbounded_channel();
        Self {
            send,
            receive: Mutex::new(Some(receive)),
        }
    }
}

impl Deliveries {
    fn push(&self, scope: &Scope, service: &'static str, action: &'static str, input: Value) {
        self.send(Delivery::Call {
            scope: scope.clone(),
            service,
            action,
            input,
        });
    }

    fn send(&self, delivery: Delivery) {
        if self.send.send(delivery).is_err() {
            tracing::debug!("nobody delivers any more");
        }
    }
}

impl States {
    /// Starts the job that delivers.
    pub(super) fn deliver_for_ever(self: &Arc<Self>) {
        let mut receive = self
            .deliveries
            .receive
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(mut receive) = receive.take() else {
            return;
        };
        let aws = self.aws.clone();
        self.aws.spawn(async move {
            let mut taken = Vec::with_capacity(TOGETHER);
            while receive.recv_many(&mut taken, TOGETHER).await > 0 {
                let mut figures = Figures::default();
                for delivery in taken.drain(..) {
                    match delivery {
                        Delivery::Call {
                            scope,
                            service,
                            action,
                            input,
                        } => deliver(&aws, scope, service, action, input).await,
                        Delivery::Figure(figure) => figures.add(figure),
                    }
                }
                for (scope, input) in figures.calls() {
                    deliver(&aws, scope, "cloudwatch", "PutMetricData", input).await;
                }
            }
        });
    }

    /// Reports the start of an execution.
    pub(super) fn announce_start(&self, running: &Running) {
        let row = Arc::clone(&running.lock().row);
        self.announce_status(running, &row);
        self.count_start(running, &row);
    }

    /// Reports that an execution was redriven.
    pub(super) fn announce_redrive(&self, running: &Running) {
        let row = Arc::clone(&running.lock().row);
        self.announce_status(running, &row);
        self.count_redrive(running, &row);
    }

    /// Reports the end of an execution.
    pub(super) fn announce_end(&self, running: &Running, row: &Execution) {
        self.announce_status(running, row);
        self.count_end(running, row);
    }
}

async fn deliver(
    aws: &Aws,
    scope: Scope,
    service: &'static str,
    action: &'static str,
    input: Value,
) {
    let call = Call {
        action: action.to_owned(),
        input,
        body: bytes::Bytes::new(),
        request_id: aws.ids().uuid(),
        // Services may do what users may not: EventBridge takes events of an `aws.` source only
        // from a caller that begins with `service:`.
        caller: "service:states".to_owned(),
        scope,
    };
    if let Err(error) = aws.dispatch(service, call).await {
        tracing::debug!(service, action, %error, "not delivered");
    }
}
