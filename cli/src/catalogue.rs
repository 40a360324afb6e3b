//! The use cases that ship with the program.

use crate::failure::{Failure, Result};
use crate::ui::{plain, suggest};

/// A ready-made workflow with everything that belongs to it.
#[derive(Debug)]
pub struct UseCase {
    /// The name, the same in every folder.
    pub name: &'static str,
    /// One line for the list.
    pub summary: &'static str,
    /// The state machine in Amazon States Language.
    pub definition: &'static str,
    /// JSON Schema of the input.
    pub input_schema: &'static str,
    /// The story: what it does, how it fails, what it costs.
    pub readme: &'static str,
    /// The CloudFormation template.
    pub template: &'static str,
    /// Inputs that run as they stand: name and JSON text.
    pub examples: &'static [(&'static str, &'static str)],
    /// JSON pointer to the number in the output that `--fail` looks at.
    pub findings: &'static str,
    /// JSON pointers to the numbers in the output of what could not be looked at, for `--strict`.
    pub holes: &'static [&'static str],
    /// Output of the stack that names the table with the history of runs, where there is one.
    pub history: Option<&'static str>,
}

macro_rules! house {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../", $path))
    };
}

/// All use cases, by name.
pub const USE_CASES: &[UseCase] = &[
    UseCase {
        name: "drift-detection",
        summary: "finds what was changed behind CloudFormation's back, in all stacks, and reports it",
        definition: house!("workflows/drift-detection/workflow.asl.json"),
        input_schema: house!("workflows/drift-detection/input.schema.json"),
        readme: house!("workflows/drift-detection/README.md"),
        template: house!("templates/drift-detection.yaml"),
        examples: &[
            (
                "all-stacks",
                house!("workflows/drift-detection/examples/all-stacks.json"),
            ),
            (
                "gate",
                house!("workflows/drift-detection/examples/gate.json"),
            ),
            (
                "production",
                house!("workflows/drift-detection/examples/production.json"),
            ),
        ],
        findings: "/drifted",
        holes: &[
            "/failed",
            "/notCovered",
            "/warnings",
            "/coverage/notChecked",
            "/coverage/failed",
        ],
        history: None,
    },
    UseCase {
        name: "fargate-job",
        summary: "runs a container in Fargate, once, on a schedule or on an event, and not twice at a time",
        definition: house!("workflows/fargate-job/workflow.asl.json"),
        input_schema: house!("workflows/fargate-job/input.schema.json"),
        readme: house!("workflows/fargate-job/README.md"),
        template: house!("templates/fargate-job.yaml"),
        examples: &[
            ("array", house!("workflows/fargate-job/examples/array.json")),
            ("big", house!("workflows/fargate-job/examples/big.json")),
            ("queue", house!("workflows/fargate-job/examples/queue.json")),
        ],
        findings: "/array/failed",
        holes: &[],
        history: Some("TableName"),
    },
];

/// The template of the stack that holds deployment artifacts.
pub const BOOTSTRAP_TEMPLATE: &str = house!("templates/bootstrap.yaml");

/// Finds a use case by its name.
pub fn find(name: &str) -> Result<&'static UseCase> {
    let found = USE_CASES.iter().find(|use_case| use_case.name == name);
    found.ok_or_else(|| {
        let names = USE_CASES.iter().map(|use_case| use_case.name);
        let failure = Failure::new(format!("there is no workflow `{}`", plain(name)));
        match suggest(name, names) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`footwork list` shows all workflows"),
        }
    })
}
