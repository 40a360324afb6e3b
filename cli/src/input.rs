//! The input of a run: where it comes from, and whether it fits the workflow's schema.

use std::io::Read;
use std::path::Path;

use boon::{Compiler, Schemas};
use serde_json::Value;

use crate::catalogue::UseCase;
use crate::failure::{Failure, Result};

/// Reads an input: JSON text, `-` for stdin, a file, or an example that ships with the workflow.
pub fn read(given: Option<&str>, use_case: Option<&UseCase>) -> Result<String> {
    let Some(given) = given else {
        return Ok("{}".to_owned());
    };
    if given.trim_start().starts_with(['{', '[']) {
        return Ok(given.to_owned());
    }
    if given == "-" {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::io("read the input from stdin", &error))?;
        return Ok(text);
    }
    match std::fs::read_to_string(given) {
        Ok(text) => Ok(text),
        Err(error) => shipped(given, use_case).ok_or_else(|| {
            let failure = Failure::io(format!("read the input `{given}`"), &error);
            let names = use_case
                .into_iter()
                .flat_map(|case| case.examples)
                .map(|(name, _)| *name);
            let names = names.collect::<Vec<_>>().join(", ");
            failure.help(format!(
                "give JSON, a file, `-` for stdin, or one of the examples: {names}"
            ))
        }),
    }
}

fn shipped(given: &str, use_case: Option<&UseCase>) -> Option<String> {
    let wanted = Path::new(given).file_stem()?.to_str()?;
    let found = use_case?
        .examples
        .iter()
        .find(|(name, _)| *name == wanted)?;
    Some(found.1.to_owned())
}

/// Checks an input against the workflow's schema; every fault is listed.
pub fn check(text: &str, use_case: &UseCase) -> Result<Value> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the input is not JSON: {error}")))?;
    let faults = faults(&value, use_case)?;
    if faults.is_empty() {
        return Ok(value);
    }
    Err(Failure::new(format!(
        "the input does not fit {}:\n  - {}",
        use_case.name,
        faults.join("\n  - ")
    ))
    .help(format!(
        "`footwork show {}` describes the input",
        use_case.name
    )))
}

fn faults(value: &Value, use_case: &UseCase) -> Result<Vec<String>> {
    let broken = |error: String| {
        Failure::new(format!(
            "the input schema of {} is broken: {error}",
            use_case.name
        ))
    };
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    let name = "input.schema.json";
    compiler
        .add_resource(name, use_case.schema())
        .map_err(|error| broken(error.to_string()))?;
    let schema = compiler
        .compile(name, &mut schemas)
        .map_err(|error| broken(error.to_string()))?;
    let Err(error) = schemas.validate(value, schema) else {
        return Ok(Vec::new());
    };
    let mut faults = Vec::new();
    collect(&error, &mut faults);
    Ok(faults)
}

/// The leaves of the tree of faults; what stands above them says only where they are.
fn collect(error: &boon::ValidationError<'_, '_>, faults: &mut Vec<String>) {
    if error.causes.is_empty() {
        let place = error.instance_location.to_string();
        let place = if place.is_empty() {
            "the input".to_owned()
        } else {
            format!("`{place}`")
        };
        faults.push(format!("{place}: {}", error.kind));
    }
    for cause in &error.causes {
        collect(cause, faults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn every_fault_is_listed() {
        let case = catalogue::find("drift-detection").unwrap();
        let what = check(r#"{"maxConcurrency": -1, "maxConcurency": 3}"#, case)
            .unwrap_err()
            .what;
        assert!(
            what.contains("maxConcurrency") && what.contains("maxConcurency"),
            "{what}"
        );
        assert!(check("{}", case).is_ok());
    }

    #[test]
    fn every_example_fits() {
        for case in catalogue::USE_CASES {
            for (name, text) in case.examples {
                if let Err(fault) = check(text, case) {
                    panic!("{} {name}: {fault}", case.name);
                }
            }
        }
    }
}
