//! `footwork show`

use clap::Args;
use serde_json::{Value, json};

use crate::catalogue::{self, UseCase};
use crate::exit::Exit;
use crate::failure::Result;
use crate::ui::{Ui, table};

/// Shows a workflow: what it does, its input, its files.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Name of the workflow
    workflow: String,
    /// Print one of its files as it is
    #[arg(long, value_enum)]
    file: Option<File>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum File {
    /// The state machine
    Definition,
    /// The CloudFormation template
    Template,
    /// JSON Schema of the input
    Schema,
    /// The story
    Readme,
}

pub(super) fn run(args: &ShowArgs, ui: &Ui) -> Result<Exit> {
    let case = catalogue::find(&args.workflow)?;
    let schema = case.schema();
    let value = json!({
        "name": case.name,
        "summary": case.summary,
        "inputSchema": schema,
        "examples": case.examples.iter().map(|(name, _)| name).collect::<Vec<_>>(),
    });
    ui.result(&value, || match args.file {
        Some(File::Definition) => case.definition.to_owned(),
        Some(File::Template) => case.template.to_owned(),
        Some(File::Schema) => case.input_schema.to_owned(),
        Some(File::Readme) => case.readme.to_owned(),
        None => overview(case, &schema),
    });
    Ok(Exit::Done)
}

fn overview(case: &UseCase, schema: &Value) -> String {
    let properties = schema.get("properties").and_then(Value::as_object);
    let rows = properties.into_iter().flatten().map(|(name, property)| {
        let text = |key: &str| {
            property
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let default = property
            .get("default")
            .map(Value::to_string)
            .unwrap_or_default();
        [
            name.clone(),
            text("type").to_owned(),
            default,
            text("description").to_owned(),
        ]
    });
    let input = table(["INPUT", "TYPE", "DEFAULT", "MEANING"], rows);
    let examples: Vec<_> = case.examples.iter().map(|(name, _)| *name).collect();
    format!(
        "{name}: {summary}\n\n{input}\n\nexample inputs: {examples}\n\n\
         footwork demo {name}              see it at work, here and now\n\
         footwork deploy {name} --local    deploy it on this machine\n\
         footwork deploy {name}            deploy it to AWS\n\
         footwork show {name} --file readme",
        name = case.name,
        summary = case.summary,
        examples = examples.join(", "),
    )
}
