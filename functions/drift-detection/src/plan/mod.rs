//! `plan`: checks the input of a run, chooses the stacks and writes the plan that the map reads.
//!
//! Starts nothing: a run with a wrong input ends here, before any side effect.

mod glob;
mod select;
mod settings;
mod suggest;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ports::{Files, Stack, Stacks, all};
use crate::run::seconds;
use crate::{Error, Run, log};
use select::{Selection, select};
use settings::Settings;

pub use select::Skipped;
pub use settings::Notify;

/// What the workflow asks.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// The execution.
    pub run: Run,
    /// The execution's input, as somebody typed it.
    pub input: Value,
}

/// What the rest of the workflow needs to know. Its size does not depend on the number of stacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The execution, for the functions that follow.
    pub run: Run,
    /// Stacks to check.
    pub stacks: usize,
    /// Stacks that the input asks for but that are not checked.
    pub skipped: usize,
    /// Key of the stacks to check, a JSON document a line.
    pub plan_key: String,
    /// Prefix under which the map writes how its children ended.
    pub map_prefix: String,
    /// Stacks checked at the same time.
    pub max_concurrency: u32,
    /// Minutes after which the check of a stack is given up.
    pub stack_timeout_minutes: u32,
    /// When the topic gets a message.
    pub notify: Notify,
}

/// A line of the plan: a stack to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStack {
    /// Name of the stack.
    pub stack_name: String,
    /// ARN of the stack.
    pub stack_id: String,
    /// ARN of the stack that this one is nested in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
}

/// What the report says about the plan beside the stacks themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanNotes {
    /// The execution's input.
    pub input: Value,
    /// The stacks left out.
    pub skipped: Vec<Skipped>,
}

/// Handles a request.
pub async fn handle(request: Request, port: &(impl Stacks + Files)) -> Result<Response, Error> {
    let settings = Settings::read(&request.input)?;
    let run = &request.run;
    let now = seconds(&run.started_at)?;
    // ListStacks is the cheaper call, but does not know tags.
    let stacks = if settings.tags.is_empty() {
        all(|token| port.list(token)).await?
    } else {
        all(|token| port.describe(token)).await?
    };
    let Selection {
        chosen,
        skipped,
        missing,
    } = select(stacks, &settings, now);
    if !missing.is_empty() {
        let faults = missing
            .iter()
            .map(|name| format!("`include` names the stack `{name}`, which does not exist"));
        return Err(Error::InvalidInput(faults.collect()));
    }
    let response = Response {
        run: run.clone(),
        stacks: chosen.len(),
        skipped: skipped.len(),
        plan_key: run.key("plan.jsonl"),
        map_prefix: run.key("map"),
        max_concurrency: settings.max_concurrency,
        stack_timeout_minutes: settings.stack_timeout_minutes,
        notify: settings.notify,
    };
    let notes = PlanNotes {
        input: request.input.clone(),
        skipped,
    };
    let notes = serde_json::to_vec_pretty(&notes).map_err(broken)?;
    port.put(
        &run.bucket,
        &run.key("plan.json"),
        "application/json",
        notes,
    )
    .await?;
    port.put(
        &run.bucket,
        &response.plan_key,
        "application/x-ndjson",
        lines(chosen)?,
    )
    .await?;
    log::info(
        "planned",
        json!({ "run": run.name, "stacks": response.stacks, "skipped": response.skipped }),
    );
    Ok(response)
}

fn lines(stacks: Vec<Stack>) -> Result<Vec<u8>, Error> {
    let mut lines = Vec::new();
    for Stack {
        id,
        name,
        parent_id,
        ..
    } in stacks
    {
        let stack = PlannedStack {
            stack_name: name,
            stack_id: id,
            parent_id,
        };
        serde_json::to_writer(&mut lines, &stack).map_err(broken)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn broken(error: serde_json::Error) -> Error {
    Error::BrokenRun(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::memory::Memory;

    fn request(input: Value) -> Request {
        let run = json!({
            "name": "r1", "arn": "arn:aws:states:eu-west-1:111122223333:execution:drift:r1",
            "startedAt": "2026-11-22T10:00:00.123Z", "bucket": "reports",
        });
        Request {
            run: Run::deserialize(run).unwrap(),
            input,
        }
    }

    fn stack(name: &str, status: &str) -> Stack {
        let tags = vec![("team".to_owned(), name.to_owned())];
        Stack {
            id: format!("arn:{name}"),
            name: name.into(),
            status: status.into(),
            tags,
            ..Stack::default()
        }
    }

    fn account() -> Memory {
        let names = ["e", "d", "c", "b", "a"];
        let mut stacks: Vec<_> = names
            .into_iter()
            .map(|name| stack(name, "CREATE_COMPLETE"))
            .collect();
        stacks.push(stack("busy", "UPDATE_IN_PROGRESS"));
        Memory {
            stacks,
            ..Memory::default()
        }
    }

    #[tokio::test]
    async fn all_pages_end_up_in_the_plan() {
        let port = account();
        let response = handle(request(json!({"maxConcurrency": 2})), &port)
            .await
            .unwrap();
        assert_eq!(
            (response.stacks, response.skipped, response.max_concurrency),
            (5, 1, 2)
        );
        let plan = port.text("runs/r1/plan.jsonl").unwrap();
        let names: Vec<_> = plan
            .lines()
            .map(|l| serde_json::from_str::<PlannedStack>(l).unwrap().stack_name)
            .collect();
        assert_eq!(names, ["a", "b", "c", "d", "e"]);
        let notes: PlanNotes = port.json("runs/r1/plan.json");
        assert_eq!(notes.skipped[0].stack_name, "busy");
        assert_eq!(notes.input, json!({"maxConcurrency": 2}));
    }

    #[tokio::test]
    async fn tags_are_looked_up_when_asked_for() {
        let port = account();
        let response = handle(request(json!({"tags": {"team": "c"}})), &port)
            .await
            .unwrap();
        assert_eq!((response.stacks, response.skipped), (1, 0));
    }

    #[tokio::test]
    async fn a_wrong_input_has_no_side_effect() {
        let port = account();
        for input in [
            json!({"maxConcurrency": -1}),
            json!({"include": ["nowhere"]}),
        ] {
            let error = handle(request(input), &port).await.unwrap_err();
            assert_eq!(error.name(), "Drift.InvalidInput");
            assert_eq!(port.text("runs/r1/plan.json"), None);
        }
    }

    #[tokio::test]
    async fn no_stack_is_an_empty_plan() {
        let port = Memory::default();
        let response = handle(request(json!({})), &port).await.unwrap();
        assert_eq!(response.stacks, 0);
        assert_eq!(port.text("runs/r1/plan.jsonl").unwrap(), "");
    }
}
