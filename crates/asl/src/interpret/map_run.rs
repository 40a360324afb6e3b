//! Distributed Maps: children that are executions of their own, run by the host.
//!
//! Longer than most files: the life of a map run from its items to its result is one thing. What a
//! redrive and `UpdateMapRun` do to it is in `again`.

mod again;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Map as Object, Value, json};

use super::fail::Failure;
use super::run::Flow;
use super::strand::{Activity, MapItem, Origin, Strand};
use super::{Execution, quantity};
use crate::data::Data;
use crate::env::{Env, Fault};
use crate::history::{Details, ErrorDetails};
use crate::machine::{Batcher, Distributed, Map, Quantity, Reader, State, StateKind};
use crate::port::{Action, ChildResult, MapRunId, Outcome, StartMapRun};

/// A map run in progress.
#[derive(Debug)]
pub(super) struct MapRun {
    id: MapRunId,
    arn: Arc<str>,
    /// The state's effective input.
    input: Data,
    items: Arc<Vec<Value>>,
    /// Whether the items are there.
    read: bool,
    /// Inputs made beforehand, where items come in batches.
    batches: Option<Vec<Data>>,
    next: usize,
    /// Children to run again, since a redrive.
    again: VecDeque<u64>,
    total: usize,
    limit: usize,
    origin: Origin,
    max_items: Option<usize>,
    running: BTreeSet<u64>,
    children: Vec<Option<Child>>,
    done: usize,
    failed: usize,
    tolerated_count: Option<u64>,
    tolerated_percentage: Option<f64>,
    writer: Option<Value>,
    /// Whether the results are being written.
    writing: bool,
    /// `MapRunStarted` or `MapRunRedriven`.
    started: u64,
    /// How often it was redriven.
    redriven: u64,
}

#[derive(Debug)]
struct Child {
    input: Arc<str>,
    outcome: Option<Outcome>,
}

impl MapRun {
    /// What the child of this index shows as its `$$.Map`.
    fn map_item(&self, index: usize) -> Value {
        match &self.batches {
            Some(_) => json!({"Item": {"Index": index}}),
            None => match self.item(index).context() {
                Some(context) => context.to_value(),
                None => json!({"Item": {"Index": index, "Value": null}}),
            },
        }
    }

    fn item(&self, index: usize) -> MapItem {
        MapItem {
            items: Arc::clone(&self.items),
            index,
            origin: self.origin.clone(),
        }
    }

    fn is_intolerable(&self) -> bool {
        let by_count = self
            .tolerated_count
            .is_some_and(|count| self.failed as u64 > count);
        let by_percentage = self
            .tolerated_percentage
            .is_some_and(|percentage| self.failed as f64 * 100.0 > percentage * self.total as f64);
        let none = self.tolerated_count.is_none() && self.tolerated_percentage.is_none();
        by_count || by_percentage || (none && self.failed > 0)
    }
}

impl Execution {
    pub(super) fn map_run(
        &mut self,
        strand: &mut Strand,
        state: &State,
        map: &Map,
        distributed: &Distributed,
        (input, items, limit): (Data, Arc<Vec<Value>>, u64),
        origin: Origin,
    ) -> Result<Flow, Fault> {
        let env = self.env(strand, &input);
        let tolerated_count = match &distributed.tolerated_count {
            Some(field) => Some(quantity::whole(field, &env)?),
            None => None,
        };
        let tolerated_percentage = match &distributed.tolerated_percentage {
            Some(field) => Some(quantity::percentage(field, &env)?),
            None => None,
        };
        let (reader, max_items) = match &distributed.reader {
            Some(reader) => {
                let (reader, max_items) = evaluated(reader, &env)?;
                (Some(reader), max_items)
            }
            None => (None, None),
        };
        let writer = match &distributed.writer {
            Some(writer) => Some(evaluated(writer, &env)?.0),
            None => None,
        };
        drop(env);
        let id = MapRunId(self.next_map_run);
        self.next_map_run += 1;
        let arn: Arc<str> = Arc::from(self.map_run_arn(&distributed.label));
        let run_arn = Arc::clone(&arn);
        let started = self.push(strand.last, Details::MapRunStarted { arn: run_arn });
        strand.last = started;
        let at_once = match usize::try_from(limit) {
            Ok(0) | Err(_) => self.limits.distributed_concurrency,
            Ok(limit) => limit.min(self.limits.distributed_concurrency),
        };
        self.map_runs.insert(id, strand.id);
        let has_reader = reader.is_some();
        let origin = reader.as_ref().map_or(origin, origin_of);
        self.actions.push(Action::StartMapRun(Box::new(StartMapRun {
            map_run: id,
            state: state.name.to_string(),
            pointer: state.pointer.clone(),
            label: distributed.label.clone(),
            arn: arn.to_string(),
            kind: distributed.kind,
            reader,
            max_concurrency: limit,
            tolerated_failure_count: tolerated_count.unwrap_or(0),
            tolerated_failure_percentage: tolerated_percentage.unwrap_or(0.0),
        })));
        let mut run = MapRun {
            id,
            arn,
            input,
            items: Arc::clone(&items),
            origin,
            read: false,
            batches: None,
            next: 0,
            again: VecDeque::new(),
            total: 0,
            limit: at_once,
            max_items: max_items
                .and_then(|n| usize::try_from(n).ok())
                .filter(|n| *n > 0),
            running: BTreeSet::new(),
            children: Vec::new(),
            done: 0,
            failed: 0,
            tolerated_count,
            tolerated_percentage,
            writer,
            writing: false,
            started,
            redriven: 0,
        };
        if max_items.is_some_and(|count| count < 0) {
            let failure = Failure::named(
                "States.ItemReaderFailed",
                "field MaxItems must be positive".to_owned(),
            );
            return Ok(Flow::Fail(self.map_run_failed(strand, run, failure)));
        }
        if has_reader {
            strand.activity = Activity::MapRun(Box::new(run));
            return Ok(Flow::Park);
        }
        self.take_items(strand, map, &mut run, items)?;
        self.advance(strand, state, run)
    }

