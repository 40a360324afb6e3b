//! The handle through which everything in the local AWS reaches everything else.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};

use awsapi::AwsError;
use bytes::Bytes;
use serde_json::Value;

use crate::changes::Changes;
use crate::ecs::Containers;
use crate::faults::{self, Faults};
use crate::{Call, Clock, Ids, Job, Reply, Scope, Service, Store, resources};

/// What a local AWS is made from.
#[derive(Debug)]
pub struct Config {
    /// Real or virtual time.
    pub clock: Clock,
    /// Where state is kept.
    pub store: Store,
    /// Source of ids.
    pub ids: Ids,
    /// Base URL that clients and functions use, for example `http://127.0.0.1:4566`.
    pub endpoint: String,
}

/// A running local AWS; cheap to clone.
#[derive(Clone)]
pub struct Aws {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    services: OnceLock<BTreeMap<&'static str, Arc<dyn Service>>>,
    recorded: OnceLock<resources::Rows>,
    changes: Changes,
    faults: Faults,
    containers: Containers,
}

impl Aws {
    /// Makes all services and starts what they have to take up.
    ///
    /// Containers run as processes. Must be called inside a Tokio runtime.
    pub fn start(config: Config) -> Self {
        Self::start_with(config, Containers::Processes)
    }

    /// Like [`Aws::start`], with a say in how containers run.
    pub fn start_with(config: Config, containers: Containers) -> Self {
        let aws = Self {
            inner: Arc::new(Inner {
                config,
                services: OnceLock::new(),
                recorded: OnceLock::new(),
                changes: Changes::default(),
                faults: Faults::default(),
                containers,
            }),
        };
        let services: BTreeMap<_, _> = crate::services(&aws)
            .into_iter()
            .map(|service| (service.name(), service))
            .collect();
        let services = aws.inner.services.get_or_init(|| services);
        for service in services.values() {
            Arc::clone(service).start();
        }
        aws
    }

    /// Time, real or virtual.
    pub fn clock(&self) -> &Clock {
        &self.inner.config.clock
    }

    /// Where state is kept.
    pub fn store(&self) -> &Store {
        &self.inner.config.store
    }

    /// Source of ids.
    pub fn ids(&self) -> &Ids {
        &self.inner.config.ids
    }

    /// Base URL that clients and functions use.
    pub fn endpoint(&self) -> &str {
        &self.inner.config.endpoint
    }

    /// Whether a service is embedded.
    pub fn has(&self, service: &str) -> bool {
        self.service(service).is_some()
    }

    /// Names of the embedded services.
    pub fn service_names(&self) -> Vec<&'static str> {
        let services = self.inner.services.get();
        services
            .into_iter()
            .flat_map(|all| all.keys().copied())
            .collect()
    }

    fn service(&self, name: &str) -> Option<&Arc<dyn Service>> {
        self.inner.services.get()?.get(name)
    }

    /// The recorded resources, which CloudFormation and Cloud Control share.
    pub(crate) fn recorded(&self) -> &resources::Rows {
        let open = || resources::rows(self.store());
        self.inner.recorded.get_or_init(open)
    }

    /// Word of what changed, for those who would ask again and again otherwise.
    pub(crate) fn changes(&self) -> &Changes {
        &self.inner.changes
    }

    /// How containers run.
    pub fn containers(&self) -> &Containers {
        &self.inner.containers
    }

    /// The faults that were asked for.
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// Calls an operation in process, as its own account: `call(&scope, "sqs", "SendMessage", …)`.
    pub async fn call(
        &self,
        scope: &Scope,
        service: &str,
        action: &str,
        input: Value,
    ) -> Result<Value, AwsError> {
        let reply = self
            .call_raw(scope, service, action, input, Bytes::new())
            .await?;
        Ok(reply.output)
    }

    /// Like [`Aws::call`], with the raw payload of REST operations both ways.
    pub async fn call_raw(
        &self,
        scope: &Scope,
        service: &str,
        action: &str,
        input: Value,
        body: Bytes,
    ) -> Result<Reply, AwsError> {
        let call = Call {
            action: action.to_owned(),
            input,
            body,
            request_id: self.ids().uuid(),
            caller: scope.global_arn("iam", "root"),
            scope: scope.clone(),
        };
        self.dispatch(service, call).await
    }

    /// Calls an operation in the name of a service, as `service:s3` does when it publishes events.
    pub async fn call_as(
        &self,
        caller: &str,
        scope: &Scope,
        service: &str,
        action: &str,
        input: Value,
    ) -> Result<Reply, AwsError> {
        let call = Call {
            action: action.to_owned(),
            input,
            body: Bytes::new(),
            request_id: self.ids().uuid(),
            caller: caller.to_owned(),
            scope: scope.clone(),
        };
        self.dispatch(service, call).await
    }

    /// Hands a decoded call to its service.
    pub async fn dispatch(&self, service: &str, call: Call) -> Result<Reply, AwsError> {
        match self.service(service) {
            Some(found) => {
                if !self.faults().is_empty() {
                    faults::strike(self, service, &call.action, &call.input).await?;
                }
                #[cfg(test)]
                let action = call.action.clone();
                let answer = found.call(call).await;
                #[cfg(test)]
                if let Ok(reply) = &answer {
                    crate::testing::must_be_sendable(service, &action, &reply.output);
                }
                answer
            }
            None => Err(AwsError::not_implemented(service, &call.action)),
        }
    }

    /// The answer as the service's JSON protocol writes it, where the service has it at hand.
    pub(crate) fn written(&self, service: &str, call: &Call) -> Option<Result<Bytes, AwsError>> {
        if !self.faults().is_empty() {
            return None;
        }
        self.service(service)?.written(call)
    }

    /// Runs a job beside the caller. Virtual time stands still while the job can make progress,
    /// and may pass while it waits for the clock or for another job.
    pub fn spawn<F>(&self, job: F) -> Job<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Job::start(self.clock(), job)
    }
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws")
            .field("endpoint", &self.endpoint())
            .finish_non_exhaustive()
    }
}
