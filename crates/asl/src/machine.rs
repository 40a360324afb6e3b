//! A parsed definition: immutable, shared by all its executions, every expression compiled.

use std::ops::Range;
use std::sync::Arc;

use crate::data::Data;
use crate::diagnostic::Diagnostic;
use crate::integrations::Integrations;
use crate::jsonpath::Path;
use crate::parse;
use crate::port::{Kind, Resource};
use crate::template::Template;

/// How expressions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryLanguage {
    /// `$.path`, `States.Function()`.
    JsonPath,
    /// `{% expression %}`.
    Jsonata,
}

impl QueryLanguage {
    /// As written in a definition.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

/// A parsed state machine.
#[derive(Debug)]
pub struct StateMachine {
    pub(crate) comment: Option<String>,
    pub(crate) language: QueryLanguage,
    pub(crate) timeout: Option<u64>,
    pub(crate) program: Arc<Program>,
    /// Processors of distributed Maps, by the JSON pointer of their state.
    pub(crate) processors: Vec<(String, Arc<StateMachine>)>,
    /// All `Resource`s of Task states, with their JSON pointers.
    pub(crate) resources: Vec<Placed>,
    /// Asked before a task starts.
    pub(crate) integrations: Option<Arc<dyn Integrations>>,
}

impl StateMachine {
    /// Parses a definition. Reports every fault, not the first; the machine is there only if none
    /// of them is an error.
    #[must_use]
    pub fn parse(text: &str) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
        parse::machine(text, None)
    }

    /// [`parse`](Self::parse) by somebody who knows the APIs that Task states call: what they are
    /// given is checked here, and again before a task starts.
    #[must_use]
    pub fn parse_with(
        text: &str,
        integrations: Arc<dyn Integrations>,
    ) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
        parse::machine(text, Some(integrations))
    }

    /// [`parse_with`](Self::parse_with) of a document that is read already, such as one in YAML:
    /// the spans of the diagnostics are those of its nodes.
    #[must_use]
    pub fn parse_document(
        document: &document::Node,
        integrations: Arc<dyn Integrations>,
    ) -> (Option<Arc<StateMachine>>, Vec<Diagnostic>) {
        parse::tree(document, Some(integrations))
    }

    /// `Comment`.
    #[must_use]
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// `QueryLanguage` of the top level.
    #[must_use]
    pub fn query_language(&self) -> QueryLanguage {
        self.language
    }

    /// `TimeoutSeconds` of the top level.
    #[must_use]
    pub fn timeout_seconds(&self) -> Option<u64> {
        self.timeout
    }

    /// The machine that the children of a distributed Map run; `pointer` is that of the Map state
    /// ([`StartMapRun::pointer`](crate::StartMapRun::pointer)).
    #[must_use]
    pub fn item_processor(&self, pointer: &str) -> Option<Arc<StateMachine>> {
        self.processors
            .iter()
            .find(|(at, _)| at == pointer)
            .map(|(_, machine)| Arc::clone(machine))
    }

    /// All `Resource`s of Task states as (JSON pointer of the field, resource), in written order,
    /// those of branches and processors included.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.resources
            .iter()
            .map(|resource| (resource.pointer.as_str(), resource.text.as_str()))
    }
}

/// A text of the definition, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) pointer: String,
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// States that refer to each other: a machine, a branch, or a Map's processor.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) start: usize,
    pub(crate) states: Vec<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: Arc<str>,
    pub(crate) pointer: String,
    /// Of its name, in the source.
    pub(crate) span: Range<usize>,
    /// Variables that its expressions read.
    pub(crate) reads: Vec<Read>,
    pub(crate) language: QueryLanguage,
    pub(crate) kind: StateKind,
    pub(crate) paths: Paths,
    /// `Parameters` or `Arguments`.
    pub(crate) arguments: Option<Template>,
    pub(crate) result_selector: Option<Template>,
    pub(crate) output: Option<Template>,
    pub(crate) assign: Vec<(Arc<str>, Template)>,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
    /// `None` ends the program.
    pub(crate) next: Option<usize>,
}

impl State {
    /// The programs inside of it: branches, or a Map's processor.
    pub(crate) fn inner(&self) -> impl Iterator<Item = &Program> {
        let programs = match &self.kind {
            StateKind::Parallel(branches) => branches.as_slice(),
            StateKind::Map(map) => std::slice::from_ref(&map.processor),
            _ => &[],
        };
        programs.iter().map(AsRef::as_ref)
    }
}

