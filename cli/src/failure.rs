//! Errors as a person reads them: what, why, and how to mend it.

use std::error::Error as StdError;
use std::fmt;

use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};

use crate::exit::Exit;
use crate::ui;

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
    /// Whether the same call may succeed later: it was throttled, or AWS was not reached.
    pub passing: bool,
}

impl Failure {
    /// A failure that the user, the configuration or AWS is to blame for.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: Vec::new(),
            exit: Exit::Misused,
            passing: false,
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
    pub fn aws<E>(doing: &str, error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        match (&error, error.code()) {
            (_, Some(code)) => {
                let message = error.message().unwrap_or("no message");
                Self::refused(doing, code, message)
            }
            (SdkError::ServiceError(answer), None) => {
                let status = answer.raw().status();
                Self::new(format!(
                    "cannot {doing}: the endpoint answered with HTTP status {status} and not in AWS's way"
                ))
                .help("is it an AWS endpoint? look at `--endpoint-url` and AWS_ENDPOINT_URL")
            }
            (_, None) => Self::unreached(doing, &reasons(&error)),
        }
    }

    /// AWS refused, with this code and message.
    pub(crate) fn refused(doing: &str, code: &str, message: &str) -> Self {
        // Some refusals repeat the whole request.
        let message = ui::shorten(&ui::plain(message), 1000);
        let mut failure = Self::new(format!("cannot {doing}: {message} ({code})"));
        failure.passing = code.starts_with("Throttl")
            || ["RequestLimitExceeded", "ServiceUnavailable", "SlowDown"].contains(&code);
        match code {
            "ExpiredToken"
            | "ExpiredTokenException"
            | "InvalidClientTokenId"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException" => {
                failure.help("check the credentials, or name others with `--profile`")
            }
            _ => failure,
        }
    }

    /// AWS was not reached, for this reason.
    pub(crate) fn unreached(doing: &str, reason: &str) -> Self {
        let about = |part: &str| reason.contains(part);
        if about("no credentials found") {
            return Self::new(format!("cannot {doing}: there are no credentials"))
                .help("name a profile with `--profile`, log in, or try `--local`");
        }
        let mut failure = Self::new(format!("cannot {doing}: {reason}"));
        if about("credential") || about("token") {
            return failure.help("log in again, or name another profile with `--profile`");
        }
        failure.passing = true;
        failure.help(if about("dns error") {
            "no such host: is the region right, and is there a network?"
        } else {
            "is the endpoint reachable?"
        })
    }

    /// A file could not be read or written.
    pub fn io(doing: impl fmt::Display, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {doing}: {error}"))
    }
}

/// Layers of the SDK that say nothing by their names.
const LAYERS: [&str; 4] = [
    "dispatch failure",
    "io error",
    "other",
    "client error (Connect)",
];

/// An error and its sources in one line, without what an error repeats of the one below it.
pub(crate) fn reasons(error: &(dyn StdError + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        next = error.source();
        let text = ui::plain(&error.to_string());
        let known = said.iter().any(|above| above.contains(&text));
        if !known && !LAYERS.contains(&text.as_str()) {
            said.push(text);
        }
    }
    ui::shorten(&said.join(": "), 1000)
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
