//! The input of a run: where it comes from, and whether it fits the workflow's schema.

mod flags;
mod schema;

use std::io::Read;
use std::time::Duration;

use boon::{Compiler, Schemas};
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::ui::{Mark, Ui, plain};

pub use flags::InputArgs;

/// Bytes of an input at the most (Step Functions quota).
const LARGEST: usize = 262_144;

/// The input that flags make up, checked.
pub fn prepare(args: &InputArgs, source: Option<&Source>, ui: &Ui) -> Result<String> {
    let text = read(args.input.as_deref(), source, ui)?;
    let mut value: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("the input is not JSON: {error}")))?;
    let given = value.clone();
    args.apply(&mut value, source)?;
    // An input without flags goes out as it was written.
    let text = if value == given {
        text
    } else {
        value.to_string()
    };
    if let Some(source) = source {
        check(&text, source)?;
    }
    Ok(text)
}

/// Reads a duration such as `90s`, `30m` or `1h 30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let duration = text.parse::<jiff::SignedDuration>().ok();
    let duration = duration.and_then(|duration| Duration::try_from(duration).ok());
    duration.ok_or_else(|| "say it like `90s`, `30m` or `1h 30m`".to_owned())
}

/// The text of a file; `-` is stdin.
fn text_of(file: &str) -> std::io::Result<String> {
    if file != "-" {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// Reads an input: JSON text, `-` for stdin, a file, or an example of the workflow.
///
/// An example is named by its name or its place beside the workflow, and only that: a path that leads
/// nowhere is a fault, whatever its last part is called.
pub fn read(given: Option<&str>, source: Option<&Source>, ui: &Ui) -> Result<String> {
    let Some(given) = given else {
        return Ok("{}".to_owned());
    };
    if given.trim_start().starts_with(['{', '[']) {
        return Ok(given.to_owned());
    }
    if given == "-" {
        return text_of(given).map_err(|error| Failure::io("read the input from stdin", &error));
    }
    match (text_of(given), example(given, source)) {
        (Ok(text), _) => Ok(text),
        (Err(_), Some((name, text))) => {
            ui.mark(
                Mark::Note,
                format!("input: the example `{name}` of the workflow"),
            );
            Ok(text.to_owned())
        }
        (Err(error), None) => Err({
            let failure = Failure::io(format!("read the input `{given}`"), &error);
            let examples = source.into_iter().flat_map(|source| &source.examples);
            let names: Vec<_> = examples.map(|(name, _)| name.as_str()).collect();
            let mut help = "give JSON, a file, or `-` for stdin".to_owned();
            if !names.is_empty() {
                help = format!("{help}, or one of the examples: {}", names.join(", "));
            }
            failure.help(help)
        }),
    }
}

fn example<'a>(given: &str, source: Option<&'a Source>) -> Option<(&'a str, &'a str)> {
    let source = source?;
    let home = format!("workflows/{}/", source.workflow);
    let given = given.strip_prefix("./").unwrap_or(given);
    let given = given.strip_prefix(&home).unwrap_or(given);
    let given = given.strip_prefix("examples/").unwrap_or(given);
    let wanted = given.strip_suffix(".json").unwrap_or(given);
    let found = source.examples.iter().find(|(name, _)| name == wanted);
    found.map(|(name, text)| (name.as_str(), text.as_ref()))
}

/// Checks an input against the workflow's schema; every fault is listed.
pub fn check(text: &str, source: &Source) -> Result<Value> {
    if text.len() > LARGEST {
        return Err(Failure::new(format!(
            "the input has {} bytes; Step Functions takes {LARGEST} at the most",
            text.len()
        )));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the input is not JSON: {error}")))?;
    let faults = faults(&value, source)?;
    if faults.is_empty() {
        return Ok(value);
    }
    Err(Failure::new(format!(
        "the input does not fit {}:\n  - {}",
        source.workflow,
        faults.join("\n  - ")
    ))
    .help(format!(
        "`footwork show {}` describes the input",
        source.named()
    )))
}

fn faults(value: &Value, source: &Source) -> Result<Vec<String>> {
    let Some(schema) = &source.input_schema else {
        return Ok(Vec::new());
    };
    let broken = |error: String| {
        Failure::new(format!(
            "the input schema of {} is broken: {error}",
            source.workflow
        ))
    };
    let schema = serde_json::from_str(schema).map_err(|error| broken(error.to_string()))?;
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    let name = "input.schema.json";
    compiler
        .add_resource(name, schema)
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
        faults.push(plain(&format!("{place}: {}", error.kind)));
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
        let case = &Source::find("drift-detection", None).unwrap();
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
    fn only_an_example_is_taken_for_one() {
        let case = &Source::find("drift-detection", None).unwrap();
        let read = |given| read(Some(given), Some(case), &Ui::quiet());
        for given in [
            "gate",
            "gate.json",
            "examples/gate.json",
            "./workflows/drift-detection/examples/gate.json",
        ] {
            assert!(read(given).unwrap().contains("shop-*"), "{given}");
        }
        for given in ["inputs/gate.json", "/nowhere/gate.json", "../gate", ""] {
            assert!(
                read(given).unwrap_err().what.contains("cannot read"),
                "{given}"
            );
        }
    }

    #[test]
    fn a_large_input_is_refused_without_being_repeated() {
        let case = &Source::find("drift-detection", None).unwrap();
        let text = format!(r#"{{"tags": {{"a": "{}"}}}}"#, "x".repeat(300_000));
        let what = check(&text, case).unwrap_err().what;
        assert!(what.contains("262144") && what.len() < 200, "{what}");
    }

    #[test]
    fn every_example_fits() {
        for case in catalogue::USE_CASES {
            for (name, text) in case.examples {
                if let Err(fault) = check(text, &case.into()) {
                    panic!("{} {name}: {fault}", case.name);
                }
            }
        }
    }
}
