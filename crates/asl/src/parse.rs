//! Text to [`StateMachine`], with every fault on the way. Not its execution.

mod choice;
mod fields;
mod hints;
mod map;
mod parameters;
mod program;
mod reader;
mod resource;
mod retry;
mod state;
mod task;
mod template;
mod timestamp;
mod wait;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use document::{Fault, Kind as NodeKind, Node, json};

use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::integrations::Integrations;
use crate::jsonpath::Path;
use crate::machine::{Placed, QueryLanguage, Read, StateMachine};
use crate::template::Template;
pub(crate) use choice::{Operator, Ordering};
pub(crate) use resource::optimised_actions;
pub(crate) use timestamp::parse as parse_timestamp;

/// AWS's code for nearly everything.
const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// Largest definition that AWS takes, in bytes.
const MAX_LENGTH: usize = 1_048_576;

/// A JSON pointer as AWS writes it: names are not escaped.
#[derive(Debug, Clone)]
pub(crate) struct Pointer(String);

impl Pointer {
    fn root() -> Self {
        Self(String::new())
    }

    /// An item of a list.
    fn item(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    fn child(&self, name: impl std::fmt::Display) -> Self {
        Self(format!("{}/{name}", self.0))
    }

    fn as_str(&self) -> &str {
        if self.0.is_empty() { "/" } else { &self.0 }
    }
}

/// Collects what the passes find: faults, resources, processors.
#[derive(Debug, Default)]
struct Findings {
    diagnostics: Vec<Diagnostic>,
    /// How many of them are errors.
    errors: usize,
    /// Of the state that is being parsed.
    reads: Vec<Read>,
    resources: Vec<Placed>,
    processors: Vec<(String, Arc<StateMachine>)>,
    integrations: Option<Arc<dyn Integrations>>,
    /// Of all states so far.
    names: HashSet<String>,
    /// Of all distributed Maps so far.
    labels: HashSet<String>,
}

impl Findings {
    fn error(&mut self, at: &Pointer, span: &Range<usize>, message: impl Into<String>) {
        self.report(SCHEMA, Severity::Error, at, span, message.into(), None);
    }

    fn error_with_help(
        &mut self,
        at: &Pointer,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(
            SCHEMA,
            Severity::Error,
            at,
            span,
            message.into(),
            Some(help.into()),
        );
    }

    /// A path reads a variable.
    fn note_path(&mut self, path: &Path, at: &Pointer, span: &Range<usize>) {
        if let Some(name) = path.variable() {
            self.note(name, at, span);
        }
    }

    /// A path or call reads variables.
    fn note_dynamic(&mut self, template: &Template, at: &Pointer, span: &Range<usize>) {
        match template {
            Template::Path { path, .. } => self.note_path(path, at, span),
            Template::Call { call, .. } => call.variables(&mut |name| self.note(name, at, span)),
            _ => {}
        }
    }

    fn note(&mut self, name: &str, at: &Pointer, span: &Range<usize>) {
        self.reads.push(Read {
            name: Arc::from(name),
            pointer: at.as_str().to_owned(),
            span: span.clone(),
        });
    }

    fn report(
        &mut self,
        code: &'static str,
        severity: Severity,
        at: &Pointer,
        span: &Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        self.push(Diagnostic {
            code,
            severity,
            pointer: Some(at.as_str().to_owned()),
            span: span.clone(),
            message,
            help,
        });
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        self.diagnostics.push(diagnostic);
    }
}

pub(crate) fn machine(
    text: &str,
    integrations: Option<Arc<dyn Integrations>>,
) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
    if text.trim().is_empty() {
        return refused(text.len(), NO_OBJECT.into());
    }
    if text.len() > MAX_LENGTH {
        let message = format!("Definition must not be longer than {MAX_LENGTH} bytes");
        return refused(text.len(), message);
    }
    match json::read(text) {
        Ok(node) => tree(&node, integrations),
        Err(fault) => not_json(text, &fault),
    }
}

const NO_OBJECT: &str = "Definition must be a valid JSON object";

/// A text that is no definition at all.
fn refused(length: usize, message: String) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
    let diagnostic = Diagnostic {
        code: SCHEMA,
        severity: Severity::Error,
        pointer: None,
        span: 0..length,
        message,
        help: None,
    };
    (None, vec![diagnostic])
}

/// A definition that is read already, from whatever language.
pub(crate) fn tree(
    node: &Node,
    integrations: Option<Arc<dyn Integrations>>,
) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
    if !node.is_object() {
        return refused(node.span.end, NO_OBJECT.into());
    }
    let mut findings = Findings {
        integrations,
        ..Findings::default()
    };
    duplicates(node, &Pointer::root(), &mut findings);
    let machine = top_level(node, &mut findings);
    let Findings {
        mut diagnostics,
        resources,
        processors,
        integrations,
        ..
    } = findings;
    let machine = machine
        .filter(|_| !diagnostics.iter().any(Diagnostic::is_error))
        .map(|machine| StateMachine {
            processors,
            resources,
            integrations,
            ..machine
        });
    diagnostics.extend(machine.iter().flat_map(check::warnings));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    (machine.map(Arc::new), diagnostics)
}

/// Members that are there twice, at any depth.
fn duplicates(node: &Node, at: &Pointer, findings: &mut Findings) {
    match &node.kind {
        NodeKind::Object(members) => {
            let mut seen = HashSet::new();
            for member in members {
                let at = at.child(&member.key);
                if !seen.insert(member.key.as_str()) {
                    let message = format!("Duplicate field '{}'", member.key);
                    let code = "INVALID_JSON_DESCRIPTION";
                    let severity = Severity::Error;
                    findings.report(code, severity, &at, &member.key_span, message, None);
                }
                duplicates(&member.value, &at, findings);
            }
        }
        NodeKind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                duplicates(item, &at.item(index), findings);
            }
        }
        _ => {}
    }
}

/// In the words of the JSON reader that AWS uses.
fn not_json(text: &str, fault: &Fault) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
    let before = text.get(..fault.at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    let place = format!("[Source: (String)\"{text}\"; line: {line}, column: {column}]");
    let diagnostic = Diagnostic {
        code: "INVALID_JSON_DESCRIPTION",
        severity: Severity::Error,
        message: format!("{}\n at {place}", fault.message),
        pointer: Some(place),
        span: fault.at
            ..fault.at
                + text
                    .get(fault.at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8),
        help: None,
    };
    (None, vec![diagnostic])
}

fn top_level(node: &Node, findings: &mut Findings) -> Option<StateMachine> {
    let at = Pointer::root();
    let known = [
        "Comment",
        "QueryLanguage",
        "StartAt",
        "States",
        "TimeoutSeconds",
        "Version",
    ];
    fields::only(node, &at, &known, findings);
    if let Some(version) = node.get("Version")
        && version.as_str() != Some("1.0")
    {
        findings.error(
            &at.child("Version"),
            &version.span,
            "The field 'Version' should have one of these values: [1.0]",
        );
    }
    let language = fields::language(node, &at, findings).unwrap_or(QueryLanguage::JsonPath);
    let timeout = fields::whole_number(node, &at, "TimeoutSeconds", 1, findings);
    let comment = fields::text(node, &at, "Comment", findings).map(str::to_owned);
    let scope = program::Scope::top(language);
    let program = program::parse(node, &at, &scope, findings);
    Some(StateMachine {
        comment,
        language,
        timeout,
        program: Arc::new(program?),
        processors: Vec::new(),
        resources: Vec::new(),
        integrations: None,
    })
}
