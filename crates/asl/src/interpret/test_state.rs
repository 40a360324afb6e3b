//! One state by itself, with what it makes of its input on the way: `TestState`.
//!
//! No task is started and nothing is waited for: results come as mocks. Which steps are shown for
//! which type of state is as recorded on AWS.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map as Object, Value, json};

use super::fail::{Failure, delay};
use super::output::result_path;
use super::run::{Flow, Leave, too_large};
use super::strand::{MapItem, Origin, Strand};
use super::{Execution, Limits, quantity};
use crate::data::Data;
use crate::env::Fault;
use crate::machine::{Map, QueryLanguage, State, StateKind, StateMachine, Task};
use crate::port::{Action, Resource, Start};

/// A state to test.
#[derive(Debug)]
pub struct Test {
    /// A machine that begins with the state.
    pub machine: Arc<StateMachine>,
    /// Input and names.
    pub start: Start,
    /// The context object (`$$`).
    pub context: Value,
    /// Variables that are set before.
    pub variables: Object<String, Value>,
    /// What the state's task, branches or iterations come to.
    pub mock: Option<Mock>,
    /// How often the retrier that applies was used before.
    pub retried: u64,
    /// How many iterations of a Map failed.
    pub failed_iterations: Option<u64>,
    /// What an `ItemReader` reads.
    pub items: Option<Vec<Value>>,
}

/// What a state is told instead of doing its work.
#[derive(Debug, Clone, PartialEq)]
pub enum Mock {
    /// The result, as JSON text.
    Result(String),
    /// It failed.
    Failure {
        /// Error name.
        error: Option<String>,
        /// Text for people.
        cause: Option<String>,
    },
}

/// What the state came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestStatus {
    /// It was left.
    Succeeded,
    /// Nobody dealt with its error.
    Failed,
    /// A retrier would try again.
    Retriable,
    /// A catcher took the error.
    CaughtError,
}

