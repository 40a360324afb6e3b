//! Health checks: a command inside the container, again and again.

use std::time::Duration;

use serde_json::Value;

use crate::Aws;
use crate::ecs::engine::Inside;
use crate::params::Params;

/// Pause between two checks under a virtual clock, which would run ahead of the process.
const SOON: Duration = Duration::from_millis(50);

/// A container's check with ECS's defaults. All its times are real ones, as all that containers do.
pub(super) struct HealthCheck {
    command: Vec<String>,
    interval: Duration,
    timeout: Duration,
    retries: u32,
    start_period: Duration,
}

impl HealthCheck {
    /// The check of a container, where it has one.
    pub(super) fn of(container: &Value) -> Option<Self> {
        let check = container.map("healthCheck")?;
        let words = check.texts("command");
        let (kind, words) = words.split_first()?;
        let command = match kind.as_str() {
            "NONE" => return None,
            "CMD" => words.to_vec(),
            "CMD-SHELL" => {
                let shell = ["/bin/sh", "-c"].map(str::to_owned);
                shell.into_iter().chain([words.join(" ")]).collect()
            }
            // Docker's older form: the words are the command.
            _ => check.texts("command"),
        };
        let seconds = |name: &str, default: i64, range: (i64, i64)| {
            let given = check
                .number(name)
                .unwrap_or(default)
                .clamp(range.0, range.1);
            Duration::from_secs(given.unsigned_abs())
        };
        Some(Self {
            command,
            interval: seconds("interval", 30, (5, 300)),
            timeout: seconds("timeout", 5, (2, 60)),
            retries: u32::try_from(check.number("retries").unwrap_or(3).clamp(1, 10)).unwrap_or(3),
            start_period: seconds("startPeriod", 0, (0, 300)),
        })
    }

    /// Checks until the verdict is another than `before`.
    pub(super) async fn verdict(
        &self,
        aws: &Aws,
        inside: &dyn Inside,
        before: Option<bool>,
    ) -> bool {
        let pause = if aws.clock().is_fast() {
            SOON
        } else {
            self.interval
        };
        let grace = tokio::time::Instant::now() + self.start_period;
        let mut failed = 0;
        loop {
            tokio::time::sleep(pause).await;
            let checked = inside.succeeds(&self.command);
            let well = tokio::time::timeout(self.timeout, checked)
                .await
                .unwrap_or(false);
            if well {
                failed = 0;
            } else if before.is_some() || tokio::time::Instant::now() >= grace {
                failed += 1;
            }
            let verdict = match (well, failed >= self.retries) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            };
            if verdict.is_some() && verdict != before {
                return well;
            }
        }
    }
}
