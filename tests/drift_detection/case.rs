//! A case: stacks to deploy, changes to make behind CloudFormation's back, differences to find.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use harness::{House, Python};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case is about.
    pub(crate) about: String,
    /// In order of deployment.
    pub(crate) stacks: Vec<Stack>,
    /// AWS CLI calls. `{stack/LogicalId}` stands for a physical id, `{stack/LogicalId:name}` for
    /// the name at the end of an ARN.
    changes: Vec<Vec<String>>,
    /// All differences that must be reported; none other may be.
    differences: Vec<Difference>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stack {
    pub(crate) name: String,
    /// Below the folder of real templates.
    template: String,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

/// A difference as the report tells it. Documents are compared by what they say, not by how they
/// are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Difference {
    pub(crate) stack: String,
    pub(crate) logical_id: String,
    /// Absent for a deleted resource.
    pub(crate) path: Option<String>,
    pub(crate) difference: String,
    /// Absent for what was added.
    pub(crate) expected: Option<String>,
    /// Absent for what was removed.
    pub(crate) actual: Option<String>,
}

impl Difference {
    fn filled(&self, ids: &Ids) -> Self {
        let document = |text: &Option<String>| text.as_ref().map(|text| ids.fill(text));
        Self {
            expected: document(&self.expected),
            actual: document(&self.actual),
            ..self.clone()
        }
        .settled()
    }

    /// With its documents in one form.
    pub(crate) fn settled(mut self) -> Self {
        for text in [&mut self.expected, &mut self.actual].into_iter().flatten() {
            if let Ok(document @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text)
            {
                *text = sorted(document).to_string();
            }
        }
        self
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let members: BTreeMap<_, _> = map
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            members.into_iter().collect()
        }
        Value::Array(list) => list.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// Physical ids by placeholder.
#[derive(Debug, Default)]
pub(crate) struct Ids(BTreeMap<String, String>);

impl Ids {
    fn fill(&self, word: &str) -> String {
        let filled = self
            .0
            .iter()
            .fold(word.to_owned(), |word, (placeholder, id)| {
                word.replace(placeholder, id)
            });
        let left = self.0.keys().filter_map(|one| one.split_once('/'));
        for (stack, _) in left {
            assert!(
                !filled.contains(&format!("{stack}/")),
                "no such resource: {filled}"
            );
        }
        filled
    }
}

impl Case {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Creates the stacks. (`aws cloudformation deploy` does the same, but looks only every five
    /// seconds whether a stack is done.)
    pub(crate) fn deploy(&self, house: &House, python: &Python, templates: &Path) -> Ids {
        let mut ids = Ids::default();
        for stack in &self.stacks {
            let template = format!("file://{}", templates.join(&stack.template).display());
            let parameters = stack.parameters.iter();
            let parameters: Vec<_> = parameters
                .map(|(key, value)| format!("ParameterKey={key},ParameterValue={value}"))
                .collect();
            let mut arguments = vec![
                "cloudformation",
                "create-stack",
                "--stack-name",
                &stack.name,
            ];
            arguments.extend(["--template-body", &template]);
            arguments.extend(["--capabilities", "CAPABILITY_NAMED_IAM", "--parameters"]);
            arguments.extend(parameters.iter().map(String::as_str));
            house.aws(python, &arguments);
            let ask = |what| {
                house.aws(
                    python,
                    &["cloudformation", what, "--stack-name", &stack.name],
                )
            };
            let status = loop {
                let described = ask("describe-stacks");
                let status = described["Stacks"][0]["StackStatus"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                if !status.ends_with("_IN_PROGRESS") {
                    break status;
                }
            };
            if status != "CREATE_COMPLETE" {
                panic!("{}: {:#}", stack.template, ask("describe-stack-events"));
            }
            let resources = ask("describe-stack-resources");
            for resource in resources["StackResources"].as_array().unwrap() {
                let text = |member: &str| resource[member].as_str().unwrap_or_default().to_owned();
                let (logical, physical) = (text("LogicalResourceId"), text("PhysicalResourceId"));
                let name = physical.rsplit(':').next().unwrap().to_owned();
                ids.0
                    .insert(format!("{{{}/{logical}}}", stack.name), physical);
                ids.0
                    .insert(format!("{{{}/{logical}:name}}", stack.name), name);
            }
        }
        ids
    }

    pub(crate) fn change(&self, house: &House, python: &Python, ids: &Ids) {
        for change in &self.changes {
            let words: Vec<_> = change.iter().map(|word| ids.fill(word)).collect();
            house.aws(
                python,
                &words.iter().map(String::as_str).collect::<Vec<_>>(),
            );
        }
    }

    pub(crate) fn expected(&self, ids: &Ids) -> BTreeSet<Difference> {
        let differences = self.differences.iter();
        differences
            .map(|difference| difference.filled(ids))
            .collect()
    }
}