impl TestStatus {
    /// As in the answer of `TestState`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// How a test ended.
#[derive(Debug)]
pub struct Tested {
    /// What it came to.
    pub status: TestStatus,
    /// JSON text, where the state was left.
    pub output: Option<String>,
    /// Error name.
    pub error: Option<String>,
    /// Text for people.
    pub cause: Option<String>,
    /// The state that follows.
    pub next: Option<String>,
    /// The steps: members of the API's `InspectionData`.
    pub inspection: Object<String, Value>,
}

impl Tested {
    fn new(status: TestStatus) -> Self {
        Self {
            status,
            output: None,
            error: None,
            cause: None,
            next: None,
            inspection: Object::new(),
        }
    }
}

/// The steps so far.
#[derive(Default)]
struct Steps(Object<String, Value>);

impl Steps {
    fn note(&mut self, step: &str, data: &Data) {
        self.0.insert(step.to_owned(), data.text().as_ref().into());
    }
}

impl Test {
    /// Runs the state.
    #[must_use]
    pub fn run(self, now: Timestamp) -> Tested {
        let limits = Limits {
            events: usize::MAX,
            ..Limits::default()
        };
        let mut execution = Execution::new(self.machine, self.start, limits, now);
        execution.context = Some(self.context);
        let program = Arc::clone(&execution.machine.program);
        let input = execution.input.clone();
        let mut strand = execution.spawn(Arc::clone(&program), input, None);
        strand.entered = 1;
        let mut variables = self.variables;
        for (name, value) in &variables {
            let data = Data::new(value.clone());
            strand.variables.set(Arc::from(name.as_str()), data);
        }
        let Some(state) = strand.state(&program) else {
            return Tested::new(TestStatus::Failed);
        };
        let mut steps = Steps::default();
        steps.note("input", &strand.input);
        let rest = (self.mock, self.failed_iterations, self.items);
        let flow = execution.try_state(&mut strand, state, rest, &mut steps);
        let flow = flow.unwrap_or_else(|fault| Flow::Fail(failure_of(fault)));
        let flow = match flow {
            Flow::Leave(leave) if leave.output.text().len() > execution.limits.payload_bytes => {
                let cause = too_large(&state.name);
                Flow::Fail(Failure::fatal("States.DataLimitExceeded", cause))
            }
            flow => flow,
        };
        let (mut tested, leave) = match flow {
            Flow::Leave(leave) => (Tested::new(TestStatus::Succeeded), Some(leave)),
            Flow::Fail(failure) => {
                execution.judge(&mut strand, state, failure, self.retried, &mut steps)
            }
            Flow::Park => (Tested::new(TestStatus::Failed), None),
        };
        if let Some(leave) = leave {
            tested.output = Some(leave.output.text().to_string());
            let next = leave.next.and_then(|next| program.states.get(next));
            tested.next = next.map(|next| next.name.to_string());
            for (name, data) in leave.assigned {
                variables.insert(name.to_string(), data.value().clone());
            }
        }
        if !variables.is_empty() {
            steps.note("variables", &Data::new(Value::Object(variables)));
        }
        tested.inspection = steps.0;
        tested
    }
}

impl Execution {
    /// [`start`](Execution::start) with some variables set.
    #[must_use]
    pub fn start_among(
        machine: Arc<StateMachine>,
        start: Start,
        variables: &Object<String, Value>,
        now: Timestamp,
    ) -> (Execution, Vec<Action>) {
        let mut execution = Self::new(machine, start, Limits::default(), now);
        execution.begin(variables);
        let actions = std::mem::take(&mut execution.actions);
        (execution, actions)
    }
}

impl StateMachine {
    /// What the first state calls, if it is a Task.
    #[must_use]
    pub fn first_resource(&self) -> Option<&Resource> {
        match &self.program.states.get(self.program.start)?.kind {
            StateKind::Task(task) => Some(&task.resource),
            _ => None,
        }
    }
}

type Rest = (Option<Mock>, Option<u64>, Option<Vec<Value>>);

impl Execution {
    fn try_state(
        &mut self,
        strand: &mut Strand,
        state: &State,
        (mock, failed, items): Rest,
        steps: &mut Steps,
    ) -> Result<Flow, Fault> {
        let jsonpath = state.language == QueryLanguage::JsonPath;
        let shows_input = match &state.kind {
            StateKind::Pass(result) => result.is_none(),
            StateKind::Parallel(_) => false,
            _ => true,
        };
        if jsonpath && shows_input {
            steps.note("afterInputPath", &self.effective_input(strand, state)?);
        }
        match &state.kind {
            StateKind::Pass(Some(result)) => {
                if jsonpath {
                    steps.note("result", result);
                }
                self.finish_state(strand, state, result, steps)
            }
            StateKind::Pass(None) => {
                let result = self.arguments(strand, state)?;
                if jsonpath {
                    steps.note("afterParameters", &result);
                }
                self.finish_state(strand, state, &result, steps)
            }
            // It was waited for, or could not be.
            StateKind::Wait(_) if mock.is_some() => self.mocked(strand, state, mock, steps),
            StateKind::Succeed | StateKind::Wait(_) => {
                self.complete(strand, state, None).map(Flow::Leave)
            }
            StateKind::Fail(fail) => self.raise(strand, fail).map(Flow::Fail),
            StateKind::Choice(choice) => self.choose(strand, state, choice),
            StateKind::Task(task) => {
                self.look_at_task(strand, state, task, steps)?;
                self.mocked(strand, state, mock, steps)
            }
            StateKind::Parallel(_) => {
                self.arguments(strand, state)?;
                self.mocked(strand, state, mock, steps)
            }
            StateKind::Map(map) => {
                let exceeded = self.look_at_map(strand, state, map, (failed, items), steps)?;
                match exceeded {
                    Some(failure) => Ok(Flow::Fail(failure)),
                    None => self.mocked(strand, state, mock, steps),
                }
            }
        }
    }

