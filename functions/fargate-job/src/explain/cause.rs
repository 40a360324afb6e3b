//! Why a container failed, in words: what a person needs before opening a console.

use super::class::{Class, Ended};

/// Lines of the log that are told.
pub(super) const LINES: u32 = 20;
/// Characters of the log that are told: a cause has 32,768 at most, and travels through the history.
const MOST: usize = 6_000;

/// What there is to tell.
pub(super) struct Told<'a> {
    pub(super) ended: &'a Ended,
    pub(super) timeout: u64,
    pub(super) attempt: u64,
    /// Group and stream.
    pub(super) log: Option<(&'a str, &'a str)>,
    pub(super) tail: &'a [String],
    pub(super) region: &'a str,
}

impl Told<'_> {
    pub(super) fn in_words(&self) -> String {
        let mut words = vec![format!("{} (attempt {})", self.what(), self.attempt)];
        if let Some(reason) = &self.ended.reason {
            words.push(format!("container: {reason}"));
        }
        match (&self.ended.stop_code, &self.ended.stopped_reason) {
            (Some(code), Some(reason)) => words.push(format!("task: {code}, {reason}")),
            (None, Some(reason)) => words.push(format!("start: {reason}")),
            (Some(code), None) => words.push(format!("task: {code}")),
            (None, None) => {}
        }
        words.extend(self.ended.task.as_ref().map(|task| task.to_string()));
        if let Some((group, stream)) = self.log {
            words.push(format!("log: {}", link(self.region, group, stream)));
        }
        let tail = tail(self.tail);
        match tail.is_empty() {
            true if self.log.is_some() => words.push("its log is empty".to_owned()),
            true => {}
            false => words.push(format!("its last lines:\n{tail}")),
        }
        words.join("; ")
    }

    fn what(&self) -> String {
        let code = self.ended.exit_code;
        let exited = code.map_or_else(
            || "the container did not run".to_owned(),
            |code| format!("the container exited with {code}"),
        );
        match self.ended.class {
            Class::Exit if code == Some(137) => {
                format!("{exited}, so it was killed, perhaps because of its memory")
            }
            Class::Exit | Class::None => exited,
            Class::OutOfMemory => "the container ran out of memory".to_owned(),
            Class::ImagePull => "its image could not be pulled".to_owned(),
            Class::Start => "the task could not be started".to_owned(),
            Class::Spot => "Spot took its capacity back".to_owned(),
            Class::Capacity => "there was no capacity".to_owned(),
            Class::Timeout => format!("it was not done after {} s, and was stopped", self.timeout),
            Class::Stopped => "somebody stopped the task".to_owned(),
            Class::Infrastructure => "ECS could not go on".to_owned(),
        }
    }
}

/// The last lines that fit.
fn tail(lines: &[String]) -> String {
    let mut kept = Vec::new();
    let mut left = MOST;
    for line in lines.iter().rev() {
        let length = line.chars().count() + 1;
        if length > left {
            break;
        }
        left -= length;
        kept.push(line.trim_end());
    }
    kept.reverse();
    kept.join("\n")
}

/// The stream in AWS's console, which wants its names encoded twice, with `$` for `%`.
fn link(region: &str, group: &str, stream: &str) -> String {
    let domain = match region.starts_with("cn-") {
        true => "console.amazonaws.cn",
        false => "console.aws.amazon.com",
    };
    let (group, stream) = (encoded(group), encoded(stream));
    format!(
        "https://{region}.{domain}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{group}/log-events/{stream}"
    )
}

fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("$25{byte:02X}")),
        }
    }
    out
}
