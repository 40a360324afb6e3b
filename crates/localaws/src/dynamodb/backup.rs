//! DescribeContinuousBackups and UpdateContinuousBackups: what is set is kept and shown. There is
//! nothing to restore from.

use jiff::ToSpan;
use serde_json::{Value, json};

use super::DynamoDb;
use super::table::{Extra, key};
use crate::params::Params;
use crate::{AwsError, Call};

impl DynamoDb {
    pub(super) fn describe_continuous_backups(&self, call: &Call) -> Result<Value, AwsError> {
        self.must_exist(call)?;
        let extra = self.extras.get(&key(call)).unwrap_or_default();
        Ok(self.backups(&extra))
    }

    pub(super) fn update_continuous_backups(&self, call: &Call) -> Result<Value, AwsError> {
        self.must_exist(call)?;
        let given = call
            .input
            .member("PointInTimeRecoverySpecification")
            .cloned();
        let given = given.ok_or_else(|| {
            AwsError::validation("PointInTimeRecoverySpecification must be given.")
        })?;
        let enabled = given.flag("PointInTimeRecoveryEnabled");
        let now = self.aws.clock().now();
        let extra = self.extras.edit(&key(call), |extra| {
            let extra = extra.get_or_insert_default();
            extra.recovery = Some(given);
            extra.recovery_since = enabled.then(|| extra.recovery_since.unwrap_or(now));
            extra.clone()
        });
        Ok(self.backups(&extra))
    }

    fn backups(&self, extra: &Extra) -> Value {
        let mut recovery = json!({ "PointInTimeRecoveryStatus": "DISABLED" });
        if let Some(since) = extra.recovery_since {
            let now = self.aws.clock().now();
            let given = extra.recovery.as_ref();
            let days = given.and_then(|given| given.number("RecoveryPeriodInDays"));
            let days = days.unwrap_or(35).clamp(1, 35);
            let horizon = now.checked_sub((24 * days).hours()).unwrap_or(since);
            recovery = json!({
                "PointInTimeRecoveryStatus": "ENABLED",
                "RecoveryPeriodInDays": days,
                "EarliestRestorableDateTime": since.max(horizon),
                "LatestRestorableDateTime": now,
            });
        }
        json!({ "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": recovery,
        } })
    }

    fn must_exist(&self, call: &Call) -> Result<(), AwsError> {
        let name = call.input.text("TableName").unwrap_or_default();
        let database = self.database(&call.scope)?;
        let found = super::database::run(&database, "DescribeTable", json!({ "TableName": name }));
        match found {
            Ok(_) => Ok(()),
            Err(_) => Err(AwsError::new(
                "TableNotFoundException",
                format!("Table not found: {name}"),
            )),
        }
    }
}
