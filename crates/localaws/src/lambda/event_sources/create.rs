//! `CreateEventSourceMapping` and `UpdateEventSourceMapping`.

use serde_json::{Map, Value, json};

use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

use super::super::Lambda;
use super::super::model::{conflict, constraint, invalid, not_found};
use super::super::tags::tag_map;
use super::Mapping;

/// Settings that only streams and brokers have, and filters.
const UNSUPPORTED: [&str; 14] = [
    "AmazonManagedKafkaEventSourceConfig",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "DocumentDBEventSourceConfig",
    "FilterCriteria",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "SelfManagedEventSource",
    "SelfManagedKafkaEventSourceConfig",
    "SourceAccessConfigurations",
    "StartingPosition",
    "TumblingWindowInSeconds",
];

impl Lambda {
    pub(in crate::lambda) fn create_event_source_mapping(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        self.version(&call.scope, &named)?;
        let queue_arn = call.input.text("EventSourceArn").unwrap_or_default();
        if Arn::parse(queue_arn).is_none_or(|arn| arn.service != "sqs") {
            return Err(invalid(format!(
                "Unrecognized event source: `{queue_arn}`. This endpoint knows queues of SQS only."
            )));
        }
        let function = named.arn(&call.scope);
        let existing = self.mappings.scan(&call.scope.prefix());
        let twin = existing
            .iter()
            .find(|(_, one)| one.queue_arn == queue_arn && one.function == function);
        if let Some((_, twin)) = twin {
            return Err(conflict(format!(
                "An event source mapping with SQS arn (\" {queue_arn} \") and function (\" {} \") \
                 already exists. Please update or delete the existing mapping with UUID {}",
                named.name, twin.uuid
            )));
        }
        let uuid = self.aws.ids().uuid();
        let arn = format!("event-source-mapping:{uuid}");
        let mut mapping = Mapping {
            scope: call.scope.clone(),
            uuid: uuid.clone(),
            function: function.clone(),
            queue_arn: queue_arn.to_owned(),
            shown: Map::new(),
            tags: tag_map(&call.input),
        };
        for (member, value) in [
            ("UUID", json!(uuid)),
            ("BatchSize", json!(10)),
            ("MaximumBatchingWindowInSeconds", json!(0)),
            ("EventSourceArn", json!(queue_arn)),
            ("FunctionArn", json!(function)),
            ("FunctionResponseTypes", json!([])),
            ("State", json!("Enabled")),
            ("StateTransitionReason", json!("USER_INITIATED")),
            (
                "EventSourceMappingArn",
                json!(call.scope.arn("lambda", &arn)),
            ),
        ] {
            mapping.shown.insert(member.to_owned(), value);
        }
        self.set(call, &mut mapping)?;
        Ok(mapping.shown.into())
    }

    pub(in crate::lambda) fn update_event_source_mapping(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let mut mapping = self.mapping(call)?;
        if call.input.filled("FunctionName").is_some() {
            let named = self.named(call)?;
            self.version(&call.scope, &named)?;
            mapping.function = named.arn(&call.scope);
            let arn = mapping.function.clone().into();
            mapping.shown.insert("FunctionArn".to_owned(), arn);
        }
        self.set(call, &mut mapping)?;
        Ok(mapping.shown.into())
    }

    /// Takes over the settings of a call, stores the mapping and polls by it from now on.
    fn set(&self, call: &Call, mapping: &mut Mapping) -> Result<(), AwsError> {
        let input = &call.input;
        for member in UNSUPPORTED {
            let given = input.member(member);
            if given.is_some_and(|given| *given != json!({ "Filters": [] }) && *given != json!({}))
            {
                return Err(invalid(format!(
                    "{member} is not supported by this endpoint for event sources of SQS"
                )));
            }
        }
        let window = input.number("MaximumBatchingWindowInSeconds");
        let window = window.or_else(|| mapping.shown.number("MaximumBatchingWindowInSeconds"));
        if let Some(size) = input.number("BatchSize") {
            if !(1..=10_000).contains(&size) {
                let rule = "have value between 1 and 10000";
                return Err(constraint(&size.to_string(), "batchSize", rule));
            }
            if size > 10 && window.unwrap_or_default() < 1 {
                return Err(invalid(
                    "Maximum batch window in seconds must be greater than 0 if maximum batch size \
                     is greater than 10",
                ));
            }
        }
        for member in [
            "BatchSize",
            "MaximumBatchingWindowInSeconds",
            "FunctionResponseTypes",
            "ScalingConfig",
            "MetricsConfig",
        ] {
            if let Some(value) = input.member(member) {
                mapping.shown.insert(member.to_owned(), value.clone());
            }
        }
        if let Some(enabled) = input.member("Enabled").and_then(Value::as_bool) {
            let state = if enabled { "Enabled" } else { "Disabled" };
            mapping.shown.insert("State".to_owned(), state.into());
        }
        let now = self.aws.clock().now().to_string();
        mapping.shown.insert("LastModified".to_owned(), now.into());
        let key = mapping.scope.key(&mapping.uuid);
        self.mappings.put(&key, mapping.clone());
        self.poll(mapping.clone());
        Ok(())
    }

    pub(super) fn mapping(&self, call: &Call) -> Result<Mapping, AwsError> {
        let uuid = call.input.text("UUID").unwrap_or_default();
        self.mappings
            .get(&call.scope.key(uuid))
            .ok_or_else(|| not_found("The resource you requested does not exist."))
    }
}
