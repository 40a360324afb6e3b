//! What was deployed: the settings that the template hands to the state machine, base64 of a JSON
//! object. In the definition and not in a function's environment, so that a version of the state
//! machine keeps them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Error;

/// The deployed settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// Name of the stack.
    pub(crate) job: String,
    pub(crate) table: String,
    pub(crate) bucket: String,
    pub(crate) cluster: String,
    pub(crate) task_definition: String,
    /// Name of the container that counts; empty for the first essential one.
    pub(crate) container: String,
    /// Ids, separated by commas.
    pub(crate) subnets: String,
    /// Ids, separated by commas; empty for the default group of the VPC.
    pub(crate) security_groups: String,
    pub(crate) assign_public_ip: String,
    pub(crate) history_days: u32,
    pub(crate) queue_limit: u64,
    /// `class=answer`, separated by commas.
    pub(crate) on_failure: String,
    /// What an input can change.
    pub(crate) run: Map<String, Value>,
}

impl Settings {
    /// Reads what the template wrote. What people typed into parameters can be no JSON at all, and
    /// then this is the place where it shows.
    pub(crate) fn read(encoded: &str) -> Result<Self, Error> {
        let text = STANDARD
            .decode(encoded.trim())
            .map_err(|e| Error::BrokenRun(format!("the settings are not base64: {e}")))?;
        serde_json::from_slice(&text).map_err(|e| {
            Error::InvalidInput(vec![format!(
                "the deployed settings cannot be read; are the parameters `Command` and `Environment` JSON? ({e})"
            )])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_is_no_json_is_the_users_fault() {
        let encoded = STANDARD.encode(r#"{"job": "j", "run": {"command": [python]}}"#);
        let error = Settings::read(&encoded).unwrap_err();
        assert_eq!(error.name(), "Job.InvalidInput");
        assert!(error.to_string().contains("`Command`"), "{error}");
    }
}
