//! Lambda: functions of the `provided.*` runtimes, run as child processes of this program that
//! speak the real Runtime API.
//!
//! Not here: managed runtimes, container images, layers, provisioned concurrency, serving of
//! function URLs. A process is not a sandbox: a function may do whatever its user may do.

mod account_settings;
mod aliases;
mod asynchronous;
mod code;
mod concurrency;
mod configuration;
mod create_function;
mod delete_function;
mod destinations;
mod event_invoke_config;
mod event_sources;
mod function_urls;
mod get_function;
mod invoke;
mod list_functions;
mod model;
mod names;
mod permissions;
mod publish_version;
mod runtime;
mod tags;
#[cfg(test)]
mod tests;
mod update_function_code;
mod update_function_configuration;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;

use crate::{Aws, AwsError, Blobs, Call, Reply, Service, Table};

use asynchronous::Event;
use event_sources::{Mapping, Pollers};
use model::Function;
use runtime::Pool;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    let pool = Arc::new(Pool::new(aws));
    Arc::new_cyclic(|this| Lambda {
        this: this.clone(),
        functions: aws.store().table("lambda.functions"),
        code: aws.store().blobs("lambda.code"),
        events: aws.store().table("lambda.events"),
        mappings: aws.store().table("lambda.mappings"),
        pollers: Pollers::default(),
        pool: Arc::downgrade(&pool),
        unstarted: Mutex::new(Some(pool)),
        aws: aws.clone(),
    })
}

struct Lambda {
    this: Weak<Lambda>,
    aws: Aws,
    /// By `scope.key(name)`.
    functions: Table<Function>,
    /// Deployment packages by `scope.key(sha256)`.
    code: Blobs,
    /// Asynchronous invocations that are not done, by `scope.key(request id)`.
    events: Table<Event>,
    /// By `scope.key(uuid)`.
    mappings: Table<Mapping>,
    pollers: Pollers,
    /// Weak, because the pool belongs to a task: services live as long as the program, but tasks
    /// end with their runtime, and the processes of the pool must end then too.
    pool: Weak<Pool>,
    unstarted: Mutex<Option<Arc<Pool>>>,
}

#[async_trait]
impl Service for Lambda {
    fn name(&self) -> &'static str {
        "lambda"
    }

    fn start(self: Arc<Self>) {
        let pool = self
            .unstarted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(pool) = pool {
            self.aws.spawn(pool.run());
        }
        self.resume_events();
        self.resume_pollers();
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let answer = match call.action.as_str() {
            "Invoke" => return self.invoke(&call).await,
            "AddPermission" => self.add_permission(&call),
            "CreateAlias" => self.create_alias(&call),
            "CreateEventSourceMapping" => self.create_event_source_mapping(&call),
            "CreateFunction" => self.create_function(&call).await,
            "CreateFunctionUrlConfig" => self.create_function_url_config(&call),
            "DeleteAlias" => self.delete_alias(&call),
            "DeleteEventSourceMapping" => self.delete_event_source_mapping(&call),
            "DeleteFunction" => self.delete_function(&call),
            "DeleteFunctionConcurrency" => self.delete_function_concurrency(&call),
            "DeleteFunctionEventInvokeConfig" => self.delete_function_event_invoke_config(&call),
            "DeleteFunctionUrlConfig" => self.delete_function_url_config(&call),
            "GetAccountSettings" => self.get_account_settings(&call),
            "GetAlias" => self.get_alias(&call),
            "GetEventSourceMapping" => self.get_event_source_mapping(&call),
            "GetFunction" => self.get_function(&call),
            "GetFunctionConcurrency" => self.get_function_concurrency(&call),
            "GetFunctionConfiguration" => self.get_function_configuration(&call),
            "GetFunctionEventInvokeConfig" => self.get_function_event_invoke_config(&call),
            "GetFunctionUrlConfig" => self.get_function_url_config(&call),
            "GetPolicy" => self.get_policy(&call),
            "ListAliases" => self.list_aliases(&call),
            "ListEventSourceMappings" => self.list_event_source_mappings(&call),
            "ListFunctionEventInvokeConfigs" => self.list_function_event_invoke_configs(&call),
            "ListFunctionUrlConfigs" => self.list_function_url_configs(&call),
            "ListFunctions" => self.list_functions(&call),
            "ListTags" => self.list_tags(&call),
            "ListVersionsByFunction" => self.list_versions_by_function(&call),
            "PublishVersion" => self.publish_version(&call),
            "PutFunctionConcurrency" => self.put_function_concurrency(&call),
            "PutFunctionEventInvokeConfig" => self.put_function_event_invoke_config(&call),
            "RemovePermission" => self.remove_permission(&call),
            "TagResource" => self.tag_resource(&call),
            "UntagResource" => self.untag_resource(&call),
            "UpdateAlias" => self.update_alias(&call),
            "UpdateEventSourceMapping" => self.update_event_source_mapping(&call),
            "UpdateFunctionCode" => self.update_function_code(&call).await,
            "UpdateFunctionConfiguration" => self.update_function_configuration(&call),
            "UpdateFunctionEventInvokeConfig" => self.update_function_event_invoke_config(&call),
            "UpdateFunctionUrlConfig" => self.update_function_url_config(&call),
            _ => Err(AwsError::not_implemented("lambda", &call.action)),
        };
        answer.map(Reply::from)
    }
}