    fn mocked(
        &mut self,
        strand: &mut Strand,
        state: &State,
        mock: Option<Mock>,
        steps: &mut Steps,
    ) -> Result<Flow, Fault> {
        let text = match mock {
            Some(Mock::Result(text)) => text,
            Some(Mock::Failure { error, cause }) => {
                let mut failure = Failure::new(error, cause);
                failure.fatal = failure.error.as_deref() == Some("States.Runtime");
                return Ok(Flow::Fail(failure));
            }
            None => return Ok(Flow::Park),
        };
        let result = Data::from_text(&text).unwrap_or_else(|_| Data::new(Value::String(text)));
        if matches!(state.kind, StateKind::Task(_)) {
            steps.note("result", &result);
        }
        self.finish_state(strand, state, &result, steps)
    }

    fn finish_state(
        &self,
        strand: &Strand,
        state: &State,
        result: &Data,
        steps: &mut Steps,
    ) -> Result<Flow, Fault> {
        if state.language == QueryLanguage::JsonPath {
            let selected = match &state.result_selector {
                Some(template) => Data::new(template.evaluate(&self.env(strand, result))?),
                None => result.clone(),
            };
            steps.note("afterResultSelector", &selected);
            let combined = result_path(&strand.input, &state.paths.result, selected)?;
            steps.note("afterResultPath", &combined);
        }
        self.complete(strand, state, Some(result)).map(Flow::Leave)
    }

    fn look_at_task(
        &self,
        strand: &mut Strand,
        state: &State,
        task: &Task,
        steps: &mut Steps,
    ) -> Result<(), Fault> {
        let arguments = self.arguments(strand, state)?;
        steps.note(
            match state.language {
                QueryLanguage::JsonPath => "afterParameters",
                QueryLanguage::Jsonata => "afterArguments",
            },
            &arguments,
        );
        let input = self.effective_input(strand, state)?;
        let env = self.env(strand, &input);
        for field in [&task.timeout, &task.heartbeat].into_iter().flatten() {
            quantity::seconds(field, &env)?;
        }
        Ok(())
    }

    /// The steps of a Map, and the failure where more iterations failed than are tolerated.
    fn look_at_map(
        &self,
        strand: &Strand,
        state: &State,
        map: &Map,
        (failed, given): (Option<u64>, Option<Vec<Value>>),
        steps: &mut Steps,
    ) -> Result<Option<Failure>, Fault> {
        let input = self.effective_input(strand, state)?;
        let distributed = map.distributed.as_ref();
        let has_reader = distributed.is_some_and(|map| map.reader.is_some());
        let jsonpath = state.language == QueryLanguage::JsonPath;
        let (items, origin) = if has_reader {
            (given.unwrap_or_default(), Origin::Files)
        } else {
            let (items, origin) = self.items(strand, state, map, &input)?;
            if jsonpath {
                let text = spaced(&items);
                steps.0.insert("afterItemsPath".to_owned(), text.into());
            }
            (items, origin)
        };
        let total = items.len();
        let items = Arc::new(items);
        if map.item_selector.is_some() {
            let selected = (0..total).map(|index| {
                let (items, origin) = (Arc::clone(&items), origin.clone());
                let item = MapItem {
                    items,
                    index,
                    origin,
                };
                self.item_input(strand, map, &input, &item)
            });
            let selected: Vec<Data> = selected.collect::<Result<_, _>>()?;
            steps.note("afterItemSelector", &Data::list(&selected));
        }
        if let Some(batcher) = distributed.and_then(|map| map.batcher.as_ref()) {
            let batches = self.batches(strand, map, batcher, &input, (&items, &origin))?;
            steps.note("afterItemBatcher", &Data::list(&batches));
        }
        let env = self.env(strand, &input);
        let limit = match &map.max_concurrency {
            Some(field) => quantity::whole(field, &env)?,
            None => 0,
        };
        steps.0.insert("maxConcurrency".to_owned(), limit.into());
        let (mut count, mut percentage) = (None, None);
        if let Some(field) = distributed.and_then(|map| map.tolerated_count.as_ref()) {
            let value = quantity::whole(field, &env)?;
            count = Some(value);
            let name = "toleratedFailureCount".to_owned();
            steps.0.insert(name, value.into());
        }
        if let Some(field) = distributed.and_then(|map| map.tolerated_percentage.as_ref()) {
            let value = quantity::percentage(field, &env)?;
            percentage = Some(value);
            let name = "toleratedFailurePercentage".to_owned();
            steps.0.insert(name, value.into());
        }
        let Some(failed) = failed else {
            return Ok(None);
        };
        let by_count = count.is_some_and(|most| failed > most);
        let share = failed as f64 * 100.0;
        let by_percentage = percentage.is_some_and(|most| share > most * total as f64);
        Ok((by_count || by_percentage).then(|| {
            Failure::named(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded".to_owned(),
            )
        }))
    }

