//! `PutFunctionEventInvokeConfig` and its family: retries and destinations of asynchronous calls.

use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::list_functions::paged;
use super::model::{LATEST, function_arn, not_found};
use super::names::Named;

impl Lambda {
    pub(super) fn put_function_event_invoke_config(&self, call: &Call) -> Result<Value, AwsError> {
        self.set_event_invoke_config(call, true)
    }

    pub(super) fn update_function_event_invoke_config(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        self.set_event_invoke_config(call, false)
    }

    fn set_event_invoke_config(&self, call: &Call, anew: bool) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        self.version(&call.scope, &named)?;
        let of = config_of(&named);
        let arn = function_arn(&call.scope, &named.name, Some(&of));
        let modified = self.aws.clock().now().to_string();
        self.change(&call.scope, &named, |function| {
            let before = function.event_invoke.get(&of).cloned();
            let mut config = match (before, anew) {
                (_, true) => Map::new(),
                (Some(Value::Object(before)), false) => before,
                (_, false) => return Err(no_config(&arn)),
            };
            for member in [
                "MaximumRetryAttempts",
                "MaximumEventAgeInSeconds",
                "DestinationConfig",
            ] {
                if let Some(value) = call.input.member(member) {
                    config.insert(member.to_owned(), value.clone());
                }
            }
            config
                .entry("DestinationConfig")
                .or_insert_with(|| json!({ "OnSuccess": {}, "OnFailure": {} }));
            config.insert("LastModified".to_owned(), modified.into());
            config.insert("FunctionArn".to_owned(), arn.clone().into());
            function.event_invoke.insert(of, config.clone().into());
            Ok(config.into())
        })
    }

    pub(super) fn get_function_event_invoke_config(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let of = config_of(&named);
        let arn = function_arn(&call.scope, &named.name, Some(&of));
        let mut function = self.function(&call.scope, &named)?;
        function
            .event_invoke
            .remove(&of)
            .ok_or_else(|| no_config(&arn))
    }

    pub(super) fn list_function_event_invoke_configs(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let function = self.function(&call.scope, &named)?;
        paged(
            call,
            "FunctionEventInvokeConfigs",
            function.event_invoke.into_iter().collect(),
        )
    }

    pub(super) fn delete_function_event_invoke_config(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let of = config_of(&named);
        let arn = function_arn(&call.scope, &named.name, Some(&of));
        self.change(&call.scope, &named, |function| {
            let removed = function.event_invoke.remove(&of);
            removed.map(|_| json!({})).ok_or_else(|| no_config(&arn))
        })
    }
}

pub(super) fn config_of(named: &Named) -> String {
    named.qualifier.clone().unwrap_or_else(|| LATEST.to_owned())
}

fn no_config(arn: &str) -> AwsError {
    not_found(format!(
        "The function {arn} doesn't have an EventInvokeConfig"
    ))
}
