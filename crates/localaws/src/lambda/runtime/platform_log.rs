//! The lines that Lambda itself logs around an invocation, in both of its formats.
//!
//! Formats: "Lambda log formats" in the Lambda developer guide.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::outcome::Status;
use super::pool::Spec;

/// Writes the platform's lines for one version of a function.
pub(super) struct PlatformLog<'a> {
    pub(super) spec: &'a Spec,
    pub(super) now: Timestamp,
}

/// What the line at the end of an invocation reports.
pub(super) struct Report<'a> {
    pub(super) request_id: &'a str,
    pub(super) duration: Duration,
    /// Only of the first invocation of a process.
    pub(super) init: Option<Duration>,
    /// MB; unknown where the system does not tell.
    pub(super) memory: Option<u64>,
    pub(super) status: &'a Status,
}

impl PlatformLog<'_> {
    fn json(&self) -> bool {
        self.spec.configuration.logging_config.log_format == "JSON"
    }

    fn event(&self, kind: &str, record: Value) -> String {
        let time = self.now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        format!(
            "{}\n",
            json!({ "time": time, "type": kind, "record": record })
        )
    }

    pub(super) fn init_start(&self) -> String {
        let runtime = self.spec.configuration.runtime.replacen('.', ":", 1);
        match self.json() {
            true => self.event(
                "platform.initStart",
                json!({
                    "initializationType": "on-demand",
                    "phase": "init",
                    "runtimeVersion": runtime,
                    "functionName": self.spec.name,
                    "functionVersion": self.spec.configuration.version,
                }),
            ),
            false => format!("INIT_START Runtime Version: {runtime}\n"),
        }
    }

    pub(super) fn init_report(&self, duration: Duration, status: &Status) -> String {
        match self.json() {
            true => self.event(
                "platform.initReport",
                json!({
                    "initializationType": "on-demand",
                    "phase": "init",
                    "status": status.word(),
                    "metrics": { "durationMs": rounded(duration) },
                }),
            ),
            false => format!(
                "INIT_REPORT Init Duration: {:.2} ms\tPhase: init{}\n",
                milliseconds(duration),
                status.text()
            ),
        }
    }

    pub(super) fn start(&self, request_id: &str) -> String {
        let version = &self.spec.configuration.version;
        match self.json() {
            true => self.event(
                "platform.start",
                json!({ "requestId": request_id, "version": version }),
            ),
            false => format!("START RequestId: {request_id} Version: {version}\n"),
        }
    }

    /// What is logged of an invocation that the function itself did not end.
    pub(super) fn failure(
        &self,
        request_id: &str,
        status: &Status,
        message: &str,
    ) -> Option<String> {
        match status {
            _ if self.json() => None,
            Status::Success | Status::FunctionError => None,
            Status::Timeout => {
                let time = self.now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ");
                let task = message
                    .split_once("Error: ")
                    .map_or(message, |(_, task)| task);
                Some(format!("{time} {request_id} {task}\n\n"))
            }
            Status::Failed(kind) => Some(format!("{message}\n{kind}\n")),
        }
    }

    pub(super) fn end(&self, request_id: &str) -> Option<String> {
        (!self.json()).then(|| format!("END RequestId: {request_id}\n"))
    }

    pub(super) fn report(&self, report: &Report<'_>) -> String {
        let memory_size = self.spec.configuration.memory_size;
        let billed = report.duration + report.init.unwrap_or_default();
        let billed = milliseconds(billed).ceil();
        if self.json() {
            let mut metrics = json!({
                "durationMs": rounded(report.duration),
                "billedDurationMs": billed,
                "memorySizeMB": memory_size,
            });
            if let Some(memory) = report.memory {
                metrics["maxMemoryUsedMB"] = memory.into();
            }
            if let Some(init) = report.init {
                metrics["initDurationMs"] = rounded(init).into();
            }
            let mut record = json!({
                "requestId": report.request_id,
                "metrics": metrics,
                "status": report.status.word(),
            });
            if let Status::Failed(kind) = report.status {
                record["errorType"] = kind.as_str().into();
            }
            return self.event("platform.report", record);
        }
        let mut line = format!(
            "REPORT RequestId: {}\tDuration: {:.2} ms\tBilled Duration: {billed} ms\tMemory Size: \
             {memory_size} MB\t",
            report.request_id,
            milliseconds(report.duration),
        );
        if let Some(memory) = report.memory {
            line.push_str(&format!("Max Memory Used: {memory} MB\t"));
        }
        if let Some(init) = report.init {
            line.push_str(&format!("Init Duration: {:.2} ms\t", milliseconds(init)));
        }
        line.push_str(report.status.text().trim_start());
        line.push('\n');
        line
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn rounded(duration: Duration) -> f64 {
    (milliseconds(duration) * 1000.0).round() / 1000.0
}
