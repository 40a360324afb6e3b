//! CreateTable, UpdateTable, DescribeTable, DeleteTable: the engine's tables, with the times of
//! our clock and the encryption that the engine does not keep.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::DynamoDb;
use crate::params::Params;
use crate::{AwsError, Call};

/// Members that nothing here knows, by operation: refused, not ignored.
const UNKNOWN: &[&str] = &[
    "GlobalTableSettingsReplicationMode",
    "GlobalTableSourceArn",
    "GlobalTableWitnessUpdates",
    "MultiRegionConsistency",
    "ReplicaUpdates",
    "ResourcePolicy",
    "WarmThroughput",
];

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Extra {
    pub(super) created: Timestamp,
    /// `SSESpecification` as it was given.
    pub(super) encryption: Option<Value>,
    /// `PointInTimeRecoverySpecification` as it was given.
    pub(super) recovery: Option<Value>,
    pub(super) recovery_since: Option<Timestamp>,
}

impl DynamoDb {
    pub(super) fn create_table(&self, call: &Call) -> Result<Value, AwsError> {
        refuse_unknown(call)?;
        let output = self.engine(call, call.input.clone())?;
        let extra = Extra {
            created: self.aws.clock().now(),
            encryption: call.input.member("SSESpecification").cloned(),
            ..Extra::default()
        };
        self.extras.put(&key(call), extra);
        Ok(self.complete(call, output, "TableDescription"))
    }

    pub(super) fn update_table(&self, call: &Call) -> Result<Value, AwsError> {
        refuse_unknown(call)?;
        let mut input = call.input.clone();
        let members = input.as_object_mut();
        let encryption = members.and_then(|members| members.shift_remove("SSESpecification"));
        let more = input.as_object().is_some_and(|members| members.len() > 1);
        let output = if encryption.is_some() && !more {
            let database = self.database(&call.scope)?;
            let found = super::database::run(&database, "DescribeTable", input)?;
            json!({ "TableDescription": found["Table"] })
        } else {
            self.engine(call, input)?
        };
        if encryption.is_some() {
            self.extras.edit(&key(call), |extra| {
                extra.get_or_insert_default().encryption = encryption;
            });
        }
        Ok(self.complete(call, output, "TableDescription"))
    }

    pub(super) fn describe_table(&self, call: &Call) -> Result<Value, AwsError> {
        let output = self.engine(call, call.input.clone())?;
        Ok(self.complete(call, output, "Table"))
    }

    pub(super) fn delete_table(&self, call: &Call) -> Result<Value, AwsError> {
        let output = self.engine(call, call.input.clone())?;
        let output = self.complete(call, output, "TableDescription");
        self.extras.remove(&key(call));
        Ok(output)
    }

    fn complete(&self, call: &Call, mut output: Value, member: &str) -> Value {
        let Some(extra) = self.extras.get(&key(call)) else {
            return output;
        };
        let table = &mut output[member];
        table["CreationDateTime"] = json!(extra.created);
        let encryption = extra.encryption.filter(|one| one.flag("Enabled"));
        if let Some(encryption) = encryption {
            let key = encryption
                .text("KMSMasterKeyId")
                .unwrap_or("alias/aws/dynamodb");
            let arn = match key {
                arn if arn.starts_with("arn:") => arn.to_owned(),
                alias if alias.starts_with("alias/") => call.scope.arn("kms", alias),
                id => call.scope.arn("kms", &format!("key/{id}")),
            };
            let kind = encryption.text("SSEType").unwrap_or("KMS");
            table["SSEDescription"] =
                json!({ "Status": "ENABLED", "SSEType": kind, "KMSMasterKeyArn": arn });
        } else if let Some(table) = table.as_object_mut() {
            table.shift_remove("SSEDescription");
        }
        output
    }
}

pub(super) fn key(call: &Call) -> String {
    call.scope
        .key(call.input.text("TableName").unwrap_or_default())
}

fn refuse_unknown(call: &Call) -> Result<(), AwsError> {
    for member in UNKNOWN {
        if call.input.member(member).is_some() {
            let what = format!("{} with {member}", call.action);
            return Err(AwsError::not_implemented("dynamodb", &what));
        }
    }
    Ok(())
}
