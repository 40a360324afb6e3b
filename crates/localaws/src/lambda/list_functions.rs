//! `ListFunctions` and `ListVersionsByFunction`.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::model::{LATEST, function_arn, invalid};

impl Lambda {
    pub(super) fn list_functions(&self, call: &Call) -> Result<Value, AwsError> {
        let mut all: Vec<(String, Value)> = Vec::new();
        let with_versions = call.input.text("FunctionVersion") == Some("ALL");
        for (_, function) in self.functions.scan(&call.scope.prefix()) {
            let name = &function.name;
            let mut show =
                |version: Option<&str>, rank: String, one: &super::model::Configuration| {
                    let arn = function_arn(&call.scope, name, version);
                    all.push((format!("{name}:{rank}"), one.shown(name, &arn)));
                };
            if with_versions {
                show(Some(LATEST), String::new(), &function.latest);
                for (number, version) in &function.versions {
                    show(Some(&version.version), format!("{number:020}"), version);
                }
            } else {
                show(None, String::new(), &function.latest);
            }
        }
        paged(call, "Functions", all)
    }

    pub(super) fn list_versions_by_function(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let function = self.function(&call.scope, &named)?;
        let numbered = function.versions.iter().map(|(number, one)| (*number, one));
        let all = [(0, &function.latest)].into_iter().chain(numbered);
        let all = all.map(|(number, one)| {
            let arn = function_arn(&call.scope, &named.name, Some(&one.version));
            (format!("{number:020}"), one.shown(&named.name, &arn))
        });
        paged(call, "Versions", all.collect())
    }
}

/// A page of `Marker` and `MaxItems`; the list is sorted by its first members here.
pub(super) fn paged(
    call: &Call,
    member: &str,
    mut all: Vec<(String, Value)>,
) -> Result<Value, AwsError> {
    all.sort_by(|a, b| a.0.cmp(&b.0));
    let limit = call.input.number("MaxItems").unwrap_or(50).clamp(1, 50) as usize;
    let (given, next) = page(
        all,
        |(key, _)| key.clone(),
        call.input.filled("Marker"),
        limit,
    )
    .ok_or_else(|| invalid("Invalid Marker"))?;
    let given: Vec<Value> = given.into_iter().map(|(_, value)| value).collect();
    let mut output = json!({ member: given });
    if let Some(next) = next {
        output["NextMarker"] = next.into();
    }
    Ok(output)
}