    /// Deterministic, as all ids are: the run's part is drawn from the seed.
    fn map_run_arn(&mut self, label: &str) -> String {
        let uuid = self.random.borrow_mut().uuid();
        let prefix: Vec<&str> = self.start.execution_arn.splitn(6, ':').take(5).collect();
        format!(
            "{}:mapRun:{}/{label}:{uuid}",
            prefix.join(":"),
            self.start.state_machine_name
        )
    }

    fn take_items(
        &mut self,
        strand: &Strand,
        map: &Map,
        run: &mut MapRun,
        items: Arc<Vec<Value>>,
    ) -> Result<(), Fault> {
        run.items = items;
        run.read = true;
        run.total = run.items.len();
        let batcher = map
            .distributed
            .as_ref()
            .and_then(|map| map.batcher.as_ref());
        if let Some(batcher) = batcher {
            let batches =
                self.batches(strand, map, batcher, &run.input, (&run.items, &run.origin))?;
            run.total = batches.len();
            run.batches = Some(batches);
        }
        run.children.resize_with(run.total, || None);
        self.actions.push(Action::SizeMapRun {
            map_run: run.id,
            children: run.total as u64,
            items: run.items.len() as u64,
        });
        Ok(())
    }

    /// The inputs of children that get several items each.
    pub(super) fn batches(
        &self,
        strand: &Strand,
        map: &Map,
        batcher: &Batcher,
        input: &Data,
        (items, origin): (&Arc<Vec<Value>>, &Origin),
    ) -> Result<Vec<Data>, Fault> {
        let item = |index| MapItem {
            items: Arc::clone(items),
            index,
            origin: origin.clone(),
        };
        let env = self.env(strand, input);
        // AWS takes 0, and does not say what it means: no limit of its own here.
        let limit = |field: &Option<Quantity>, most: u64| match field {
            Some(field) => Ok(match quantity::whole(field, &env)? {
                0 => most,
                limit => limit.min(most),
            }),
            None => Ok(most),
        };
        let max_items = limit(&batcher.max_items, u64::MAX)?;
        let max_bytes = limit(&batcher.max_bytes, self.limits.payload_bytes as u64)?;
        let shared = match &batcher.input {
            Some(template) => Some(template.evaluate(&env)?),
            None => None,
        };
        let mut batches = Vec::new();
        let mut batch = Vec::new();
        let mut bytes = 0;
        for index in 0..items.len() {
            let item = self.item_input(strand, map, input, &item(index))?;
            let size = item.text().len() as u64 + 1;
            let full = batch.len() as u64 >= max_items || bytes + size > max_bytes;
            if full && !batch.is_empty() {
                batches.push(batch_input(shared.as_ref(), std::mem::take(&mut batch)));
                bytes = 0;
            }
            bytes += size;
            batch.push(item.value().clone());
        }
        if !batch.is_empty() {
            batches.push(batch_input(shared.as_ref(), batch));
        }
        Ok(batches)
    }

