//! Errors as a person reads them: what, why, and how to mend it.

use std::error::Error as StdError;
use std::fmt;

use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::exit::Exit;

/// Result of everything that a command does.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a command gave up.
#[derive(Debug)]
pub struct Failure {
    /// One sentence, lower case, no full stop.
    pub what: String,
    /// What to type or change, one line each.
    pub help: Vec<String>,
    /// Exit code; [`Exit::Misused`] unless said otherwise.
    pub exit: Exit,
}

impl Failure {
    /// A failure that the user, the configuration or AWS is to blame for.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: Vec::new(),
            exit: Exit::Misused,
        }
    }

    /// Adds a line that says how to mend it.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// Sets the exit code.
    #[must_use]
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// AWS refused or could not be reached.
    pub fn aws<E, R>(doing: &str, error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
        R: fmt::Debug + Send + Sync + 'static,
    {
        let (code, message) = (error.code(), error.message());
        match (code, message) {
            (Some(code), message) => {
                let message = message.unwrap_or("no message");
                let failure = Self::new(format!("cannot {doing}: {message} ({code})"));
                match code {
                    "ExpiredToken"
                    | "ExpiredTokenException"
                    | "InvalidClientTokenId"
                    | "UnrecognizedClientException" => {
                        failure.help("check the credentials, or name others with `--profile`")
                    }
                    _ => failure,
                }
            }
            (None, _) => {
                let reason = DisplayErrorContext(&error).to_string();
                Self::new(format!("cannot {doing}: {reason}")).help(
                    "is the endpoint reachable, and are credentials and region set? try `--profile`, `--region` or `--local`",
                )
            }
        }
    }

    /// A file could not be read or written.
    pub fn io(doing: impl fmt::Display, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {doing}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        for line in &self.help {
            write!(f, "\nhelp: {line}")?;
        }
        Ok(())
    }
}

impl StdError for Failure {}
