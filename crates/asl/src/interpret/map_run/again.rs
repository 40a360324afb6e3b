//! Map runs that go on after they ended, and those that are changed while they run.

use std::sync::Arc;

use super::super::Execution;
use super::super::run::Flow;
use super::super::strand::{Activity, Strand};
use super::MapRun;
use crate::history::Details;
use crate::port::{Action, MapRunId, Outcome};

impl Execution {
    /// Starts as many of the children that a redrive runs again as the limit allows.
    pub(super) fn run_again(&mut self, run: &mut MapRun) {
        while run.running.len() < run.limit {
            let Some(index) = run.again.pop_front() else {
                return;
            };
            let at = usize::try_from(index).unwrap_or(usize::MAX);
            let child = run.children.get(at).and_then(Option::as_ref);
            let input = child.map(|child| child.input.to_string());
            run.running.insert(index);
            self.actions.push(Action::RedriveChild {
                map_run: run.id,
                index,
                input: input.unwrap_or_default(),
                map_item: run.map_item(at),
            });
        }
    }

    /// A map run that ended without success goes on under its ARN: children that did not succeed
    /// run again, those that never ran are started.
    pub(in super::super) fn redrive_map_run(
        &mut self,
        mut strand: Strand,
        mut run: MapRun,
        redriven: u64,
    ) {
        if !run.read {
            // Its items were never there: the state begins a new one.
            strand.activity = Activity::Again;
            self.make_ready(strand);
            return;
        }
        run.redriven += 1;
        run.started = self.push(
            redriven,
            Details::MapRunRedriven {
                arn: Arc::clone(&run.arn),
                count: run.redriven,
            },
        );
        strand.last = run.started;
        let mut done = 0;
        for (index, child) in run.children.iter_mut().enumerate() {
            let Some(child) = child else { continue };
            if matches!(child.outcome, Some(Outcome::Succeeded { .. })) {
                done += 1;
            } else {
                child.outcome = None;
                run.again.push_back(index as u64);
            }
        }
        run.done = done;
        run.failed = 0;
        run.running.clear();
        run.writing = false;
        self.map_runs.insert(run.id, strand.id);
        self.actions.push(Action::RedriveMapRun {
            map_run: run.id,
            count: run.redriven,
        });
        let program = Arc::clone(&strand.program);
        let Some(state) = strand.state(&program) else {
            return;
        };
        let flow = match self.advance(&mut strand, state, run) {
            Ok(flow) => flow,
            Err(fault) => Flow::Fail(self.fault(&mut strand, state, fault)),
        };
        self.follow(strand, state, flow);
    }

    /// `UpdateMapRun`.
    pub(in super::super) fn map_run_updated(
        &mut self,
        id: MapRunId,
        max_concurrency: Option<u64>,
        tolerated_count: Option<u64>,
        tolerated_percentage: Option<f64>,
    ) {
        self.with_run(id, |execution, strand, state, mut run| {
            if let Some(limit) = max_concurrency {
                let most = execution.limits.distributed_concurrency;
                run.limit = match usize::try_from(limit) {
                    Ok(0) | Err(_) => most,
                    Ok(limit) => limit.min(most),
                };
            }
            run.tolerated_count = tolerated_count.or(run.tolerated_count);
            run.tolerated_percentage = tolerated_percentage.or(run.tolerated_percentage);
            if run.read {
                execution.advance(strand, state, run)
            } else {
                strand.activity = Activity::MapRun(Box::new(run));
                Ok(Flow::Park)
            }
        });
    }
}
