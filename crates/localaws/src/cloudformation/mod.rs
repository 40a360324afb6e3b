//! CloudFormation: templates become stacks of resources.
//!
//! `template` is the language, `engine` makes and changes stacks, `changes` compares
//! before anything happens, `drift` compares afterwards; `operations` holds a file an API
//! operation. Resources themselves are made by [`crate::resources`].
//!
//! Not here: stack sets, macros, imports, hooks, custom resources, wait conditions, resource
//! signals and rollback triggers. What of these an API call asks for is refused.

mod change_set;
mod changes;
mod deploy;
mod drift;
mod engine;
mod operations;
mod page;
mod policy;
mod request;
mod secret;
mod source;
mod stack;
mod state;
mod status;
mod template;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};

use async_trait::async_trait;

use crate::announce::Announcer;
use crate::resources::Resources;
use crate::{Aws, AwsError, Call, Reply, Service};
use state::State;

/// What change sets show for a value that only exists once its resource does.
const UNKNOWN: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new_cyclic(|this| CloudFormation {
        aws: aws.clone(),
        state: State::open(aws.store()),
        resources: Resources::new(aws),
        announcer: Announcer::start(aws, "service:cloudformation"),
        this: Weak::clone(this),
    })
}

/// The service.
pub(crate) struct CloudFormation {
    aws: Aws,
    state: State,
    resources: Resources,
    announcer: Announcer,
    /// Jobs hold on to the service.
    this: Weak<Self>,
}

#[async_trait]
impl Service for CloudFormation {
    fn name(&self) -> &'static str {
        "cloudformation"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let Some(this) = self.this.upgrade() else {
            return Err(AwsError::internal("the service is ending"));
        };
        operations::call(&this, &call).await.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        engine::resume(&self);
        drift::resume(&self);
    }
}
