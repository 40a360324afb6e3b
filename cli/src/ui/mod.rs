//! What the program says, and where: results on stdout, talk on stderr.

mod suggest;
mod table;

use std::io::{IsTerminal, Write, stdin, stdout};
use std::time::Duration;

use clap::{Args, ValueEnum};
use owo_colors::{OwoColorize, Style};
use serde_json::Value;

use crate::failure::{Failure, Result};

pub use suggest::suggest;
pub use table::table;

/// How results are printed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Form of the result on stdout
    #[arg(short, long, global = true, value_enum, default_value_t)]
    output: Format,
}

/// Form of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON value
    Json,
}

/// The person's side of the program.
#[derive(Debug)]
pub struct Ui {
    format: Format,
    quiet: bool,
}

/// What a line on stderr is about; decides its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Something ended well.
    Good,
    /// Something failed.
    Bad,
    /// Something began or goes on.
    Going,
    /// Worth a look.
    Note,
}

impl Ui {
    /// A person's side with the chosen form of results.
    pub fn new(args: &OutputArgs) -> Self {
        Self {
            format: args.output,
            quiet: false,
        }
    }

    /// A side that hears results only.
    pub fn quiet() -> Self {
        Self {
            format: Format::Text,
            quiet: true,
        }
    }

    /// Whether results are for programs.
    pub fn json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints a result: the value for programs, the text for people.
    pub fn result(&self, value: &Value, text: impl FnOnce() -> String) {
        let printed = if self.json() {
            serde_json::to_string_pretty(value).unwrap_or_default()
        } else {
            text()
        };
        let mut stdout = anstream::stdout().lock();
        // A closed pipe (`footwork list | head -1`) is the reader's wish, not a failure.
        let _ = writeln!(stdout, "{}", printed.trim_end());
    }

    /// Says a line.
    pub fn say(&self, line: impl AsRef<str>) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr().lock(), "{}", line.as_ref());
        }
    }

    /// Says a line in bold, with an empty line before it.
    pub fn heading(&self, line: impl AsRef<str>) {
        self.say(format!("\n{}", line.as_ref().bold()));
    }

    /// Says a line behind a mark.
    pub fn mark(&self, mark: Mark, line: impl AsRef<str>) {
        let (sign, style) = match mark {
            Mark::Good => ("✓", Style::new().green()),
            Mark::Bad => ("✗", Style::new().red()),
            Mark::Going => ("…", Style::new().dimmed()),
            Mark::Note => ("!", Style::new().yellow()),
        };
        self.say(format!("{} {}", sign.style(style), line.as_ref()));
    }

    /// Says why the program gives up.
    pub fn failure(&self, failure: &Failure) {
        self.say(format!("{} {}", "error:".red().bold(), failure.what));
        for line in &failure.help {
            self.say(format!("{} {line}", " help:".cyan()));
        }
    }

    /// Asks before something happens. Without a terminal nobody can be asked.
    pub fn confirm(&self, question: &str) -> Result<bool> {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(
                Failure::new("this needs a yes, and there is no terminal to ask on")
                    .help("look at it with `--dry-run`, then say `--yes`"),
            );
        }
        let _ = write!(anstream::stderr().lock(), "{question} [y/N] ");
        let mut answer = String::new();
        let read = stdin().read_line(&mut answer);
        read.map_err(|error| Failure::io("read the answer", &error))?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
    }
}

/// A duration as people say it: `350 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `5 d 3 h`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// `1 stack`, `2 stacks`.
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let said = [350, 4_200, 185_000, 7_800_000, 442_800_000]
            .map(|milliseconds| duration(Duration::from_millis(milliseconds)));
        assert_eq!(
            said,
            ["350 ms", "4.2 s", "3 min 5 s", "2 h 10 min", "5 d 3 h"]
        );
    }
}
