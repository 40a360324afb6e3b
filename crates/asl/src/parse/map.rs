//! Map states, inline and distributed.

use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::machine::{Batcher, Distributed, Map, Quantity, QueryLanguage, Source, StateMachine};
use crate::port::Kind as MachineKind;

use super::program::{self, Scope};
use super::{Findings, Pointer, fields, reader, template};
use document::{Kind, Node};

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
    let max_concurrency = fields::map_quantity(
        node,
        at,
        ("MaxConcurrency", "MaxConcurrencyPath"),
        language,
        fields::Range::Whole(0, fields::MOST),
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
    let known = ["Comment", "StartAt", "States", "ProcessorConfig"];
    fields::only(value, &here, &known, findings);
    let execution = processor_config(value, &here, findings);
    let processor = match execution {
        Some(_) => own_machine(value, &here, at, scope, findings)?,
        None => {
            only_distributed(node, at, findings);
            Arc::new(program::parse(value, &here, &scope.inner(), findings)?)
        }
    };
    // Accepted inline too, where they have no effect.
    let tolerated = (
        fields::map_quantity(
            node,
            at,
            ("ToleratedFailureCount", "ToleratedFailureCountPath"),
            language,
            fields::Range::Whole(0, fields::MOST),
            findings,
        ),
        fields::map_quantity(
            node,
            at,
            (
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath",
            ),
            language,
            fields::Range::Real(0.0, 100.0),
            findings,
        ),
    );
    let distributed = match execution {
        Some(kind) => Some(distributed(node, at, kind, tolerated, language, findings)?),
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
        names: std::mem::take(&mut findings.names),
        labels: std::mem::take(&mut findings.labels),
        ..Findings::default()
    };
    let program = program::parse(node, at, &scope.inner(), &mut inner);
    findings.names = inner.names;
    findings.labels = inner.labels;
    for diagnostic in inner.diagnostics {
        findings.push(diagnostic);
    }
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
    (tolerated_count, tolerated_percentage): (Option<Quantity>, Option<Quantity>),
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
                let message = format!("Invalid label name: {label}");
                findings.report(
                    "INVALID_LABEL_NAME",
                    Severity::Error,
                    &at.child("Label"),
                    &span,
                    message,
                    Some("at most 40 characters, none of them a space or one of `?*<>{}[]\"#%\\^|~`$&,;:/`".to_owned()),
                );
            }
            if !findings.labels.insert(label.to_owned()) {
                let message = format!("Duplicate label name: {label}");
                let span = node.get("Label").map_or(0..0, |value| value.span.clone());
                let at = at.child("Label");
                let code = "DUPLICATE_LABEL_NAME";
                findings.report(code, Severity::Error, &at, &span, message, None);
            }
            label.to_owned()
        }
        None => name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(40)
            .collect(),
    };
    Some(Distributed {
        kind,
        label: if label.is_empty() {
            "Map".to_owned()
        } else {
            label
        },
        reader: reader::parse(node, at, "ItemReader", language, findings),
        batcher: batcher(node, at, language, findings),
        writer: reader::parse(node, at, "ResultWriter", language, findings),
        tolerated_count,
        tolerated_percentage,
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
    let always = ["MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"];
    let paths = ["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"];
    let known = match language {
        QueryLanguage::JsonPath => [&always[..], &paths].concat(),
        QueryLanguage::Jsonata => always.to_vec(),
    };
    fields::only_of(language, value, &here, (&known, &paths), findings);
    let range = fields::Range::Whole(0, fields::MOST);
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
        max_items: fields::map_quantity(
            value,
            &here,
            ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
            language,
            range,
            findings,
        ),
        max_bytes: fields::map_quantity(
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
