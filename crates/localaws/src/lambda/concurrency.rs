//! Reserved concurrency.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::model::{constraint, invalid};

/// How many invocations run at a time in an account and region.
pub(super) const ACCOUNT_LIMIT: i64 = 1000;
/// What must be left for functions without a reservation.
const UNRESERVED_MINIMUM: i64 = 100;

impl Lambda {
    /// Sum of all reservations but that of the function under `key`.
    fn reserved(&self, call: &Call, but: &str) -> i64 {
        let functions = self.functions.scan(&call.scope.prefix());
        let others = functions.iter().filter(|(key, _)| key != but);
        others.filter_map(|(_, function)| function.reserved).sum()
    }

    pub(super) fn unreserved(&self, call: &Call) -> i64 {
        ACCOUNT_LIMIT - self.reserved(call, "")
    }

    pub(super) fn put_function_concurrency(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let number = call
            .input
            .number("ReservedConcurrentExecutions")
            .unwrap_or_default();
        if number < 0 {
            let rule = "have value greater than or equal to 0";
            return Err(constraint(
                &number.to_string(),
                "reservedConcurrentExecutions",
                rule,
            ));
        }
        let others = self.reserved(call, &call.scope.key(&named.name));
        if ACCOUNT_LIMIT - others - number < UNRESERVED_MINIMUM {
            return Err(invalid(format!(
                "Specified ReservedConcurrentExecutions for function decreases account's \
                 UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MINIMUM}]."
            )));
        }
        self.change(&call.scope, &named, |function| {
            function.reserved = Some(number);
            Ok(())
        })?;
        Ok(json!({ "ReservedConcurrentExecutions": number }))
    }

    pub(super) fn get_function_concurrency(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        Ok(match self.function(&call.scope, &named)?.reserved {
            Some(number) => json!({ "ReservedConcurrentExecutions": number }),
            None => json!({}),
        })
    }

    pub(super) fn delete_function_concurrency(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        self.change(&call.scope, &named, |function| {
            function.reserved = None;
            Ok(json!({}))
        })
    }
}
