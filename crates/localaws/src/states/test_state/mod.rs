//! `TestState`: one state, tried out without a state machine.
//!
//! Results come from a mock or, for tasks of request-response and Wait states, from a run of the
//! state by itself. What is shown of the steps is the interpreter's business ([`asl::Test`]).

mod context;
mod fields;
mod mock;
mod subject;

use std::sync::Arc;

use asl::{Details, Kind, Mock, Start, Test};
use serde_json::{Map, Value, json};

use crate::{AwsError, Scope};

use super::execution::{Execution, Status};
use super::input::Input;
use super::tasks::Exchange;
use super::{States, arn, configuration, json_text};
use context::Names;
use subject::Subject;

/// Answers the operation.
pub(super) async fn run(
    states: &Arc<States>,
    scope: &Scope,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let text = input.required("definition")?;
    let level = input.one_of("inspectionLevel", &["INFO", "DEBUG", "TRACE"])?;
    let role_arn = input.text("roleArn").map(configuration::role).transpose()?;
    let asked = mock::Asked::read(input)?;
    let given = given(input)?;
    let subject = Subject::find(text, input.text("stateName"))?;
    asked.check(&subject, role_arn.is_some())?;
    let names = Names::new(states, scope, role_arn);
    let now = states.aws.clock().now();
    let context = match input.text("context") {
        Some(text) => context::given(text, &subject)?,
        None => context::own(&names, &subject, given, now, states),
    };
    let variables = variables(input)?;
    let start = names.start(given, states.aws.ids().u64());
    let items = asked.items(&subject)?;
    let pointed = items.clone().filter(|_| subject.has_items_pointer());
    let (mock, exchange) = match asked.mock {
        Some(mock) => (Some(mock), None),
        None if subject.needs_a_run() => alone(states, &subject, &start, &variables).await?,
        None => (None, None),
    };
    let test = Test {
        machine: subject.machine(true)?,
        start,
        context,
        variables,
        mock,
        retried: asked.retried,
        failed_iterations: asked.failed_iterations,
        items,
    };
    let mut tested = test.run(now);
    let steps = &mut tested.inspection;
    if let Some(items) = pointed {
        let items = Value::Array(items).to_string();
        steps.insert("afterItemsPointer".to_owned(), items.into());
    }
    if let Some(exchange) = exchange.filter(|_| level == Some("TRACE")) {
        let sent = match input.flag("revealSecrets") {
            true => exchange.whole,
            false => exchange.open,
        };
        steps.insert("request".to_owned(), sent);
        steps.insert("response".to_owned(), exchange.response);
    }
    Ok(answer(tested, level.unwrap_or("INFO") != "INFO"))
}

fn answer(tested: asl::Tested, with_steps: bool) -> Value {
    let mut out = json!({ "status": tested.status.as_str() });
    for (member, text) in [
        ("output", tested.output),
        ("error", tested.error),
        ("cause", tested.cause),
        ("nextState", tested.next),
    ] {
        if let Some(text) = text {
            out[member] = text.into();
        }
    }
    if with_steps {
        out["inspectionData"] = Value::Object(tested.inspection);
    }
    out
}

/// The state's input.
fn given(input: Input<'_>) -> Result<&str, AwsError> {
    let given = input.payload("input")?.unwrap_or("{}");
    json_text::check(given).map_err(|fault| {
        AwsError::new(
            "InvalidExecutionInput",
            format!("Invalid State Machine Execution Input: '{fault}'"),
        )
    })?;
    Ok(given)
}

fn variables(input: Input<'_>) -> Result<Map<String, Value>, AwsError> {
    let Some(text) = input.text("variables") else {
        return Ok(Map::new());
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(variables)) => Ok(variables),
        // AWS's words are not known.
        _ => Err(AwsError::validation("Variables must be a JSON object")),
    }
}

/// Runs the state for real and returns what its work came to, and what an HTTP task said and heard.
async fn alone(
    states: &Arc<States>,
    subject: &Subject,
    start: &Start,
    variables: &Map<String, Value>,
) -> Result<(Option<Mock>, Option<Exchange>), AwsError> {
    let machine = subject.machine(false)?;
    let row = Execution {
        arn: start.execution_arn.as_str().into(),
        machine_arn: start.state_machine_arn.as_str().into(),
        version_arn: None,
        alias_arn: None,
        revision: Arc::default(),
        kind: Kind::Express,
        role_arn: start.role_arn.as_str().into(),
        input: start.input.as_str().into(),
        trace_header: None,
        started: states.aws.clock().now(),
        order: 0,
        seed: start.seed,
        status: Status::Running,
        stopped: None,
        output: None,
        error: None,
        cause: None,
        events: 0,
        redrives: None,
        parent: None,
    };
    let running = states.run_alone(row, machine, variables);
    let ended = running.ended().await;
    let ended = ended.ok_or_else(|| AwsError::internal("the test was lost"))?;
    let state = running.lock();
    let events = state.machine.awake().map(asl::Execution::events);
    let mut events = events.into_iter().flatten();
    let told = events.find_map(|event| match &event.details {
        Details::TaskSucceeded { output, .. } => Some(Mock::Result(output.text().to_string())),
        Details::TaskEnded { details, .. } => Some(Mock::Failure {
            error: details.error.clone(),
            cause: details.cause.clone(),
        }),
        _ => None,
    });
    let exchange = running.trace.as_ref().and_then(|trace| trace.get());
    let mock = told.or(match ended.status {
        Status::Succeeded => None,
        Status::TimedOut => Some(Mock::Failure {
            error: Some("States.Timeout".to_owned()),
            cause: None,
        }),
        _ => Some(Mock::Failure {
            error: ended.error.as_deref().map(str::to_owned),
            cause: ended.cause.as_deref().map(str::to_owned),
        }),
    });
    Ok((mock, exchange.cloned()))
}

impl Names {
    fn start(&self, input: &str, seed: u64) -> Start {
        Start {
            execution_arn: self.execution_arn.clone(),
            name: self.name.clone(),
            state_machine_arn: arn::state_machine(&self.scope, &self.machine),
            state_machine_name: self.machine.clone(),
            role_arn: self.role_arn.clone().unwrap_or_default(),
            kind: Kind::Express,
            synchronous: true,
            input: input.to_owned(),
            seed,
            map_item: None,
        }
    }
}
