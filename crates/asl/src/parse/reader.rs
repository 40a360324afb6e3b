//! `ItemReader` and `ResultWriter` of distributed Maps.

use serde_json::{Map as Object, Value};

use crate::machine::{QueryLanguage, Reader};

use super::{Findings, Pointer, fields, template};
use document::Node;

/// `field` is `ItemReader` or `ResultWriter`.
pub(super) fn parse(
    node: &Node,
    at: &Pointer,
    field: &'static str,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Reader> {
    let value = node.get(field)?;
    let here = at.child(field);
    if !value.is_object() {
        fields::wrong_type(value, &here, "Object", findings);
        return None;
    }
    let (arguments_field, foreign) = match language {
        QueryLanguage::JsonPath => ("Parameters", "Arguments"),
        QueryLanguage::Jsonata => ("Arguments", "Parameters"),
    };
    let config = match field {
        "ItemReader" => "ReaderConfig",
        _ => "WriterConfig",
    };
    let known = ["Resource", arguments_field, config];
    fields::only_of(language, value, &here, (&known, &[foreign]), findings);
    let arguments = value.get(arguments_field).and_then(|arguments| {
        let location = format!("{field}/{arguments_field}");
        template::compile(
            arguments,
            &here.child(arguments_field),
            language,
            &location,
            findings,
        )
        .map(|template| (arguments_field, template))
    });
    let config = value.get("ReaderConfig");
    if let Some(config) = config {
        reader_config(config, &here.child("ReaderConfig"), language, findings);
    }
    if value.get("Resource").is_none()
        && (field == "ItemReader" || value.get("WriterConfig").is_none())
    {
        findings.error(&here, &value.span, "These fields are required: [Resource]");
    }
    let max_items = config.and_then(|config| {
        fields::map_quantity(
            config,
            &here.child("ReaderConfig"),
            ("MaxItems", "MaxItemsPath"),
            language,
            fields::Range::Whole(0, 100_000_000),
            findings,
        )
    });
    if let Some(config) = value.get("WriterConfig") {
        writer_config(config, &here.child("WriterConfig"), findings);
    }
    let fixed = value
        .members()
        .iter()
        .filter(|member| member.key != arguments_field)
        .map(|member| (member.key.clone(), member.value.to_value()))
        .collect::<Object<String, Value>>();
    Some(Reader {
        fixed,
        arguments,
        max_items,
    })
}

/// How results are written.
fn writer_config(node: &Node, at: &Pointer, findings: &mut Findings) {
    fields::only(node, at, &["OutputType", "Transformation"], findings);
    if node.get("OutputType").is_none() {
        findings.error(at, &node.span, "These fields are required: [OutputType]");
    }
    one_of(node, at, "OutputType", &["JSON", "JSONL"], findings);
    let transformations = ["NONE", "COMPACT", "FLATTEN"];
    one_of(node, at, "Transformation", &transformations, findings);
}

/// How an object is read.
fn reader_config(node: &Node, at: &Pointer, language: QueryLanguage, findings: &mut Findings) {
    let always = [
        "InputType",
        "CSVHeaderLocation",
        "CSVHeaders",
        "CSVDelimiter",
        "MaxItems",
        "ManifestType",
        "Transformation",
        "ItemsPointer",
    ];
    let paths = ["MaxItemsPath"];
    let known = match language {
        QueryLanguage::JsonPath => [&always[..], &paths].concat(),
        QueryLanguage::Jsonata => always.to_vec(),
    };
    fields::only_of(language, node, at, (&known, &paths), findings);
    let types = ["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"];
    one_of(node, at, "InputType", &types, findings);
    one_of(
        node,
        at,
        "CSVHeaderLocation",
        &["FIRST_ROW", "GIVEN"],
        findings,
    );
    let delimiters = ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"];
    one_of(node, at, "CSVDelimiter", &delimiters, findings);
    one_of(
        node,
        at,
        "ManifestType",
        &["ATHENA_DATA", "S3_INVENTORY"],
        findings,
    );
    one_of(
        node,
        at,
        "Transformation",
        &["NONE", "LOAD_AND_FLATTEN"],
        findings,
    );
    let is = |field: &str, value: &str| node.get(field).and_then(Node::as_str) == Some(value);
    if is("InputType", "CSV") && node.get("CSVHeaderLocation").is_none() {
        findings.error(
            at,
            &node.span,
            "These fields are required: [CSVHeaderLocation]",
        );
    }
    if is("CSVHeaderLocation", "GIVEN") && node.get("CSVHeaders").is_none() {
        findings.error(at, &node.span, "These fields are required: [CSVHeaders]");
    }
}

/// A field that is one of a few words. Expressions are not looked into.
fn one_of(node: &Node, at: &Pointer, field: &str, words: &[&str], findings: &mut Findings) {
    let Some(value) = node.get(field) else { return };
    let Some(text) = fields::text(node, at, field, findings) else {
        return;
    };
    if !words.contains(&text) && crate::jsonata::unwrap(text).is_none() {
        let words = words.join(", ");
        let message = format!("The field '{field}' should have one of these values: [{words}]");
        findings.error(&at.child(field), &value.span, message);
    }
}
