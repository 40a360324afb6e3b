//! `GetAccountSettings`.

use serde_json::{Value, json};

use crate::{AwsError, Call};

use super::Lambda;
use super::concurrency::ACCOUNT_LIMIT;

impl Lambda {
    pub(super) fn get_account_settings(&self, call: &Call) -> Result<Value, AwsError> {
        let functions = self.functions.scan(&call.scope.prefix());
        let versions = functions
            .iter()
            .flat_map(|(_, function)| function.versions.values().chain([&function.latest]));
        let bytes: u64 = versions.map(|version| version.code_size).sum();
        Ok(json!({
            "AccountLimit": {
                "TotalCodeSize": 80_530_636_800_u64,
                "CodeSizeUnzipped": 262_144_000,
                "CodeSizeZipped": 52_428_800,
                "ConcurrentExecutions": ACCOUNT_LIMIT,
                "UnreservedConcurrentExecutions": self.unreserved(call),
            },
            "AccountUsage": { "TotalCodeSize": bytes, "FunctionCount": functions.len() },
        }))
    }
}
