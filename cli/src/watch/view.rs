//! What is shown of an execution while it goes on, by whoever watches.

use aws_sdk_sfn::types::HistoryEvent;

use super::containers::LogLine;

/// Somebody who is told what happens, in order.
pub trait View: Send {
    /// An event of the history.
    fn event(&mut self, event: &HistoryEvent);
    /// A container said something.
    fn line(&mut self, line: &LogLine);
    /// How far something is that goes on.
    fn status(&mut self, status: String);
    /// Something worth a look.
    fn remark(&mut self, remark: &str);
}
