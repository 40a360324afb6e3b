//! Values for a template's parameters, checked before anything is called.

use std::collections::BTreeMap;

use super::template::Template;
use crate::failure::{Failure, Result};
use crate::ui::{count, suggest};

/// Reads `Key=value` arguments and checks them against the template; every fault is listed.
///
/// Values that an existing deployment has already count as given.
pub fn check(
    template: &Template,
    given: &[String],
    kept: &[String],
) -> Result<BTreeMap<String, String>> {
    let mut faults = Vec::new();
    let mut values = BTreeMap::new();
    for argument in given {
        match argument.split_once('=') {
            Some((key, value)) => {
                if values.insert(key.to_owned(), value.to_owned()).is_some() {
                    faults.push(format!("`{key}` is given twice"));
                }
            }
            None => faults.push(format!("`{argument}` is not of the form Key=value")),
        }
    }
    for (key, value) in &values {
        let Some(parameter) = template.parameters.iter().find(|one| one.name == *key) else {
            let names = template.parameters.iter().map(|one| one.name.as_str());
            let near = suggest(key, names).map(|near| format!("; did you mean `{near}`?"));
            faults.push(format!(
                "there is no parameter `{key}`{}",
                near.unwrap_or_default()
            ));
            continue;
        };
        if !parameter.allowed.is_empty() && !parameter.allowed.contains(value) {
            let allowed = parameter.allowed.join("`, `");
            faults.push(format!(
                "`{key}` cannot be `{value}`; it is one of `{allowed}`"
            ));
        }
    }
    for parameter in &template.parameters {
        let name = &parameter.name;
        if parameter.required && !values.contains_key(name) && !kept.contains(name) {
            faults.push(format!("`{name}` needs a value: {}", parameter.description));
        }
    }
    if faults.is_empty() {
        return Ok(values);
    }
    let number = u64::try_from(faults.len()).unwrap_or(u64::MAX);
    let failure = Failure::new(format!(
        "the parameters have {}:\n  - {}",
        count(number, "fault"),
        faults.join("\n  - ")
    ));
    Err(failure.help("give values with `--param Key=value`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_listed() {
        let text = "Parameters:\n  Schedule: {Type: String, Default: ''}\n  Level: {Type: String, AllowedValues: [low]}\n  Image: {Type: String, Description: what to run}\n";
        let template = Template::parse("x", text).unwrap();
        let given = ["Shedule=1", "Level=high", "oops"].map(str::to_owned);
        let what = check(&template, &given, &[]).unwrap_err().what;
        for fault in [
            "4 faults",
            "did you mean `Schedule`",
            "one of `low`",
            "Key=value",
            "`Image` needs a value: what to run",
        ] {
            assert!(what.contains(fault), "{fault} in {what}");
        }
        let kept = ["Image".to_owned()];
        assert!(check(&template, &["Level=low".to_owned()], &kept).is_ok());
    }
}
