//! The live view: one line a finished state, and what goes on at this moment below them.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType};
use indicatif::{ProgressBar, ProgressStyle};

use super::containers::LogLine;
use super::history::{Line, describe};
use super::view::View;
use crate::ui::{Mark, Ui, duration, shorten};

/// States on stderr, and what containers say on stdout.
#[derive(Debug)]
pub struct Progress<'a> {
    ui: &'a Ui,
    /// Hides itself where stderr is no terminal.
    bar: ProgressBar,
    /// Names of states that were entered and not left, with the time of entry in seconds.
    open: BTreeMap<String, f64>,
}

impl<'a> Progress<'a> {
    /// The view of somebody at a terminal.
    pub fn new(ui: &'a Ui) -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self {
            ui,
            bar,
            open: BTreeMap::new(),
        }
    }

    fn print(&self, mark: Mark, line: &str) {
        self.bar.suspend(|| self.ui.mark(mark, line));
    }
}

impl View for Progress<'_> {
    fn event(&mut self, event: &HistoryEvent) {
        let at = event.timestamp().as_secs_f64();
        match describe(event) {
            Line::Entered(name) => {
                self.bar.set_message(name.clone());
                self.open.insert(name, at);
            }
            Line::Exited(name) => {
                let took = self.open.remove(&name).map_or(0.0, |from| at - from);
                let took = duration(Duration::try_from_secs_f64(took).unwrap_or_default());
                self.print(Mark::Good, &format!("{name:<28} {took}"));
            }
            // Whoever watches says how the execution ended.
            Line::Failed(..) if *event.r#type() == HistoryEventType::ExecutionFailed => {}
            Line::Failed(error, cause) => {
                let open: Vec<_> = self.open.keys().map(String::as_str).collect();
                let line = format!("{:<28} {error}: {}", open.join(", "), shorten(&cause, 300));
                self.print(Mark::Bad, &line);
            }
            Line::MapRun(_) | Line::Other => {}
        }
    }

    fn line(&mut self, line: &LogLine) {
        self.bar.suspend(|| self.ui.log(&line.text));
    }

    fn status(&mut self, status: String) {
        self.bar.set_message(status);
    }

    fn remark(&mut self, remark: &str) {
        self.print(Mark::Note, remark);
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
