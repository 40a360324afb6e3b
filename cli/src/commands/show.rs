//! `footwork show`

use clap::Args;
use serde_json::{Value, json};

use crate::deploy::template::Template;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::ui::{Ui, entries};

/// Shows a workflow: what it does, its input, its files.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Name of a shipped workflow, or a directory with one
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
    let source = Source::find(&args.workflow, None)?;
    let schema = source.input_schema.as_deref();
    if let Some(file) = args.file {
        let definition = source.definition()?;
        let text = match file {
            File::Definition => &definition,
            File::Template => source.template.as_ref(),
            File::Schema => schema.ok_or_else(|| Failure::new("there is no input schema"))?,
            File::Readme => source.readme.as_ref(),
        };
        ui.result(&json!(text), || text.to_owned());
        return Ok(Exit::Done);
    }
    let schema = schema.map(serde_json::from_str).transpose();
    let schema: Option<Value> = schema
        .map_err(|error| Failure::new(format!("the input schema cannot be read: {error}")))?;
    let schema = schema.unwrap_or_default();
    let template = Template::parse(&source.workflow, &source.template)?;
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
        "name": source.deployment,
        "workflow": source.workflow,
        "summary": source.summary,
        "inputSchema": schema,
        "examples": source.examples.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "parameters": parameters.collect::<Value>(),
    });
    ui.result(&value, || overview(&source, &schema, &template));
    Ok(Exit::Done)
}

fn overview(source: &Source, schema: &Value, template: &Template) -> String {
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
    let examples: Vec<_> = source
        .examples
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let named = source.named();
    let first = match &source.directory {
        None => format!("footwork demo {named}              see it at work, here and now"),
        Some(_) => format!("footwork test {named}              play its cases"),
    };
    format!(
        "{name}: {summary}\n\n\
         input of a run (--input)\n{input}\n\n\
         examples: {examples}\n\n\
         parameters of a deployment (--param)\n{parameters}\n\n\
         {first}\n\
         footwork deploy {named} --local    deploy it on this machine\n\
         footwork deploy {named}            deploy it to AWS\n\
         footwork show {named} --file readme",
        name = source.deployment,
        summary = source.summary,
        input = entries(input),
        parameters = entries(parameters),
        examples = examples.join(", "),
    )
}
