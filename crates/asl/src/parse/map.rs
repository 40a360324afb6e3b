//! Map states, inline and distributed.

use std::sync::Arc;

use serde_json::{Map as Object, Value};

use crate::machine::{Batcher, Distributed, Map, QueryLanguage, Reader, Source, StateMachine};
use crate::port::Kind as MachineKind;

use super::json::{Kind, Node};
use super::program::{self, Scope};
use super::{Findings, Pointer, fields, template};

pub(super) fn parse(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Map> {
    let items = match language {
        QueryLanguage::JsonPath => fields::path(node, at, "ItemsPath", findings).map(Source::Path),
        QueryLanguage::Jsonata => items(node, at, findings),
    };
    let selector_field = match (language, node.get("ItemSelector")) {
        (QueryLanguage::JsonPath, None) => "Parameters",
        _ => "ItemSelector",
    };
    let item_selector = template::field(node, at, selector_field, language, findings);
    let max_concurrency = fields::quantity(
        node,
        at,
        ("MaxConcurrency", "MaxConcurrencyPath"),
        language,
        0.0..=99_999_999.0,
        findings,
    );
    let Some((field, value)) = ["ItemProcessor", "Iterator"]
        .into_iter()
        .find_map(|field| node.get(field).map(|value| (field, value)))
    else {
        findings.error(at, &node.span, "These fields are required: [ItemProcessor]");
        return None;
    };
    fields::exclusive(node, at, "ItemProcessor", "Iterator", findings);
    let here = at.child(field);
    let known = [
        "Comment",
        "StartAt",
        "States",
        "ProcessorConfig",
        "QueryLanguage",
    ];
    fields::only(value, &here, &known, findings);
    let execution = processor_config(value, &here, findings);
    let processor = match execution {
        Some(_) => own_machine(value, &here, at, scope, findings)?,
        None => {
            only_distributed(node, at, findings);
            Arc::new(program::parse(value, &here, &scope.inner(), findings)?)
        }
    };
    let distributed = match execution {
        Some(kind) => Some(distributed(node, at, kind, language, findings)?),
        None => None,
    };
    Some(Map {
        items,
        item_selector,
        max_concurrency,
        processor,
        distributed,
    })
}

fn items(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Source> {
    let value = node.get("Items")?;
    let here = at.child("Items");
    match &value.kind {
        Kind::Array(_) | Kind::Object(_) => {}
        Kind::String(text) if crate::jsonata::unwrap(text).is_some() => {}
        _ => {
            fields::wrong_type(value, &here, "Array", findings);
            return None;
        }
    }
    template::compile(value, &here, QueryLanguage::Jsonata, "Items", findings).map(Source::Template)
}

/// The type of the children, if the Map is distributed.
fn processor_config(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<MachineKind> {
    let config = node.get("ProcessorConfig")?;
    let at = at.child("ProcessorConfig");
    fields::only(config, &at, &["Mode", "ExecutionType"], findings);
    match fields::text(config, &at, "Mode", findings).unwrap_or("INLINE") {
        "INLINE" => None,
        "DISTRIBUTED" => match fields::text(config, &at, "ExecutionType", findings) {
            Some("EXPRESS") => Some(MachineKind::Express),
            Some("STANDARD") => Some(MachineKind::Standard),
            given => {
                let message = match given {
                    None => "The field 'ExecutionType' is required but was missing",
                    Some(_) => {
                        "The field 'ExecutionType' should have one of these values: [STANDARD, EXPRESS]"
                    }
                };
                findings.error(&at, &config.span, message);
                Some(MachineKind::Standard)
            }
        },
        _ => {
            findings.error(
                &at.child("Mode"),
                &config.span,
                "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]",
            );
            None
        }
    }
}

/// A distributed Map's processor is a machine of its own: variables and names do not reach in.
fn own_machine(
    node: &Node,
    at: &Pointer,
    map: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Arc<crate::machine::Program>> {
    let mut inner = Findings {
        integrations: findings.integrations.clone(),
        ..Findings::default()
    };
    let program = program::parse(node, at, &scope.inner(), &mut inner);
    findings.diagnostics.extend(inner.diagnostics);
    findings.resources.extend(inner.resources.iter().cloned());
    findings.processors.extend(inner.processors.iter().cloned());
    let program = Arc::new(program?);
    let machine = Arc::new(StateMachine {
        comment: node
            .get("Comment")
            .and_then(Node::as_str)
            .map(str::to_owned),
        language: scope.language,
        timeout: None,
        program: Arc::clone(&program),
        processors: inner.processors,
        resources: inner.resources,
        integrations: inner.integrations,
    });
    findings.processors.push((map.as_str().to_owned(), machine));
    Some(program)
}

fn only_distributed(node: &Node, at: &Pointer, findings: &mut Findings) {
    for field in ["ItemReader", "ItemBatcher", "ResultWriter", "Label"] {
        if let Some(value) = node.get(field) {
            findings.error_with_help(
                &at.child(field),
                &value.span,
                format!("The field '{field}' is only supported when 'Mode' is 'DISTRIBUTED'"),
                "set `\"Mode\": \"DISTRIBUTED\"` in the `ProcessorConfig`",
            );
        }
    }
}

fn distributed(
    node: &Node,
    at: &Pointer,
    kind: MachineKind,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Distributed> {
    let name = at.as_str().rsplit('/').next().unwrap_or_default();
    let label = match fields::text(node, at, "Label", findings) {
        Some(label) => {
            let forbidden = |c: char| {
                c.is_control() || c.is_whitespace() || "?*<>{}[]\"#%\\^|~`$&,;:/".contains(c)
            };
            if label.is_empty() || label.chars().count() > 40 || label.contains(forbidden) {
                let span = node.get("Label").map_or(0..0, |value| value.span.clone());
                findings.error(&at.child("Label"), &span, "Value is not a valid label");
            }
            label.to_owned()
        }
        None => name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(40)
            .collect(),
    };
    let limit = 0.0..=99_999_999.0;
    Some(Distributed {
        kind,
        label: if label.is_empty() {
            "Map".to_owned()
        } else {
            label
        },
        reader: reader(node, at, "ItemReader", language, findings),
        batcher: batcher(node, at, language, findings),
        writer: reader(node, at, "ResultWriter", language, findings),
        tolerated_count: fields::quantity(
            node,
            at,
            ("ToleratedFailureCount", "ToleratedFailureCountPath"),
            language,
            limit,
            findings,
        ),
        tolerated_percentage: fields::quantity(
            node,
            at,
            (
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath",
            ),
            language,
            0.0..=100.0,
            findings,
        ),
    })
}

/// `ItemReader` and `ResultWriter`.
fn reader(
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
    let arguments_field = match language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    let known = ["Resource", arguments_field, "ReaderConfig", "WriterConfig"];
    fields::only(value, &here, &known, findings);
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
    let max_items = config.and_then(|config| {
        fields::quantity(
            config,
            &here.child("ReaderConfig"),
            ("MaxItems", "MaxItemsPath"),
            language,
            0.0..=100_000_000.0,
            findings,
        )
    });
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

fn batcher(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Batcher> {
    let value = node.get("ItemBatcher")?;
    let here = at.child("ItemBatcher");
    let known = [
        "MaxItemsPerBatch",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatch",
        "MaxInputBytesPerBatchPath",
        "BatchInput",
    ];
    fields::only(value, &here, &known, findings);
    let range = 1.0..=99_999_999.0;
    let input = value.get("BatchInput").and_then(|input| {
        let location = "ItemBatcher/BatchInput";
        template::compile(
            input,
            &here.child("BatchInput"),
            language,
            location,
            findings,
        )
    });
    Some(Batcher {
        max_items: fields::quantity(
            value,
            &here,
            ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
            language,
            range.clone(),
            findings,
        ),
        max_bytes: fields::quantity(
            value,
            &here,
            ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
            language,
            range,
            findings,
        ),
        input,
    })
}
