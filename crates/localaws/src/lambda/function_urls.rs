//! Configurations of function URLs. The URLs are kept and shown, but nothing answers under them.

use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::list_functions::paged;
use super::model::{conflict, function_arn, invalid, not_found};
use super::names::Named;

impl Lambda {
    pub(super) fn create_function_url_config(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, of) = self.url_of(call)?;
        self.version(&call.scope, &named)?;
        let arn = function_arn(&call.scope, &named.name, named.qualifier.as_deref());
        let id = self.aws.ids().hex(32);
        let now = self.aws.clock().now().to_string();
        self.change(&call.scope, &named, |function| {
            if function.urls.contains_key(&of) {
                return Err(conflict(format!(
                    "Failed to create function url config for [functionArn = {arn}]. Error \
                     message:  FunctionUrlConfig exists for this Lambda function"
                )));
            }
            let mut config = Map::new();
            let url = format!("https://{id}.lambda-url.{}.on.aws/", call.scope.region);
            config.insert("FunctionUrl".to_owned(), url.into());
            config.insert("FunctionArn".to_owned(), arn.clone().into());
            config.insert("CreationTime".to_owned(), now.clone().into());
            config.insert("InvokeMode".to_owned(), "BUFFERED".into());
            take_over(&mut config, call, now);
            function.urls.insert(of, config.clone().into());
            // The one answer of these operations without it.
            config.shift_remove("LastModifiedTime");
            Ok(config.into())
        })
    }

    pub(super) fn update_function_url_config(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, of) = self.url_of(call)?;
        let now = self.aws.clock().now().to_string();
        self.change(&call.scope, &named, |function| {
            let config = function.urls.get_mut(&of).and_then(Value::as_object_mut);
            let config = config.ok_or_else(no_url)?;
            take_over(config, call, now);
            Ok(config.clone().into())
        })
    }

    pub(super) fn get_function_url_config(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, of) = self.url_of(call)?;
        let mut function = self.function(&call.scope, &named)?;
        function.urls.remove(&of).ok_or_else(no_url)
    }

    pub(super) fn list_function_url_configs(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let function = self.function(&call.scope, &named)?;
        paged(
            call,
            "FunctionUrlConfigs",
            function.urls.into_iter().collect(),
        )
    }

    pub(super) fn delete_function_url_config(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, of) = self.url_of(call)?;
        self.change(&call.scope, &named, |function| {
            function
                .urls
                .remove(&of)
                .map(|_| json!({}))
                .ok_or_else(no_url)
        })
    }

    fn url_of(&self, call: &Call) -> Result<(Named, String), AwsError> {
        let named = self.named(call)?;
        let of = named.qualifier.clone().unwrap_or_default();
        match of.parse::<u64>().is_ok() || of.starts_with('$') {
            true => Err(invalid(
                "A function URL belongs to a function or to an alias, not to a version",
            )),
            false => Ok((named, of)),
        }
    }
}

fn take_over(config: &mut Map<String, Value>, call: &Call, now: String) {
    for member in ["AuthType", "Cors", "InvokeMode"] {
        if let Some(value) = call.input.member(member) {
            config.insert(member.to_owned(), value.clone());
        }
    }
    config.insert("LastModifiedTime".to_owned(), now.into());
}

fn no_url() -> AwsError {
    not_found("The resource you requested does not exist.")
}