    /// Starts as many children as the limit allows, or ends the run when all are done.
    fn advance(
        &mut self,
        strand: &mut Strand,
        state: &State,
        mut run: MapRun,
    ) -> Result<Flow, Fault> {
        let StateKind::Map(map) = &state.kind else {
            return Ok(Flow::Park);
        };
        if run.is_intolerable() {
            let failure = Failure::named(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded".to_owned(),
            );
            return Ok(Flow::Fail(self.map_run_failed(strand, run, failure)));
        }
        if run.done == run.total {
            if let Some(writer) = run.writer.clone() {
                if !run.writing {
                    run.writing = true;
                    self.actions.push(Action::WriteResults {
                        map_run: run.id,
                        writer,
                        children: results(&run),
                    });
                }
                strand.activity = Activity::MapRun(Box::new(run));
                return Ok(Flow::Park);
            }
            let result = Data::list(&outputs(&run));
            return self.map_run_done(strand, state, &run, &result);
        }
        self.run_again(&mut run);
        while run.next < run.total && run.running.len() < run.limit {
            let index = run.next;
            let map_item = run.map_item(index);
            let input = match &run.batches {
                Some(batches) => batches.get(index).cloned(),
                None => match self.item_input(strand, map, &run.input, &run.item(index)) {
                    Ok(input) => Some(input),
                    Err(fault) => {
                        self.end_run(&run, "FAILED");
                        return Err(fault);
                    }
                },
            };
            let input = input.unwrap_or_else(|| Data::new(Value::Null));
            run.next += 1;
            run.running.insert(index as u64);
            if let Some(slot) = run.children.get_mut(index) {
                *slot = Some(Child {
                    input: Arc::clone(input.text()),
                    outcome: None,
                });
            }
            self.actions.push(Action::StartChild {
                map_run: run.id,
                index: index as u64,
                input: input.text().to_string(),
                map_item,
            });
        }
        strand.activity = Activity::MapRun(Box::new(run));
        Ok(Flow::Park)
    }

    fn map_run_done(
        &mut self,
        strand: &mut Strand,
        state: &State,
        run: &MapRun,
        result: &Data,
    ) -> Result<Flow, Fault> {
        let succeeded = self.push(run.started, Details::MapRunSucceeded);
        let state_type = state.kind.name();
        self.push(succeeded, Details::StateSucceeded { state_type });
        strand.last = run.started;
        self.end_run(run, "SUCCEEDED");
        self.complete(strand, state, Some(result)).map(Flow::Leave)
    }

    /// The run stays with the strand, for a redrive.
    fn map_run_failed(&mut self, strand: &mut Strand, run: MapRun, failure: Failure) -> Failure {
        let details = ErrorDetails {
            error: failure.error.clone(),
            cause: failure.cause.clone(),
        };
        strand.last = self.push(run.started, Details::MapRunFailed(details));
        self.end_run(&run, "FAILED");
        strand.activity = Activity::MapRun(Box::new(run));
        failure
    }

    fn end_run(&mut self, run: &MapRun, status: &'static str) {
        self.map_runs.remove(&run.id);
        for index in &run.running {
            self.actions.push(Action::StopChild {
                map_run: run.id,
                index: *index,
            });
        }
        self.actions.push(Action::EndMapRun {
            map_run: run.id,
            status,
        });
    }

    /// The state that waits for the run is given up.
    pub(super) fn abort_map_run(&mut self, strand: &mut Strand) {
        if let Activity::MapRun(run) = &strand.activity {
            if self.status == super::Status::Running {
                self.push(run.started, Details::MapRunAborted);
            }
            self.end_run(run, "ABORTED");
        }
    }

    fn take_map_run(&mut self, id: MapRunId) -> Option<(Strand, MapRun)> {
        let strand = *self.map_runs.get(&id)?;
        let mut strand = self.strands.remove(&strand)?;
        match std::mem::replace(&mut strand.activity, Activity::Enter) {
            Activity::MapRun(run) => Some((strand, *run)),
            other => {
                strand.activity = other;
                self.park(strand);
                None
            }
        }
    }

    /// Runs `then` on the strand and state of a map run, and carries on with what comes of it.
    fn with_run(
        &mut self,
        id: MapRunId,
        then: impl FnOnce(&mut Self, &mut Strand, &State, MapRun) -> Result<Flow, Fault>,
    ) {
        let Some((mut strand, run)) = self.take_map_run(id) else {
            return;
        };
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        let flow = match then(self, &mut strand, state, run) {
            Ok(flow) => flow,
            Err(fault) => Flow::Fail(self.fault(&mut strand, state, fault)),
        };
        self.follow(strand, state, flow);
    }

