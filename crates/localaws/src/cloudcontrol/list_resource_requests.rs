//! `ListResourceRequests`

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::list_resources::page;
use super::{CloudControl, request::Request};
use crate::params::Params;
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) fn list_resource_requests(&self, call: &Call) -> Result<Value, AwsError> {
        let none = json!({});
        let filter = call
            .input
            .member("ResourceRequestStatusFilter")
            .unwrap_or(&none);
        let wanted = |request: &Request| {
            let allowed = |list: &str, value: Value| {
                let choices = filter.items(list);
                choices.is_empty() || choices.contains(&value)
            };
            allowed("Operations", json!(request.operation))
                && allowed("OperationStatuses", json!(request.status))
        };
        let mut requests: Vec<Request> = self
            .requests
            .scan(&call.scope.prefix())
            .into_iter()
            .map(|(_, request)| request)
            .filter(wanted)
            .collect();
        requests.sort_by_key(|request| Reverse(request.time));
        let page = page(call, requests.iter().map(Request::progress).collect())?;
        Ok(page.output("ResourceRequestStatusSummaries"))
    }
}
