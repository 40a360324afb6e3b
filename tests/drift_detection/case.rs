//! A case: stacks to deploy, changes to make behind CloudFormation's back, differences to find.

use std::collections::BTreeMap;
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
    /// AWS CLI calls. `{stack/LogicalId}` stands for a physical id.
    pub(crate) changes: Vec<Vec<String>>,
    /// All differences that must be reported; none other may be.
    pub(crate) differences: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stack {
    pub(crate) name: String,
    /// Below the folder of real templates.
    pub(crate) template: String,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Case {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn deploy(&self, house: &House, python: &Python, templates: &Path) {
        for stack in &self.stacks {
            let template = templates.join(&stack.template);
            let template = template.to_str().unwrap();
            let mut arguments = vec!["cloudformation", "deploy", "--stack-name", &stack.name];
            arguments.extend([
                "--template-file",
                template,
                "--capabilities",
                "CAPABILITY_NAMED_IAM",
            ]);
            // The AWS CLI asks every five seconds until a stack is done; creating one and looking
            // when it is asked for is quicker.
            let values: Vec<_> = stack
                .parameters
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            if !values.is_empty() {
                arguments.push("--parameter-overrides");
                arguments.extend(values.iter().map(String::as_str));
            }
            house.aws(python, &arguments);
        }
    }

    pub(crate) fn change(&self, house: &House, python: &Python) {
        for change in &self.changes {
            let words: Vec<_> = change
                .iter()
                .map(|word| self.fill(word, house, python))
                .collect();
            house.aws(
                python,
                &words.iter().map(String::as_str).collect::<Vec<_>>(),
            );
        }
    }

    /// Puts physical ids in place of `{stack/LogicalId}`.
    fn fill(&self, word: &str, house: &House, python: &Python) -> String {
        let mut filled = word.to_owned();
        for stack in &self.stacks {
            let head = format!("{{{}/", stack.name);
            while let Some(start) = filled.find(&head) {
                let end = start + filled[start..].find('}').unwrap();
                let logical_id = filled[start + head.len()..end].to_owned();
                let arguments = [
                    "cloudformation",
                    "describe-stack-resource",
                    "--stack-name",
                    &stack.name,
                ];
                let found = house.aws(
                    python,
                    &[&arguments[..], &["--logical-resource-id", &logical_id]].concat(),
                );
                let physical = found["StackResourceDetail"]["PhysicalResourceId"]
                    .as_str()
                    .unwrap();
                filled.replace_range(start..=end, physical);
            }
        }
        filled
    }
}
