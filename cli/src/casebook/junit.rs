//! For CI: JUnit's XML, as most of its readers understand it.

use std::fmt::Write;

use cases::Run;

use super::Report;

/// A test suite a workflow, a test case a case; files that cannot be read are an error of a suite
/// of their own.
pub fn junit(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for suite in &report.suites {
        let failed = suite.runs.iter().filter(|run| !run.passed()).count();
        let name = escape(&suite.workflow.name);
        let all = suite.runs.len();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failed}\">"
        );
        for run in &suite.runs {
            case(&mut xml, &name, run);
        }
        xml.push_str("  </testsuite>\n");
    }
    if !report.faults.is_empty() {
        let all = report.faults.len();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"files\" tests=\"{all}\" errors=\"{all}\">"
        );
        for fault in &report.faults {
            let (path, message) = (fault.path.display().to_string(), &fault.message);
            let _ = writeln!(
                xml,
                "    <testcase classname=\"files\" name=\"{}\"><error message=\"{}\"/></testcase>",
                escape(&path),
                escape(message)
            );
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn case(xml: &mut String, suite: &str, run: &Run) {
    let name = escape(&run.name);
    let _ = write!(xml, "    <testcase classname=\"{suite}\" name=\"{name}\"");
    if run.passed() {
        xml.push_str("/>\n");
        return;
    }
    let mut lines = run.complaints.clone();
    lines.extend(run.differences.iter().map(ToString::to_string));
    let first = lines.first().and_then(|line| line.lines().next());
    let _ = writeln!(
        xml,
        "><failure message=\"{}\">{}</failure></testcase>",
        escape(first.unwrap_or_default()),
        escape(&lines.join("\n"))
    );
}

/// Makes a text fit for XML: what XML 1.0 cannot hold at all is replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            escape("</failure>\u{1b}[31m & \"x\"\n"),
            "&lt;/failure&gt;\u{fffd}[31m &amp; &quot;x&quot;\n"
        );
    }
}