    /// What becomes of a failure: a retry, a catch, or nothing.
    fn judge(
        &self,
        strand: &mut Strand,
        state: &State,
        failure: Failure,
        retried: u64,
        steps: &mut Steps,
    ) -> (Tested, Option<Leave>) {
        let mut details = Object::new();
        let mut tested = Tested::new(TestStatus::Failed);
        tested.error.clone_from(&failure.error);
        tested.cause.clone_from(&failure.cause);
        let mut leave = None;
        let matched = |errors: &[String]| !failure.fatal && failure.matches(errors);
        let mut retriers = state.retry.iter().enumerate();
        if let Some((index, retrier)) = retriers.find(|(_, retrier)| matched(&retrier.errors)) {
            details.insert("retryIndex".to_owned(), index.into());
            if retried < retrier.max_attempts {
                tested.status = TestStatus::Retriable;
                let seconds = json!(delay(retrier, retried).round() as u64);
                details.insert("retryBackoffIntervalSeconds".to_owned(), seconds);
            }
        }
        let mut catchers = state.catch.iter().enumerate();
        let catcher = catchers.find(|(_, catcher)| matched(&catcher.errors));
        if let Some((index, catcher)) = catcher.filter(|_| tested.status == TestStatus::Failed) {
            match self.caught(strand, state, catcher, &failure) {
                Ok(left) => {
                    details.insert("catchIndex".to_owned(), index.into());
                    tested.status = TestStatus::CaughtError;
                    leave = Some(left);
                }
                Err(fault) => {
                    let failure = failure_of(fault);
                    (tested.error, tested.cause) = (failure.error, failure.cause);
                }
            }
        }
        if !details.is_empty() {
            steps.0.insert("errorDetails".to_owned(), details.into());
        }
        (tested, leave)
    }
}

/// The failure that a fault is. Nobody says where it happened, as recorded: there is one state.
fn failure_of(fault: Fault) -> Failure {
    match fault {
        Fault::Runtime(cause) => Failure::fatal("States.Runtime", cause),
        Fault::Named { error, cause } => Failure::named(error, cause),
        Fault::Query { cause, .. } => Failure::named("States.QueryEvaluationError", cause),
    }
}

/// Items as AWS shows them: with a space after each comma and colon.
fn spaced(items: &[Value]) -> String {
    struct Spaces;
    impl serde_json::ser::Formatter for Spaces {
        fn begin_array_value<W: ?Sized + std::io::Write>(
            &mut self,
            writer: &mut W,
            first: bool,
        ) -> std::io::Result<()> {
            writer.write_all(if first { b"" } else { b", " })
        }

        fn begin_object_key<W: ?Sized + std::io::Write>(
            &mut self,
            writer: &mut W,
            first: bool,
        ) -> std::io::Result<()> {
            writer.write_all(if first { b"" } else { b", " })
        }

        fn begin_object_value<W: ?Sized + std::io::Write>(
            &mut self,
            writer: &mut W,
        ) -> std::io::Result<()> {
            writer.write_all(b": ")
        }
    }
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Spaces);
    match items.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(text).unwrap_or_default(),
        Err(_) => String::new(),
    }
}
