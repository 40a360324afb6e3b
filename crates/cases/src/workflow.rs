//! A definition, ready to be played.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl::{Severity, StateMachine};
use serde_json::{Map, Value, json};

use crate::coverage;
use crate::fault::{self, Fault};

/// A state machine and the file that it is from.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// The file.
    pub file: PathBuf,
    /// The name of the state machine: that of the folder for `workflow.asl.json`, else that of the
    /// file.
    pub name: String,
    /// The definition, substitutions made.
    pub definition: Value,
    pub(crate) machine: Arc<StateMachine>,
}

impl Workflow {
    /// Reads a definition. Substitutions (`${Name}`) take their values from
    /// `cases/substitutions.json` beside it; those that it does not name stand for their name in
    /// lower case: `report-bucket` for `${ReportBucket}`.
    pub fn read(file: &Path) -> Result<Self, Vec<Fault>> {
        Self::of(file, &fault::read_if_there)
    }

    /// Takes the files from somebody who has them.
    pub(crate) fn of(
        file: &Path,
        read_if_there: &impl Fn(&Path) -> Result<Option<String>, Fault>,
    ) -> Result<Self, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let text = read_if_there(file).map_err(one)?;
        let text = text.ok_or_else(|| vec![Fault::new(file, "there is no such file")])?;
        let text = as_json(file, text).map_err(one)?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let known = folder.join("cases/substitutions.json");
        let text_of_known = read_if_there(&known).map_err(one)?;
        let known = substitutions(&known, text_of_known).map_err(one)?;
        Self::parse(file, &name(file), &substitute(&text, &known))
    }

    /// Takes the text of a definition without substitutions.
    pub fn parse(file: &Path, name: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let (machine, diagnostics) = StateMachine::parse_with(text, integrations::apis());
        let (Some(machine), Ok(definition)) = (machine, serde_json::from_str(text)) else {
            let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
            let faults = errors.map(|error| Fault::new(file, error));
            return Err(faults.collect());
        };
        Ok(Self {
            file: file.to_owned(),
            name: name.to_owned(),
            definition,
            machine,
        })
    }
}

/// A workflow that is one state of another: the states that it leads to only end it. A state before
/// it sets variables, if there are any.
pub(crate) fn alone(
    workflow: &Workflow,
    state: &str,
    variables: &Map<String, Value>,
) -> Result<Workflow, String> {
    let mut all = coverage::states(&workflow.definition).into_iter();
    let Some((_, body)) = all.find(|(name, _)| *name == state) else {
        return Err(format!("`state`: the definition has no state `{state}`"));
    };
    let mut states = Map::new();
    let set = "Set variables of the case";
    if !variables.is_empty() {
        let assign = json!({
            "Type": "Pass", "QueryLanguage": "JSONata", "Assign": variables, "Next": state,
        });
        states.insert(set.to_owned(), assign);
    }
    states.insert(state.to_owned(), body.clone());
    for next in coverage::leads_to(body) {
        let end = || json!({ "Type": "Succeed" });
        states.entry(next).or_insert_with(end);
    }
    let mut definition = json!({
        "StartAt": if variables.is_empty() { state } else { set },
        "States": states,
    });
    if let Some(language) = workflow.definition.get("QueryLanguage") {
        definition["QueryLanguage"] = language.clone();
    }
    let alone = Workflow::parse(&workflow.file, &workflow.name, &definition.to_string());
    alone.map_err(|faults| {
        let faults: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        format!("`{state}` cannot stand alone: {}", faults.join("; "))
    })
}

/// The text of a definition in JSON, whatever it is written in.
fn as_json(file: &Path, text: String) -> Result<String, Fault> {
    let ending = file.extension().and_then(|ending| ending.to_str());
    if !matches!(ending, Some("yaml" | "yml")) {
        return match document::json::read(&text) {
            Ok(_) => Ok(text),
            Err(fault) => Err(Fault::new(file, fault.placed(&text))),
        };
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let wrong = |at, what: String| {
        let (line, column) = document::line_and_column(text, at);
        Fault::new(file, format!("line {line}, column {column}: {what}"))
    };
    let read = document::yaml::read(text, document::Scalars::Core);
    let node = read.map_err(|fault| wrong(fault.at, fault.message))?;
    if let Some((_, member)) = node.duplicates().first() {
        let what = format!("the key `{}` is there twice", member.key);
        return Err(wrong(member.key_span.start, what));
    }
    match node.tagged() {
        Some(tagged) => {
            let what = "a tag has no meaning in a definition".to_owned();
            Err(wrong(tagged.span.start, what))
        }
        None => Ok(node.to_value().to_string()),
    }
}

fn name(file: &Path) -> String {
    let of = |path: Option<&std::ffi::OsStr>| path.map(|name| name.to_string_lossy().into_owned());
    let own = of(file.file_name()).unwrap_or_default();
    let stem = own.split('.').next().unwrap_or_default();
    if stem == "workflow" {
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        if let Some(folder) = of(whole.parent().and_then(Path::file_name)) {
            return folder;
        }
    }
    stem.to_owned()
}

fn substitutions(file: &Path, text: Option<String>) -> Result<BTreeMap<String, String>, Fault> {
    let Some(text) = text else {
        return Ok(BTreeMap::new());
    };
    serde_json::from_str(&text).map_err(|error| {
        Fault::new(
            file,
            format!("{error}; it must be an object of names and texts"),
        )
    })
}

/// Puts a value in place of every `${Name}`. What else follows `${` is left alone: JSONata groups
/// with it.
fn substitute(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split_once('}').filter(|(name, _)| is_name(name));
        let Some((name, rest)) = name else {
            filled.push_str("${");
            filled.push_str(part);
            continue;
        };
        match known.get(name) {
            // It lands within a JSON string.
            Some(value) => {
                let value = Value::from(value.as_str()).to_string();
                filled.push_str(value.get(1..value.len() - 1).unwrap_or_default());
            }
            None => filled.push_str(&lower(name)),
        }
        filled.push_str(rest);
    }
    filled
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.:".contains(c))
}

/// `report-bucket` for `ReportBucket`.
fn lower(name: &str) -> String {
    let mut lower = String::with_capacity(name.len() + 4);
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            lower.push('-');
        }
        lower.extend(letter.to_lowercase());
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitutions_are_names_and_nothing_else() {
        let known = BTreeMap::from([("Table".to_owned(), "a\"b".to_owned())]);
        let text = r#"{"x": "${Table} ${ReportBucket} {% ${'k': 1} %} ${"}"#;
        let filled = r#"{"x": "a\"b report-bucket {% ${'k': 1} %} ${"}"#;
        assert_eq!(substitute(text, &known), filled);
    }

    #[test]
    fn a_workflow_is_named_after_its_folder_or_file() {
        assert_eq!(
            name(Path::new("workflows/orders/workflow.asl.json")),
            "orders"
        );
        assert_eq!(name(Path::new("x/refund.asl.json")), "refund");
    }
}
