//! An execution for drawing: its definition, and how it went, the children of its distributed Maps
//! included. Read through AWS's API; nothing of it is computed here.

use asl::draw::{Iterations, Run};
use aws_sdk_sfn::types::{ExecutionListItem, HistoryEvent};
use serde_json::{Map, Value, json};

use crate::failure::{Failure, Result};
use crate::target::Target;
use crate::ui::Ui;
use crate::watch;

/// Histories of child executions that are read at the same time.
const AT_ONCE: usize = 8;

/// The definition that an execution ran with.
pub async fn definition(target: &Target, execution: &str) -> Result<(String, Value)> {
    let machine = target
        .sfn
        .describe_state_machine_for_execution()
        .execution_arn(execution)
        .send()
        .await
        .map_err(|error| Failure::aws("read the definition of the execution", error))?;
    let definition = serde_json::from_str(machine.definition()).map_err(|error| {
        Failure::new(format!(
            "the definition of the execution is not JSON: {error}"
        ))
    })?;
    Ok((machine.name().to_owned(), definition))
}

/// How an execution went. Of each distributed Map, so many child executions are read.
pub async fn run(target: &Target, execution: &str, children: usize, ui: &Ui) -> Result<Run> {
    let mut run = history(target, execution).await?;
    let maps: Vec<(String, Vec<String>)> = run
        .states
        .iter()
        .map(|(name, state)| (name.clone(), state.map_runs.clone()))
        .collect();
    for (name, map_runs) in maps {
        if map_runs.is_empty() {
            continue;
        }
        // The history knows their number, the map runs what became of them.
        run.states.entry(name.clone()).or_default().items = None;
        for map_run in map_runs {
            let items = items(target, &map_run).await?;
            let state = run.states.entry(name.clone()).or_default();
            let all = state.items.get_or_insert_default();
            all.total += items.total;
            all.succeeded += items.succeeded;
            all.failed += items.failed;
            if children > 0 {
                let child = children_of(target, &map_run, children, ui).await?;
                run.add(&child);
            }
        }
    }
    Ok(run)
}

async fn history(target: &Target, execution: &str) -> Result<Run> {
    let events = watch::events_after(target, execution, 0).await?;
    let events: Vec<Value> = events.iter().map(value).collect();
    Ok(Run::from_history(&events))
}

async fn items(target: &Target, map_run: &str) -> Result<Iterations> {
    let found = target
        .sfn
        .describe_map_run()
        .map_run_arn(map_run)
        .send()
        .await
        .map_err(|error| Failure::aws("read the map run", error))?;
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(found
        .item_counts()
        .map_or_else(Iterations::default, |items| Iterations {
            total: count(items.total()),
            succeeded: count(items.succeeded()),
            failed: count(items.failed()) + count(items.timed_out()) + count(items.aborted()),
        }))
}

/// The child executions of a map run; reading stops at the page with the one beyond `most`.
pub async fn children(
    target: &Target,
    map_run: &str,
    most: Option<usize>,
) -> Result<Vec<ExecutionListItem>> {
    let mut pages = target
        .sfn
        .list_executions()
        .map_run_arn(map_run)
        .into_paginator()
        .send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Failure::aws("list the child executions", error))?;
        found.extend(page.executions);
        if most.is_some_and(|most| found.len() > most) {
            break;
        }
    }
    Ok(found)
}

async fn children_of(target: &Target, map_run: &str, most: usize, ui: &Ui) -> Result<Run> {
    let found = children(target, map_run, Some(most)).await?;
    let found = found.into_iter().map(|child| child.execution_arn);
    let mut found: Vec<_> = found.collect();
    // Express executions have no history to ask for.
    found.retain(|arn| !arn.contains(":express:"));
    if found.len() > most {
        ui.say(format!(
            "drawn by the last {most} child executions of {map_run}; more with `--children`"
        ));
        found.truncate(most);
    }
    let mut all = Run::default();
    for group in found.chunks(AT_ONCE) {
        let mut reading = tokio::task::JoinSet::new();
        for child in group {
            let (target, child) = (target.clone(), child.clone());
            reading.spawn(async move { history(&target, &child).await });
        }
        while let Some(read) = reading.join_next().await {
            let read = read.map_err(|error| Failure::new(format!("a read failed: {error}")))?;
            all.add(&read?);
        }
    }
    Ok(all)
}

/// An event with the member names of the API: what a drawing looks at.
fn value(event: &HistoryEvent) -> Value {
    let mut value = json!({
        "id": event.id(),
        "previousEventId": event.previous_event_id(),
        "timestamp": event.timestamp().as_secs_f64(),
        "type": event.r#type().as_str(),
    });
    let mut details = Map::new();
    let mut put = |key: &str, text: Option<&str>| {
        if let Some(text) = text {
            details.insert(key.to_owned(), text.into());
        }
    };
    if let Some(entered) = event.state_entered_event_details() {
        put("name", Some(entered.name()));
    }
    if let Some(exited) = event.state_exited_event_details() {
        put("name", Some(exited.name()));
    }
    if let Some(started) = event.map_run_started_event_details() {
        put("mapRunArn", started.map_run_arn());
    }
    let iteration = event
        .map_iteration_started_event_details()
        .or_else(|| event.map_iteration_succeeded_event_details())
        .or_else(|| event.map_iteration_failed_event_details())
        .or_else(|| event.map_iteration_aborted_event_details());
    put("name", iteration.and_then(|iteration| iteration.name()));
    if let Some(failed) = event.evaluation_failed_event_details() {
        put("state", Some(failed.state()));
    }
    if let watch::Line::Failed(error, _) = watch::describe(event) {
        put(
            "error",
            Some(&error)
                .filter(|error| !error.is_empty())
                .map(String::as_str),
        );
    }
    if let Some(started) = event.map_state_started_event_details() {
        details.insert("length".to_owned(), started.length().into());
    }
    if let Some(object) = value.as_object_mut() {
        let member = format!("{}EventDetails", event.r#type());
        object.insert(member, Value::Object(details));
    }
    value
}

#[cfg(test)]
mod tests {
    use asl::draw::Outcome;
    use aws_sdk_sfn::primitives::DateTime;
    use aws_sdk_sfn::types::{
        HistoryEventType as Type, StateEnteredEventDetails, TaskFailedEventDetails,
    };

    use super::*;

    #[test]
    fn events_of_the_sdk_are_understood() {
        let event = |id: i64, kind| {
            HistoryEvent::builder()
                .id(id)
                .previous_event_id(id - 1)
                .timestamp(DateTime::from_secs(id))
                .r#type(kind)
        };
        let entered = StateEnteredEventDetails::builder().name("A").build();
        let failed = TaskFailedEventDetails::builder()
            .resource_type("sqs")
            .resource("sendMessage")
            .error("Broken")
            .build()
            .unwrap();
        let events = [
            event(1, Type::ExecutionStarted),
            event(2, Type::TaskStateEntered).state_entered_event_details(entered.unwrap()),
            event(3, Type::TaskScheduled),
            event(4, Type::TaskFailed).task_failed_event_details(failed),
            event(5, Type::ExecutionFailed),
        ];
        let events = events.map(|event| value(&event.build().unwrap()));
        let run = Run::from_history(&events);
        let state = &run.states["A"];
        assert_eq!(state.outcome(), Outcome::Failed);
        assert_eq!(state.error.as_deref(), Some("Broken"));
        assert_eq!(state.duration.unwrap().as_secs(), 3);
    }
}
