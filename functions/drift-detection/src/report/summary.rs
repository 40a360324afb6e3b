//! The short form of a report: the result of the execution, and the message for people.

use serde::Serialize;

use super::{Report, coverage_line};
use crate::{Coverage, Finding, Outcome, Run};

/// Names listed at most; the report has them all.
const NAMES: usize = 50;

/// The counts of a run. `drifted + failed + notCovered + inSync` is `stacks`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Stacks of the plan.
    pub stacks: usize,
    /// Stacks that differ from their template.
    pub drifted: usize,
    /// Stacks that could not be checked, or not completely, and showed no drift.
    pub failed: usize,
    /// Stacks of which CloudFormation can compare nothing.
    pub not_covered: usize,
    /// Stacks in sync.
    pub in_sync: usize,
    /// Stacks that the input asks for but that were left out.
    pub skipped: usize,
    /// Differences in all stacks.
    pub differences: usize,
    /// Warnings in the report.
    pub warnings: usize,
    /// How many resources were compared.
    pub coverage: Coverage,
    /// Names of drifted stacks, 50 at most.
    pub drifted_stacks: Vec<String>,
    /// Names of stacks whose check is not complete, 50 at most.
    pub failed_stacks: Vec<String>,
    /// Where the report is, for people.
    pub report_uri: String,
    /// Where the report is, as Markdown.
    pub markdown_uri: String,
    /// Where the report is, for programs.
    pub json_uri: String,
}

impl Summary {
    /// Counts.
    pub(super) fn of(run: &Run, stacks: &[Finding], skipped: usize, warnings: usize) -> Self {
        let mut coverage = Coverage::default();
        stacks
            .iter()
            .for_each(|finding| coverage.add(&finding.coverage));
        let count = |outcome| {
            stacks
                .iter()
                .filter(|finding| finding.outcome == outcome)
                .count()
        };
        let names = |pick: fn(&Finding) -> bool| {
            stacks
                .iter()
                .filter(|finding| pick(finding))
                .take(NAMES)
                .map(|f| f.stack_name.clone())
                .collect()
        };
        Self {
            stacks: stacks.len(),
            drifted: count(Outcome::Drifted),
            failed: count(Outcome::Failed),
            not_covered: count(Outcome::NotCovered),
            in_sync: count(Outcome::InSync),
            skipped,
            differences: stacks.iter().map(|finding| finding.differences.len()).sum(),
            warnings,
            coverage,
            drifted_stacks: names(|finding| finding.outcome == Outcome::Drifted),
            failed_stacks: names(|finding| finding.problem.is_some()),
            report_uri: run.uri(&run.key("report.html")),
            markdown_uri: run.uri(&run.key("report.md")),
            json_uri: run.uri(&run.key("report.json")),
        }
    }

    /// The counts in one sentence without a full stop.
    pub(super) fn sentence(&self) -> String {
        let mut sentence = self.bad_news();
        for (count, what) in [
            (self.not_covered, "not covered"),
            (self.in_sync, "in sync"),
            (self.skipped, "skipped"),
        ] {
            if count > 0 {
                sentence.push_str(&format!(", {count} {what}"));
            }
        }
        sentence
    }

    fn bad_news(&self) -> String {
        let mut news = match self.drifted {
            0 => "no stack drifted".to_owned(),
            1 => "1 stack drifted".to_owned(),
            n => format!("{n} stacks drifted"),
        };
        if self.failed > 0 {
            news.push_str(&format!(", {} could not be checked", self.failed));
        }
        news
    }
}

/// A message for the topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notification {
    /// Subject: ASCII, less than 100 characters, as Amazon SNS demands.
    pub subject: String,
    /// Plain text.
    pub message: String,
}

impl Notification {
    /// Words a report as a message.
    pub(super) fn of(report: &Report) -> Self {
        let summary = &report.summary;
        let (region, account) = report.run.place();
        let mut message = format!("{} ({region}, account {account}).\n", summary.sentence());
        message.push_str(&format!("{}.\n", coverage_line(&summary.coverage)));
        for (title, names, all) in [
            ("Drifted", &summary.drifted_stacks, summary.drifted),
            (
                "Not completely checked",
                &summary.failed_stacks,
                report
                    .stacks
                    .iter()
                    .filter(|finding| finding.problem.is_some())
                    .count(),
            ),
        ] {
            if names.is_empty() {
                continue;
            }
            message.push_str(&format!("\n{title}:\n"));
            names
                .iter()
                .for_each(|name| message.push_str(&format!("- {name}\n")));
            if all > names.len() {
                message.push_str(&format!("- and {} more\n", all - names.len()));
            }
        }
        if summary.warnings > 0 {
            message.push_str(&format!(
                "\nWarnings: {}, see the report.\n",
                summary.warnings
            ));
        }
        message.push_str(&format!("\nReport: {}\n", summary.report_uri));
        message.push_str(&format!("Execution: {}\n", report.run.arn));
        Self {
            subject: format!("Drift in {region}: {}", summary.bad_news()),
            message,
        }
    }
}
