//! What the program says, and where: results on stdout, talk on stderr.

mod suggest;
mod table;
mod text;

use std::io::{IsTerminal, Write, stdin, stdout};
use std::sync::{Mutex, PoisonError};

use clap::{Args, ValueEnum};
use owo_colors::{OwoColorize, Style};
use serde_json::Value;
use tokio::sync::watch;

use crate::exit::Exit;
use crate::failure::{Failure, Result};

pub use suggest::suggest;
pub use table::{entries, table};
pub use text::{count, duration, moment, plain, shorten, time};

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
    /// What to say when the command is interrupted.
    goodbye: Mutex<Vec<String>>,
    /// Whether somebody interrupted; whoever asks a question listens.
    interrupted: watch::Sender<bool>,
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
            ..Self::quiet()
        }
    }

    /// A side that hears results only.
    pub fn quiet() -> Self {
        Self {
            format: Format::Text,
            quiet: true,
            goodbye: Mutex::default(),
            interrupted: watch::Sender::new(false),
        }
    }

    /// A side that hears talk only: the result was printed bit by bit.
    pub fn talk_only(&self) -> Self {
        Self {
            format: Format::Text,
            quiet: self.quiet,
            ..Self::quiet()
        }
    }

    /// Sets what is said when the command is interrupted from now on, a line each.
    pub fn on_interrupt(&self, lines: &[String]) {
        *self.goodbye.lock().unwrap_or_else(PoisonError::into_inner) = lines.to_vec();
    }

    /// Says it.
    pub(crate) fn say_goodbye(&self) {
        let lines = self.goodbye.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().for_each(|line| self.say(line));
    }

    /// Tells whoever asks a question that there will be no answer; false when nobody asks.
    pub(crate) fn interrupt(&self) -> bool {
        self.interrupted.send(true).is_ok()
    }

    /// Prints a result: the value for programs, the text for people (nothing if it is empty).
    pub fn result(&self, value: &Value, text: impl FnOnce() -> String) {
        let printed = match self.format {
            Format::Json => serde_json::to_string_pretty(value).unwrap_or_default(),
            Format::Text => text(),
        };
        if printed.is_empty() {
            return;
        }
        let mut stdout = anstream::stdout().lock();
        // A closed pipe (`footwork list | head -1`) is the reader's wish, not a failure.
        let _ = writeln!(stdout, "{}", printed.trim_end());
    }

    /// Prints a part of a result that comes bit by bit: a line each, for programs one JSON value.
    pub fn part(&self, value: &Value, text: impl FnOnce() -> String) {
        let printed = match self.format {
            Format::Json => value.to_string(),
            Format::Text => text(),
        };
        let _ = writeln!(anstream::stdout().lock(), "{printed}");
    }

    /// Prints what a container said, as it said it. Where the result is for programs, stdout is
    /// kept for that one value.
    pub fn log(&self, text: &str) {
        let _ = match self.format {
            Format::Json => writeln!(std::io::stderr().lock(), "{text}"),
            Format::Text => writeln!(stdout().lock(), "{text}"),
        };
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

    /// Refuses where nobody can be asked: questions need a terminal on both sides.
    pub fn can_ask(&self) -> Result<()> {
        if stdin().is_terminal() && stdout().is_terminal() {
            return Ok(());
        }
        Err(
            Failure::new("this needs a yes, and there is no terminal to ask on")
                .help("say `--yes` to go on without asking"),
        )
    }

    /// Asks before something happens. Everything but a yes is a no.
    pub async fn confirm(&self, question: &str) -> Result<bool> {
        self.can_ask()?;
        let mut interrupted = self.interrupted.subscribe();
        let _ = write!(anstream::stderr().lock(), "{question} [y/N] ");
        let answer = tokio::task::spawn_blocking(|| {
            let mut answer = String::new();
            stdin().read_line(&mut answer).map(|_| answer)
        });
        let answer = tokio::select! {
            answer = answer => answer.map_err(std::io::Error::other).flatten(),
            _ = interrupted.changed() => {
                self.say("");
                return Err(Failure::new("interrupted").exit(Exit::Interrupted));
            }
        };
        let answer = answer.map_err(|error| Failure::io("read the answer", &error))?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
    }
}
