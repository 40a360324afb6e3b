//! `LabelParameterVersion` and `UnlabelParameterVersion`. A label is on one version at a time.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;
use super::model::{not_found, version_not_found};

impl Ssm {
    pub(super) fn label_parameter_version(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        let (labels, invalid): (Vec<String>, Vec<String>) = call
            .input
            .texts("Labels")
            .into_iter()
            .partition(|label| valid(label));
        let labelled = self.parameters.update(&call.scope.key(name), |parameter| {
            let last = parameter.last().map_or(1, |(number, _)| number);
            let number = call.input.number("ParameterVersion").unwrap_or(last);
            if !parameter.versions.contains_key(&number) {
                return Err(version_not_found(name, &number.to_string()));
            }
            for (other, version) in &mut parameter.versions {
                match *other == number {
                    true => version.labels.extend(labels.iter().cloned()),
                    false => version.labels.retain(|label| !labels.contains(label)),
                }
                if version.labels.len() > 10 {
                    return Err(AwsError::new(
                        "ParameterVersionLabelLimitExceeded",
                        "A parameter version can have a maximum of ten labels.",
                    ));
                }
            }
            Ok(number)
        });
        let number = labelled.unwrap_or_else(|| Err(not_found(name)))?;
        Ok(json!({ "InvalidLabels": invalid, "ParameterVersion": number }))
    }

    pub(super) fn unlabel_parameter_version(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        let number = call.input.number("ParameterVersion").unwrap_or_default();
        let labels = call.input.texts("Labels");
        let unlabelled = self.parameters.update(&call.scope.key(name), |parameter| {
            let version = parameter.versions.get_mut(&number);
            let version = version.ok_or_else(|| version_not_found(name, &number.to_string()))?;
            let (removed, invalid): (Vec<_>, Vec<_>) = labels
                .into_iter()
                .partition(|label| version.labels.remove(label));
            Ok(json!({ "RemovedLabels": removed, "InvalidLabels": invalid }))
        });
        unlabelled.unwrap_or_else(|| Err(not_found(name)))
    }
}

fn valid(label: &str) -> bool {
    let begins = label.starts_with(|c: char| c.is_ascii_digit());
    let lower = label.to_lowercase();
    let reserved = lower.starts_with("aws") || lower.starts_with("ssm");
    let letters = label
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    !label.is_empty() && label.len() <= 100 && letters && !begins && !reserved
}