/// A variable that an expression reads, and where.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) name: Arc<str>,
    pub(crate) pointer: String,
    pub(crate) span: Range<usize>,
}

/// `InputPath`, `ResultPath`, `OutputPath`.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    pub(crate) input: PathField,
    pub(crate) result: PathField,
    pub(crate) output: PathField,
}

/// A path field: left out (`$`), null, or a path.
#[derive(Debug, Default)]
pub(crate) enum PathField {
    #[default]
    Whole,
    Null,
    Path(Path),
}

#[derive(Debug)]
pub(crate) enum StateKind {
    /// With `Result`.
    Pass(Option<Data>),
    Task(Box<Task>),
    Choice(Choice),
    Wait(Wait),
    Succeed,
    Fail(Fail),
    Parallel(Vec<Arc<Program>>),
    Map(Box<Map>),
}

impl StateKind {
    /// As written in a definition, and at the start of event types.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "Pass",
            Self::Task(_) => "Task",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) resource: Resource,
    /// As written.
    pub(crate) arn: Arc<str>,
    pub(crate) credentials: Option<Template>,
    pub(crate) timeout: Option<Quantity>,
    pub(crate) heartbeat: Option<Quantity>,
}

/// A number that is written, computed by a template, or found by a path.
#[derive(Debug)]
pub(crate) struct Quantity {
    /// `TimeoutSeconds`, `TimeoutSecondsPath`, …
    pub(crate) field: &'static str,
    pub(crate) source: Source,
}

#[derive(Debug)]
pub(crate) enum Source {
    Literal(serde_json::Value),
    Template(Template),
    Path(Path),
}

#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) rules: Vec<Rule>,
    pub(crate) default: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) condition: Condition,
    pub(crate) assign: Vec<(Arc<str>, Template)>,
    pub(crate) output: Option<Template>,
    pub(crate) next: usize,
}

#[derive(Debug)]
pub(crate) enum Condition {
    /// JSONata.
    Template(Template),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// `Variable`, operator, and what it is compared with.
    Test(Path, crate::parse::Operator, Comparand),
}

#[derive(Debug)]
pub(crate) enum Comparand {
    Literal(serde_json::Value),
    Path(Path),
}

#[derive(Debug)]
pub(crate) enum Wait {
    Seconds(Quantity),
    Timestamp(Quantity),
}

#[derive(Debug, Default)]
pub(crate) struct Fail {
    pub(crate) error: Option<Source>,
    pub(crate) cause: Option<Source>,
}

#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) items: Option<Source>,
    pub(crate) item_selector: Option<Template>,
    pub(crate) max_concurrency: Option<Quantity>,
    pub(crate) processor: Arc<Program>,
    pub(crate) distributed: Option<Distributed>,
}

#[derive(Debug)]
pub(crate) struct Distributed {
    pub(crate) kind: Kind,
    pub(crate) label: String,
    pub(crate) reader: Option<Reader>,
    pub(crate) batcher: Option<Batcher>,
    pub(crate) writer: Option<Reader>,
    pub(crate) tolerated_count: Option<Quantity>,
    pub(crate) tolerated_percentage: Option<Quantity>,
}

/// `ItemReader` or `ResultWriter`: what is literal, and what is computed.
#[derive(Debug)]
pub(crate) struct Reader {
    /// The field as written.
    pub(crate) fixed: serde_json::Map<String, serde_json::Value>,
    /// `Arguments` or `Parameters`.
    pub(crate) arguments: Option<(&'static str, Template)>,
    /// `MaxItems` of the `ReaderConfig`, where it is computed.
    pub(crate) max_items: Option<Quantity>,
}

#[derive(Debug)]
pub(crate) struct Batcher {
    pub(crate) max_items: Option<Quantity>,
    pub(crate) max_bytes: Option<Quantity>,
    pub(crate) input: Option<Template>,
}

#[derive(Debug)]
pub(crate) struct Retrier {
    pub(crate) errors: Vec<String>,
    pub(crate) interval: f64,
    pub(crate) max_attempts: u64,
    pub(crate) backoff: f64,
    pub(crate) max_delay: Option<f64>,
    pub(crate) jitter: bool,
}

#[derive(Debug)]
pub(crate) struct Catcher {
    pub(crate) errors: Vec<String>,
    pub(crate) result_path: PathField,
    pub(crate) output: Option<Template>,
    pub(crate) assign: Vec<(Arc<str>, Template)>,
    pub(crate) next: usize,
}
