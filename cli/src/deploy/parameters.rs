//! Values for a template's parameters, checked before anything is called.
//!
//! Not all that CloudFormation checks: a type that names a resource of the account, such as a
//! subnet, is CloudFormation's to look up.

use std::collections::BTreeMap;

use regex::Regex;

use super::formats;
use super::template::{Parameter, Template};
use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::ui::{count, plain, suggest};

/// The values of `footwork.toml` and those of the command line, which come first.
pub fn given(source: &Source, arguments: &[String]) -> Vec<String> {
    let over = |key: &str| {
        let mut keys = arguments
            .iter()
            .filter_map(|argument| argument.split_once('='));
        keys.any(|(given, _)| given == key)
    };
    let settings = source
        .directory
        .iter()
        .flat_map(|one| &one.settings.parameters);
    let settings = settings.filter(|(key, _)| !over(key));
    let settings = settings.map(|(key, value)| format!("{key}={value}"));
    settings.chain(arguments.iter().cloned()).collect()
}

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
        let zone = zone(template, &values);
        let form = || formats::unmet(parameter.format.as_deref()?, value, zone);
        if let Some(wanted) = unmet(parameter, value).or_else(form) {
            faults.push(format!("`{key}` cannot be `{}`; {wanted}", plain(value)));
        }
    }
    for parameter in &template.parameters {
        let name = &parameter.name;
        if parameter.default.is_none() && !values.contains_key(name) && !kept.contains(name) {
            faults.push(format!("`{name}` needs a value: {}", parameter.description));
        }
    }
    // Of a value that the stack keeps only its name is known.
    let known = |name: &str| match values.get(name) {
        Some(value) => Some(value.as_str()),
        None if kept.iter().any(|kept| kept == name) => None,
        None => {
            let mut parameters = template.parameters.iter();
            parameters.find(|one| one.name == name)?.default.as_deref()
        }
    };
    let broken = template.rules.iter().filter_map(|rule| rule.broken(&known));
    faults.extend(broken.map(str::to_owned));
    if faults.is_empty() {
        return Ok(values);
    }
    let failure = Failure::new(format!(
        "the parameters have {}:\n  - {}",
        count(faults.len(), "fault"),
        faults.join("\n  - ")
    ));
    Err(failure
        .help("give values with `--param Key=value`, or in the footwork.toml of a directory"))
}

/// The time zone of the schedules, where one is given.
fn zone<'v>(template: &Template, values: &'v BTreeMap<String, String>) -> Option<&'v str> {
    let mut parameters = template.parameters.iter();
    let zone = parameters.find(|one| one.format.as_deref() == Some("time-zone"))?;
    values.get(&zone.name).map(String::as_str)
}

/// What a value does not meet, in words; the words of the template where it has them.
fn unmet(parameter: &Parameter, value: &str) -> Option<String> {
    if !parameter.allowed.is_empty() && !parameter.allowed.iter().any(|one| one == value) {
        return Some(format!("it is one of `{}`", parameter.allowed.join("`, `")));
    }
    let within = |size: f64, limits: (Option<f64>, Option<f64>)| {
        limits.0.is_none_or(|least| size >= least) && limits.1.is_none_or(|most| size <= most)
    };
    match parameter.kind.as_str() {
        "Number" => {
            let number = value
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite());
            if number.is_none_or(|number| !within(number, parameter.values)) {
                return Some(format!("it is a number{}", limits(parameter.values)));
            }
        }
        "String" => {
            let characters = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
            if !within(f64::from(characters), parameter.lengths) {
                return Some(format!("its length is{}", limits(parameter.lengths)));
            }
        }
        _ => return None,
    }
    let pattern = parameter.pattern.as_ref()?;
    // CloudFormation's regular expressions are Java's: one that is unknown here is left to it.
    let known = Regex::new(&format!("^(?:{pattern})$")).ok()?;
    if known.is_match(value) {
        return None;
    }
    let constraint = parameter.constraint.clone();
    Some(constraint.map_or_else(
        || format!("it matches {pattern}"),
        |words| format!("it {words}"),
    ))
}

fn limits(limits: (Option<f64>, Option<f64>)) -> String {
    match limits {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    }
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

    #[test]
    fn constraints_are_those_of_the_template() {
        let case = crate::catalogue::find("drift-detection").unwrap();
        let template = Template::parse(case.name, case.template).unwrap();
        for (given, fault) in [
            ("NoSuccessHours=abc", "it is a number from 1 to 168"),
            ("NoSuccessHours=0", "it is a number from 1 to 168"),
            ("LogRetentionDays=2", "it is one of `1`, `3`"),
            (
                "Schedule=daily",
                "it must be empty or an expression such as rate(1 day)",
            ),
            ("Schedule=x rate(1 day)", "it must be empty"),
            ("TimeZone=", "its length is of at least 1"),
        ] {
            let what = check(&template, &[given.to_owned()], &[]).unwrap_err().what;
            assert!(what.contains(fault), "{given}: {what}");
        }
        for given in [
            "Schedule=cron(0 6 ? * MON-FRI *)",
            "NoSuccessHours=24",
            "Schedule=",
        ] {
            assert!(
                check(&template, &[given.to_owned()], &[]).is_ok(),
                "{given}"
            );
        }
    }

    #[test]
    fn a_job_that_cannot_be_is_refused() {
        let case = crate::catalogue::find("fargate-job").unwrap();
        let template = Template::parse(case.name, case.template).unwrap();
        let given = [
            "Cpu=256",
            "Memory=8192",
            "Command=[python]",
            "Environment={\"A\": 1}",
            "Schedule=cron(0 3 31 2 ? *)",
            "SecondSchedule=cron(0 3 * * *)",
            "TimeZone=Europe/Berlim",
            "ScheduleInput={]}",
        ]
        .map(str::to_owned);
        let what = check(&template, &given, &[]).unwrap_err().what;
        for fault in [
            "8 faults",
            "`Command` cannot be `[python]`; it is an array of texts",
            "`Environment` cannot be",
            "`Schedule` cannot be `cron(0 3 31 2 ? *)`; it never comes",
            "`SecondSchedule` cannot be `cron(0 3 * * *)`; cron has six fields",
            "there is no such time zone",
            "`ScheduleInput` cannot be",
            "Image or TaskDefinition",
            "256 CPU units go with",
        ] {
            assert!(what.contains(fault), "{fault} in {what}");
        }
        // What the stack keeps is not known, and not needed again.
        let kept = ["Image", "TaskDefinition", "Cpu"].map(str::to_owned);
        assert!(check(&template, &["Memory=8192".to_owned()], &kept).is_ok());
        let image = ["Image=busybox", "Cpu=1024", "Memory=8192"].map(str::to_owned);
        assert!(check(&template, &image, &[]).is_ok());
    }
}