    pub(super) fn items_read(&mut self, id: MapRunId, items: Result<Vec<Value>, (String, String)>) {
        self.with_run(id, |execution, strand, state, mut run| {
            let mut items = match items {
                Ok(items) => items,
                Err((error, cause)) => {
                    let failure = Failure::named(&error, cause);
                    return Ok(Flow::Fail(execution.map_run_failed(strand, run, failure)));
                }
            };
            if let Some(most) = run.max_items {
                items.truncate(most);
            }
            let StateKind::Map(map) = &state.kind else {
                return Ok(Flow::Park);
            };
            execution.take_items(strand, map, &mut run, Arc::new(items))?;
            execution.advance(strand, state, run)
        });
    }

    pub(super) fn child_finished(&mut self, id: MapRunId, index: u64, outcome: Outcome) {
        self.with_run(id, |execution, strand, state, mut run| {
            let child = usize::try_from(index)
                .ok()
                .and_then(|index| run.children.get_mut(index)?.as_mut());
            if let Some(child) = child
                && run.running.remove(&index)
            {
                run.done += 1;
                run.failed += usize::from(!matches!(outcome, Outcome::Succeeded { .. }));
                child.outcome = Some(outcome);
            }
            execution.advance(strand, state, run)
        });
    }

    pub(super) fn results_written(
        &mut self,
        id: MapRunId,
        output: Result<Value, (String, String)>,
    ) {
        self.with_run(id, |execution, strand, state, run| match output {
            Ok(output) => execution.map_run_done(strand, state, &run, &Data::new(output)),
            Err((error, cause)) => {
                let failure = Failure::named(&error, cause);
                Ok(Flow::Fail(execution.map_run_failed(strand, run, failure)))
            }
        });
    }
}

/// Where the items of a reader come from: "Context object" in the developer guide.
fn origin_of(reader: &Value) -> Origin {
    let text = |pointer: &str| reader.pointer(pointer).and_then(Value::as_str);
    let argument = |name: &str| {
        let places = ["Arguments", "Parameters"].iter();
        let mut places = places.map(|field| format!("/{field}/{name}"));
        places.find_map(|place| text(&place))
    };
    let flattened = text("/ReaderConfig/Transformation") == Some("LOAD_AND_FLATTEN");
    let manifest = text("/ReaderConfig/InputType") == Some("MANIFEST")
        || text("/ReaderConfig/ManifestType").is_some();
    let lists = text("/Resource").is_some_and(|arn| arn.ends_with("s3:listObjectsV2"));
    match (argument("Bucket"), argument("Key")) {
        _ if flattened || manifest => Origin::Files,
        (Some(bucket), _) if lists => Origin::Reader(format!("S3://{bucket}").into()),
        (Some(bucket), Some(key)) => Origin::Reader(format!("S3://{bucket}/{key}").into()),
        _ => Origin::Files,
    }
}

/// The field with its arguments, and how many items it asks for.
fn evaluated(reader: &Reader, env: &Env<'_>) -> Result<(Value, Option<i64>), Fault> {
    let mut value: Object<String, Value> = reader.fixed.clone();
    if let Some((field, template)) = &reader.arguments {
        value.insert((*field).to_owned(), template.evaluate(env)?);
    }
    let mut max_items = None;
    if let Some(field) = &reader.max_items {
        let found = quantity::signed(field, env)?;
        max_items = Some(found);
        if let Some(config) = value.get_mut("ReaderConfig").and_then(Value::as_object_mut) {
            config.remove("MaxItemsPath");
            config.insert("MaxItems".to_owned(), found.into());
        }
    }
    Ok((Value::Object(value), max_items))
}

fn batch_input(shared: Option<&Value>, items: Vec<Value>) -> Data {
    Data::new(match shared {
        Some(shared) => json!({"BatchInput": shared, "Items": items}),
        None => json!({ "Items": items }),
    })
}

/// Outputs of the children that succeeded, by index.
fn outputs(run: &MapRun) -> Vec<Data> {
    let outcomes = run.children.iter().flatten();
    outcomes
        .filter_map(|child| match &child.outcome {
            Some(Outcome::Succeeded { output }) => {
                Some(Data::from_text(output).unwrap_or_else(|_| Data::new(output.clone().into())))
            }
            _ => None,
        })
        .collect()
}

fn results(run: &MapRun) -> Vec<ChildResult> {
    let children = run.children.iter().enumerate();
    children
        .filter_map(|(index, child)| {
            let child = child.as_ref()?;
            Some(ChildResult {
                index: index as u64,
                input: child.input.to_string(),
                outcome: child.outcome.clone()?,
            })
        })
        .collect()
}
