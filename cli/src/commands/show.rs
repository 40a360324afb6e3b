//! `footwork show`

use clap::Args;
use serde_json::{Value, json};

use crate::catalogue::{self, UseCase};
use crate::deploy::template::Template;
use crate::exit::Exit;
use crate::failure::Result;
use crate::ui::{Ui, entries};

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
    if let Some(file) = args.file {
        let text = match file {
            File::Definition => case.definition,
            File::Template => case.template,
            File::Schema => case.input_schema,
            File::Readme => case.readme,
        };
        ui.result(&json!(text), || text.to_owned());
        return Ok(Exit::Done);
    }
    let schema = case.schema();
    let template = Template::parse(case.name, case.template)?;
    let parameters = template.parameters.iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "type": parameter.kind,
            "default": parameter.default,
            "allowedValues": parameter.allowed,
            "description": parameter.description,
        })
    });
    let value = json!({
        "name": case.name,
        "summary": case.summary,
        "inputSchema": schema,
        "examples": case.examples.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "parameters": parameters.collect::<Value>(),
    });
    ui.result(&value, || overview(case, &schema, &template));
    Ok(Exit::Done)
}

fn overview(case: &UseCase, schema: &Value, template: &Template) -> String {
    let properties = schema.get("properties").and_then(Value::as_object);
    let input = properties.into_iter().flatten().map(|(name, property)| {
        let text = |key: &str| property.get(key).and_then(Value::as_str);
        let default = property.get("default").map(Value::to_string);
        let default = default.filter(|default| default.len() <= 40);
        let default = default.map(|default| format!(", default {default}"));
        let words = property.get("enum").and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        let words = words.collect::<Vec<_>>().join(" | ");
        let kind = text("type").unwrap_or(&words);
        (
            format!("{name} ({kind}{})", default.unwrap_or_default()),
            text("description").unwrap_or_default().to_owned(),
        )
    });
    let parameters = template.parameters.iter().map(|parameter| {
        let default = match parameter.default.as_deref() {
            None => ", needed".to_owned(),
            Some("") => String::new(),
            Some(default) => format!(", default {default}"),
        };
        let kind = parameter.kind.to_lowercase();
        (
            format!("{} ({kind}{default})", parameter.name),
            parameter.description.clone(),
        )
    });
    let examples: Vec<_> = case.examples.iter().map(|(name, _)| *name).collect();
    format!(
        "{name}: {summary}\n\n\
         input of a run (--input)\n{input}\n\n\
         examples: {examples}\n\n\
         parameters of a deployment (--param)\n{parameters}\n\n\
         footwork demo {name}              see it at work, here and now\n\
         footwork deploy {name} --local    deploy it on this machine\n\
         footwork deploy {name}            deploy it to AWS\n\
         footwork show {name} --file readme",
        name = case.name,
        summary = case.summary,
        input = entries(input),
        parameters = entries(parameters),
        examples = examples.join(", "),
    )
}
