//! Aliases: names for versions, and the share of calls that goes to another version.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Lambda;
use super::list_functions::paged;
use super::model::{
    Alias, Function, LATEST, conflict, constraint, function_arn, invalid, not_found,
};
use super::names::Named;
use super::update_function_code::check_revision;

impl Lambda {
    pub(super) fn create_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, name) = (self.named(call)?, alias_name(call)?);
        let arn = function_arn(&call.scope, &named.name, Some(&name));
        let alias = self.change(&call.scope, &named, |function| {
            if function.aliases.contains_key(&name) {
                return Err(conflict(format!("Alias already exists: {arn}")));
            }
            let mut alias = Alias {
                name: name.clone(),
                version: String::new(),
                description: String::new(),
                weights: BTreeMap::new(),
                revision: self.aws.ids().uuid(),
            };
            alias.apply(call, &named, function)?;
            function.aliases.insert(name.clone(), alias.clone());
            Ok(alias)
        })?;
        Ok(alias.shown(&arn))
    }

    pub(super) fn update_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, name) = (self.named(call)?, alias_name(call)?);
        let arn = function_arn(&call.scope, &named.name, Some(&name));
        let alias = self.change(&call.scope, &named, |function| {
            let alias = function.aliases.get(&name).cloned();
            let mut alias = alias.ok_or_else(|| no_alias(&arn))?;
            check_revision(call, &alias.revision)?;
            alias.apply(call, &named, function)?;
            alias.revision = self.aws.ids().uuid();
            function.aliases.insert(name.clone(), alias.clone());
            Ok(alias)
        })?;
        Ok(alias.shown(&arn))
    }

    pub(super) fn get_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, name) = (self.named(call)?, alias_name(call)?);
        let arn = function_arn(&call.scope, &named.name, Some(&name));
        let function = self.function(&call.scope, &named)?;
        let alias = function.aliases.get(&name).ok_or_else(|| no_alias(&arn))?;
        Ok(alias.shown(&arn))
    }

    pub(super) fn list_aliases(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let function = self.function(&call.scope, &named)?;
        let of = call.input.filled("FunctionVersion");
        let wanted = |alias: &&Alias| of.is_none_or(|version| alias.version == version);
        let aliases = function.aliases.values().filter(wanted).map(|alias| {
            let arn = function_arn(&call.scope, &named.name, Some(&alias.name));
            (alias.name.clone(), alias.shown(&arn))
        });
        paged(call, "Aliases", aliases.collect())
    }

    pub(super) fn delete_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let (named, name) = (self.named(call)?, alias_name(call)?);
        self.change(&call.scope, &named, |function| {
            function.aliases.remove(&name);
            function.policies.remove(&name);
            function.urls.remove(&name);
            function.event_invoke.remove(&name);
            Ok(())
        })?;
        Ok(json!({}))
    }

    /// The version that one call of an alias goes to.
    pub(super) fn routed(&self, alias: &Alias) -> String {
        // 53 bits are what a number between 0 and 1 can hold.
        let mut drawn = (self.aws.ids().u64() >> 11) as f64 / (1u64 << 53) as f64;
        for (version, weight) in &alias.weights {
            if drawn < *weight {
                return version.clone();
            }
            drawn -= weight;
        }
        alias.version.clone()
    }
}

impl Alias {
    fn apply(&mut self, call: &Call, named: &Named, function: &Function) -> Result<(), AwsError> {
        if let Some(version) = call.input.filled("FunctionVersion") {
            check_version(&call.scope, named, function, version)?;
            self.version = version.to_owned();
        }
        if let Some(description) = call.input.text("Description") {
            self.description = description.to_owned();
        }
        if let Some(routing) = call.input.map("RoutingConfig") {
            let empty = Map::new();
            let given = routing.map("AdditionalVersionWeights").unwrap_or(&empty);
            let mut weights = BTreeMap::new();
            for (version, weight) in given {
                check_version(&call.scope, named, function, version)?;
                let weight = weight.as_f64().unwrap_or_default();
                if !(0.0..=1.0).contains(&weight) || version == LATEST || self.version == LATEST {
                    return Err(invalid(
                        "Invalid routing configuration: weights lie between 0 and 1, and $LATEST \
                         has none",
                    ));
                }
                weights.insert(version.clone(), weight);
            }
            if weights.len() > 1 || weights.contains_key(&self.version) {
                return Err(invalid(
                    "Invalid function version. Function version should not be included in the \
                     additional version weights, of which there is one at most",
                ));
            }
            self.weights = weights;
        }
        Ok(())
    }

    fn shown(&self, arn: &str) -> Value {
        let mut shown = json!({
            "AliasArn": arn,
            "Name": self.name,
            "FunctionVersion": self.version,
            "Description": self.description,
            "RevisionId": self.revision,
        });
        if !self.weights.is_empty() {
            shown["RoutingConfig"] = json!({ "AdditionalVersionWeights": self.weights });
        }
        shown
    }
}

fn alias_name(call: &Call) -> Result<String, AwsError> {
    let name = call.input.text("Name").unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let number = name.chars().all(|c| c.is_ascii_digit());
    if name.len() > 128 || number || !name.chars().all(allowed) {
        let rule = "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)";
        return Err(constraint(name, "name", rule));
    }
    Ok(name.to_owned())
}

fn no_alias(arn: &str) -> AwsError {
    not_found(format!("Cannot find alias arn: {arn}"))
}

fn check_version(
    scope: &Scope,
    named: &Named,
    function: &Function,
    version: &str,
) -> Result<(), AwsError> {
    match function.version(version) {
        Some(_) => Ok(()),
        None => Err(not_found(format!(
            "Function not found: {}",
            function_arn(scope, &named.name, Some(version))
        ))),
    }
}
