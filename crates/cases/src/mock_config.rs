//! `MockConfigFile.json` of AWS's Step Functions Local, read as it is
//! (<https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>).
//!
//! It names state machines, not files: the definition of `Orders` is looked for beside it, as
//! `Orders.asl.json`, `Orders.json` or `Orders/workflow.asl.json`. It expects nothing; what is
//! expected of its cases can stand in `MockConfigFile.expected/<state machine>.<case>.json`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::case::{Case, Settings};
use crate::fault::{self, Fault};
use crate::find::Suite;
use crate::workflow::Workflow;
use crate::world::World;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct MockConfig {
    state_machines: BTreeMap<String, Machine>,
    #[serde(default)]
    mocked_responses: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Machine {
    /// Name of the case, then of the state, then of the response.
    test_cases: BTreeMap<String, BTreeMap<String, String>>,
}

/// Whether a file is one: by its name, whatever stands before its ending.
pub(crate) fn is_one(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("MockConfig") && name.ends_with(".json")
}

/// A suite for each state machine that it names; or everything that is wrong with it.
pub(crate) fn suites(path: &Path) -> Result<Vec<Suite>, Vec<Fault>> {
    let text = fault::read(path).map_err(|fault| vec![fault])?;
    let config: MockConfig =
        serde_json::from_str(&text).map_err(|error| vec![Fault::new(path, error)])?;
    let (mut suites, mut faults) = (Vec::new(), Vec::new());
    for (name, machine) in &config.state_machines {
        let workflow = definition(path, name).and_then(|file| Workflow::read(&file));
        let workflow = match workflow {
            Ok(workflow) => workflow,
            Err(more) => {
                faults.extend(more);
                continue;
            }
        };
        let mut cases = Vec::new();
        for (case, states) in &machine.test_cases {
            match read(path, &config, name, case, states) {
                Ok(case) => cases.push(case),
                Err(more) => faults.extend(more),
            }
        }
        suites.push(Suite { workflow, cases });
    }
    if faults.is_empty() {
        Ok(suites)
    } else {
        Err(faults)
    }
}

fn read(
    path: &Path,
    config: &MockConfig,
    machine: &str,
    name: &str,
    states: &BTreeMap<String, String>,
) -> Result<Case, Vec<Fault>> {
    let mut world = World::default();
    let mut faults = Vec::new();
    for (state, response) in states {
        let place = format!("{machine}, {name}, `{state}`");
        match config.mocked_responses.get(response) {
            None => faults.push(format!("{place}: there is no response `{response}`")),
            Some(value) => {
                if let Err(more) = world.add(state, value) {
                    faults.extend(more.into_iter().map(|fault| format!("{response}: {fault}")));
                }
            }
        }
    }
    let stem = path.with_extension("expected");
    let expected_file = stem.join(format!("{machine}.{name}.json"));
    let expected = fault::read_if_there(&expected_file).map_err(|fault| vec![fault])?;
    let expected = expected.map(|text| serde_json::from_str(&text));
    let expected = expected
        .transpose()
        .map_err(|error| vec![Fault::new(&expected_file, error)])?;
    if !faults.is_empty() {
        return Err(faults
            .into_iter()
            .map(|fault| Fault::new(path, fault))
            .collect());
    }
    Ok(Case {
        name: name.to_owned(),
        path: path.to_owned(),
        expected_file,
        settings: Settings::default(),
        input: "{}".to_owned(),
        world,
        expected,
    })
}

fn definition(path: &Path, name: &str) -> Result<PathBuf, Vec<Fault>> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let names = [
        format!("{name}.asl.json"),
        format!("{name}.json"),
        format!("{name}/workflow.asl.json"),
    ];
    let found = names.iter().map(|name| folder.join(name));
    found
        .into_iter()
        .find(|file| file.is_file())
        .ok_or_else(|| {
            let message = format!(
                "the definition of `{name}` is not beside it: neither {}",
                names.join(" nor ")
            );
            vec![Fault::new(path, message)]
        })
}
