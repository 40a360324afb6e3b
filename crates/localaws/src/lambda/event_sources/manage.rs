//! `GetEventSourceMapping`, `ListEventSourceMappings` and `DeleteEventSourceMapping`.

use serde_json::Value;

use crate::params::Params;
use crate::{AwsError, Call};

use super::super::Lambda;
use super::super::list_functions::paged;

impl Lambda {
    pub(in crate::lambda) fn get_event_source_mapping(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        Ok(self.mapping(call)?.shown.into())
    }

    pub(in crate::lambda) fn list_event_source_mappings(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let function = match call.input.filled("FunctionName") {
            Some(_) => Some(self.named(call)?.arn(&call.scope)),
            None => None,
        };
        let source = call.input.filled("EventSourceArn");
        let mut found = Vec::new();
        for (key, mapping) in self.mappings.scan(&call.scope.prefix()) {
            if function.as_ref().is_none_or(|arn| mapping.function == *arn)
                && source.is_none_or(|arn| mapping.queue_arn == arn)
            {
                found.push((key, Value::Object(mapping.shown)));
            }
        }
        paged(call, "EventSourceMappings", found)
    }

    pub(in crate::lambda) fn delete_event_source_mapping(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let mut mapping = self.mapping(call)?;
        let key = mapping.scope.key(&mapping.uuid);
        self.mappings.remove(&key);
        self.pollers.stop(&key);
        mapping.shown.insert("State".to_owned(), "Deleting".into());
        Ok(mapping.shown.into())
    }
}
