//! The Rules section: assertions about parameters.
//!
//! `Fn::ValueOf` and `Fn::ValueOfAll` ask for attributes of resources in the account (the VPC of a
//! subnet) and are refused, because nothing here knows them.

use serde_json::Value;

use super::{Faults, Resolver, Template, conditions};

/// Tells every assertion that does not hold.
pub(super) fn check(template: &Template, resolver: &Resolver<'_>, faults: &mut Faults) {
    for (name, rule) in &template.rules {
        if let Some(condition) = rule.get("RuleCondition") {
            match conditions::holds(template, resolver, condition) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(fault) => {
                    faults.add(fault);
                    continue;
                }
            }
        }
        let Some(Value::Array(assertions)) = rule.get("Assertions") else {
            faults.add(format!(
                "Template format error: rule {name} must contain Assertions"
            ));
            continue;
        };
        for assertion in assertions {
            let Some(assert) = assertion.get("Assert") else {
                faults.add(format!(
                    "Template format error: every assertion of rule {name} must contain Assert"
                ));
                continue;
            };
            match conditions::holds(template, resolver, assert) {
                Ok(true) => {}
                Ok(false) => {
                    let described = assertion.get("AssertDescription").and_then(Value::as_str);
                    let reason = described.unwrap_or("an assertion does not hold");
                    faults.add(format!("Rule '{name}' failed: {reason}"));
                }
                Err(fault) => faults.add(fault),
            }
        }
    }
}
