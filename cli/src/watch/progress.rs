//! The live view: one line a finished state, and what goes on at this moment below them.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType};
use indicatif::{ProgressBar, ProgressStyle};

use super::history::{Line, describe};
use crate::failure::{Failure, Result};
use crate::target::Target;
use crate::ui::{Mark, Ui, duration, shorten};

pub(super) struct Progress {
    /// Hides itself where stderr is no terminal.
    bar: ProgressBar,
    /// Names of states that were entered and not left, with the time of entry in seconds.
    open: BTreeMap<String, f64>,
    map_runs: Vec<String>,
}

impl Progress {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self {
            bar,
            open: BTreeMap::new(),
            map_runs: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, event: &HistoryEvent, ui: &Ui) {
        let at = event.timestamp().as_secs_f64();
        match describe(event) {
            Line::Entered(name) => {
                self.bar.set_message(name.clone());
                self.open.insert(name, at);
            }
            Line::Exited(name) => {
                let took = self.open.remove(&name).map_or(0.0, |from| at - from);
                let took = duration(Duration::try_from_secs_f64(took).unwrap_or_default());
                self.print(ui, Mark::Good, &format!("{name:<28} {took}"));
            }
            // Whoever watches says how the execution ended.
            Line::Failed(..) if *event.r#type() == HistoryEventType::ExecutionFailed => {}
            Line::Failed(error, cause) => {
                let open: Vec<_> = self.open.keys().map(String::as_str).collect();
                let line = format!("{:<28} {error}: {}", open.join(", "), shorten(&cause, 300));
                self.print(ui, Mark::Bad, &line);
            }
            Line::MapRun(arn) => self.map_runs.push(arn),
            Line::Other => {}
        }
    }

    fn print(&self, ui: &Ui, mark: Mark, line: &str) {
        self.bar.suspend(|| ui.mark(mark, line));
    }

    /// Shows how far the newest map run is.
    pub(super) async fn map_runs(&mut self, target: &Target) -> Result<()> {
        let Some(arn) = self.map_runs.last() else {
            return Ok(());
        };
        let found = target.sfn.describe_map_run().map_run_arn(arn).send().await;
        let found = found.map_err(|error| Failure::aws("read the map run", error))?;
        if let Some(counts) = found.item_counts() {
            let done = counts.succeeded() + counts.failed() + counts.aborted() + counts.timed_out();
            self.bar.set_message(format!(
                "{done} of {} items done, {} running",
                counts.total(),
                counts.running()
            ));
        }
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
