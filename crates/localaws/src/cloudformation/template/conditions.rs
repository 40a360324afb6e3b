//! The Conditions section: which conditions hold.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Faults, Reference, Resolver, Template, functions, references, resolve};

/// Tells what is wrong with a condition, without parameters.
pub(super) fn check(template: &Template, condition: &Value, faults: &mut Faults) {
    let unresolved: Vec<_> = references(condition)
        .into_iter()
        .filter(|reference| match reference {
            Reference::Name(name) => {
                !resolve::is_pseudo(name) && !template.parameters.contains_key(name)
            }
            Reference::Attribute(..) => true,
        })
        .map(|reference| reference.name().to_owned())
        .collect();
    if !unresolved.is_empty() {
        faults.add(format!(
            "Template format error: Unresolved dependencies [{}]. Cannot reference resources in the Conditions block of the template",
            unresolved.join(", ")
        ));
    }
    functions::walk(condition, &mut |name, argument| {
        if let Some(fault) = functions::fault(name, argument) {
            faults.add(fault);
        }
    });
    names(condition, &mut |name| {
        if !template.conditions.contains_key(name) {
            faults.add(format!(
                "Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
            ));
        }
    });
}

/// Names of the conditions that a condition refers to.
fn names<'v>(value: &'v Value, visit: &mut impl FnMut(&'v str)) {
    match value {
        Value::Object(map) => {
            if let (1, Some(Value::String(name))) = (map.len(), map.get("Condition")) {
                visit(name);
            }
            map.values().for_each(|value| names(value, visit));
        }
        Value::Array(list) => list.iter().for_each(|value| names(value, visit)),
        _ => {}
    }
}

/// Decides every condition.
pub(super) fn decide(
    template: &Template,
    resolver: &Resolver<'_>,
) -> Result<BTreeMap<String, bool>, Faults> {
    let mut deciding = Deciding {
        template,
        resolver,
        decided: BTreeMap::new(),
        open: Vec::new(),
    };
    let mut faults = Faults::default();
    for name in template.conditions.keys() {
        if let Err(fault) = deciding.named(name) {
            faults.add(fault);
        }
    }
    let decided = deciding.decided;
    faults.or(decided)
}

/// Whether one condition of its own holds, as rules have them.
pub(super) fn holds(
    template: &Template,
    resolver: &Resolver<'_>,
    value: &Value,
) -> Result<bool, String> {
    let mut deciding = Deciding {
        template,
        resolver,
        decided: BTreeMap::new(),
        open: Vec::new(),
    };
    deciding.expression(value)
}

struct Deciding<'a> {
    template: &'a Template,
    resolver: &'a Resolver<'a>,
    decided: BTreeMap<String, bool>,
    /// Conditions that wait for one another.
    open: Vec<String>,
}

impl Deciding<'_> {
    fn named(&mut self, name: &str) -> Result<bool, String> {
        if let Some(known) = self.decided.get(name) {
            return Ok(*known);
        }
        if self.open.iter().any(|open| open == name) {
            return Err(format!(
                "Template error: Found circular condition dependency between {}",
                self.open.join(" and ")
            ));
        }
        let template = self.template;
        let Some(expression) = template.conditions.get(name) else {
            return Err(format!(
                "Template error: unresolved condition dependency {name}"
            ));
        };
        self.open.push(name.to_owned());
        let holds = self.expression(expression);
        self.open.pop();
        let holds = holds?;
        self.decided.insert(name.to_owned(), holds);
        Ok(holds)
    }

    fn expression(&mut self, value: &Value) -> Result<bool, String> {
        let Value::Object(map) = value else {
            return match resolve::text_of(value).as_str() {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err("Template format error: Every Conditions member must be a function that gives true or false.".to_owned()),
            };
        };
        match map.iter().next() {
            Some((name, Value::String(other))) if name == "Condition" => self.named(other),
            Some((name, Value::Array(arguments))) if map.len() == 1 => self.function(name, arguments),
            _ => Err("Template format error: Conditions can only be boolean operations on parameters and other conditions".to_owned()),
        }
    }

    fn function(&mut self, name: &str, arguments: &[Value]) -> Result<bool, String> {
        match (name, arguments) {
            ("Fn::Not", [one]) => Ok(!self.expression(one)?),
            ("Fn::Not", _) => Err("Template error: Fn::Not requires a list argument with one function token as an element.".to_owned()),
            ("Fn::Equals", [left, right]) => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                Ok(left == right)
            }
            ("Fn::Equals", _) => Err("Template error: Fn::Equals requires a list argument with two string parameters.".to_owned()),
            ("Fn::And" | "Fn::Or", all) if !(2..=10).contains(&all.len()) => Err(format!(
                "Template error: every {name} object requires a list of at least 2 and at most 10 boolean parameters."
            )),
            ("Fn::And" | "Fn::Or", all) => {
                // All are looked at, so that a fault behind the first answer shows, too.
                let mut holds = Vec::new();
                for one in all {
                    holds.push(self.expression(one)?);
                }
                Ok(if name == "Fn::And" {
                    holds.iter().all(|holds| *holds)
                } else {
                    holds.iter().any(|holds| *holds)
                })
            }
            ("Fn::Contains", [list, one]) => {
                let (list, one) = (self.list(list)?, self.operand(one)?);
                Ok(list.contains(&one))
            }
            ("Fn::EachMemberEquals", [list, one]) => {
                let (list, one) = (self.list(list)?, self.operand(one)?);
                Ok(list.iter().all(|element| *element == one))
            }
            ("Fn::EachMemberIn", [list, set]) => {
                let (list, set) = (self.list(list)?, self.list(set)?);
                Ok(list.iter().all(|element| set.contains(element)))
            }
            _ => Err("Template format error: Conditions can only be boolean operations on parameters and other conditions".to_owned()),
        }
    }

    fn list(&mut self, value: &Value) -> Result<Vec<String>, String> {
        match self.resolver.value(value)? {
            Some(Value::Array(list)) => Ok(list.iter().map(resolve::text_of).collect()),
            _ => Err("Template error: a list of strings is expected in a rule".to_owned()),
        }
    }

    /// Operands are compared as text: `'true'` equals `true`.
    fn operand(&mut self, value: &Value) -> Result<String, String> {
        if let Value::Object(map) = value
            && let Some((name, _)) = map.iter().next()
            && map.len() == 1
            && (name == "Condition"
                || matches!(
                    name.as_str(),
                    "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not"
                ))
        {
            return Ok(self.expression(value)?.to_string());
        }
        if let Some(("Fn::If", argument)) = functions::call(value)
            && let Value::Array(parts) = argument
            && let [Value::String(name), yes, no] = parts.as_slice()
        {
            return if self.named(name)? {
                self.operand(yes)
            } else {
                self.operand(no)
            };
        }
        let value = self.resolver.value(value)?.unwrap_or_default();
        Ok(resolve::text_of(&value))
    }
}
