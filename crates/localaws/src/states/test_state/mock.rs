//! The mock and the configuration of a test, and what AWS refuses about them.

use asl::{Mock, Pattern, Resource};
use serde_json::Value;

use crate::AwsError;
use crate::states::input::Input;
use crate::states::map_run::item_format;

use super::fields;
use super::subject::Subject;

/// What a request asks for beside the state.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) mock: Option<Mock>,
    mode: Mode,
    pub(super) retried: u64,
    pub(super) failed_iterations: Option<u64>,
    reader_data: Option<String>,
    /// Whether a state inside of a Map or Parallel state is named that a mocked error is of. Which
    /// one makes no difference in what is recorded.
    names_culprit: bool,
}

/// How far a mocked result is compared with the API's model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Types, limits, and that required fields are there.
    Strict,
    /// Types and limits of what is there.
    Present,
    /// Not at all.
    None,
}

impl Asked {
    /// Reads what can be judged without the state.
    pub(super) fn read(input: Input<'_>) -> Result<Self, AwsError> {
        let given = input.0.get("mock").map(Input);
        let result = given.and_then(|mock| mock.text("result"));
        let failure = given.and_then(|mock| mock.0.get("errorOutput"));
        let mock = match (result, failure) {
            (Some(_), Some(_)) => {
                return Err(AwsError::validation(
                    "A test mock should have only one of the following fields: [result, \
                     errorOutput].",
                ));
            }
            (Some(result), None) => Some(Mock::Result(result.to_owned())),
            (None, Some(failure)) => {
                let text = |member| Input(failure).text(member).map(str::to_owned);
                Some(Mock::Failure {
                    error: text("error"),
                    cause: text("cause"),
                })
            }
            (None, None) => None,
        };
        if mock.is_some() && input.flag("revealSecrets") {
            return Err(AwsError::validation(
                "TestState does not support RevealSecrets when a mock is specified.",
            ));
        }
        let mode = match given.map(|mock| mock.one_of("fieldValidationMode", &fields::MODES)) {
            None => Mode::Strict,
            Some(mode) => match mode? {
                Some("NONE") => Mode::None,
                Some("PRESENT") => Mode::Present,
                _ => Mode::Strict,
            },
        };
        let configuration = input.0.get("stateConfiguration");
        let setting = |name: &str| configuration?.get(name);
        if mock.is_none() {
            // Recorded for `MapIterationFailureCount`. The context, too, needs a mock by the API's
            // reference.
            let needs_mock = [
                ("RetrierRetryCount", setting("retrierRetryCount")),
                ("ErrorCausedByState", setting("errorCausedByState")),
                (
                    "MapIterationFailureCount",
                    setting("mapIterationFailureCount"),
                ),
                ("MapItemReaderData", setting("mapItemReaderData")),
                ("Context", input.0.get("context")),
            ];
            if let Some((name, _)) = needs_mock.iter().find(|(_, given)| given.is_some()) {
                return Err(AwsError::validation(format!(
                    "TestState does not support {name} when a mock is not specified."
                )));
            }
        }
        let reader_data = setting("mapItemReaderData").and_then(Value::as_str);
        Ok(Self {
            mock,
            mode,
            retried: setting("retrierRetryCount")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
            failed_iterations: setting("mapIterationFailureCount").and_then(Value::as_u64),
            reader_data: reader_data.map(str::to_owned),
            names_culprit: setting("errorCausedByState").is_some(),
        })
    }

    /// Checks that the mock is one for the state.
    pub(super) fn check(&self, subject: &Subject, has_role: bool) -> Result<(), AwsError> {
        let Some(mock) = &self.mock else {
            without_mock(subject)?;
            return match subject.kind() == "Task" && !has_role {
                true => Err(AwsError::validation(
                    "RoleArn must be specified when testing a Task state",
                )),
                false => Ok(()),
            };
        };
        let kind = subject.kind();
        if !matches!(kind, "Task" | "Map" | "Parallel") {
            return Err(AwsError::validation(format!(
                "State type '{kind}' is not supported when a mock is specified"
            )));
        }
        self.check_configuration(subject, kind)?;
        let Mock::Result(text) = mock else {
            return Ok(());
        };
        let result: Value = serde_json::from_str(text)
            .map_err(|_| AwsError::validation("Mocked result must be valid JSON"))?;
        match kind {
            "Parallel" => {
                let results = array(&result)?;
                let branches = subject.field("Branches").and_then(Value::as_array);
                if branches.is_some_and(|branches| branches.len() != results.len()) {
                    return Err(AwsError::validation(
                        "Mocked result must contain the same number of items as number of \
                         Parallel branches.",
                    ));
                }
            }
            "Map" if subject.field("ResultWriter").is_some() => {
                if !result.is_object() {
                    return Err(AwsError::validation("Mocked result must be a JSON object."));
                }
            }
            "Map" => {
                let results = array(&result)?;
                let failed = self.failed_iterations.unwrap_or_default();
                if failed > results.len() as u64 {
                    return Err(AwsError::validation(
                        "Map iteration failure count must be less than or equal to the number of \
                         Map iterations",
                    ));
                }
            }
            _ => fields::check(subject, &result, self.mode)?,
        }
        Ok(())
    }

    /// What the configuration tells must be something of the state. AWS's words are not known.
    fn check_configuration(&self, subject: &Subject, kind: &str) -> Result<(), AwsError> {
        let refuse = |why: String| Err(AwsError::validation(why));
        if self.failed_iterations.is_some() && kind != "Map" {
            return refuse(format!(
                "State type '{kind}' is not supported when MapIterationFailureCount is specified"
            ));
        }
        if self.reader_data.is_some() && subject.field("ItemReader").is_none() {
            return refuse(
                "MapItemReaderData can only be specified for a Map state with an ItemReader"
                    .to_owned(),
            );
        }
        if !self.names_culprit {
            return Ok(());
        }
        if !matches!(kind, "Map" | "Parallel") {
            return refuse(format!(
                "State type '{kind}' is not supported when ErrorCausedByState is specified"
            ));
        }
        if !matches!(self.mock, Some(Mock::Failure { .. })) {
            return refuse(
                "ErrorCausedByState can only be specified when an error is mocked".to_owned(),
            );
        }
        Ok(())
    }

    /// The items that an `ItemReader` would read.
    pub(super) fn items(&self, subject: &Subject) -> Result<Option<Vec<Value>>, AwsError> {
        let Some(text) = &self.reader_data else {
            return Ok(None);
        };
        let reader = subject.field("ItemReader");
        let config = reader.and_then(|reader| reader.get("ReaderConfig"));
        let config = config.cloned().unwrap_or_default();
        let mut items = item_format::parse(text, &config).map_err(|why| {
            // AWS's words are not known.
            AwsError::validation(format!("MapItemReaderData cannot be read: {why}"))
        })?;
        let most = config.get("MaxItems").and_then(Value::as_u64);
        if let Some(most) = most.and_then(|most| usize::try_from(most).ok()) {
            items.truncate(most);
        }
        Ok(Some(items))
    }
}

fn array(result: &Value) -> Result<&Vec<Value>, AwsError> {
    let wrong = || AwsError::validation("Mocked result must be an array.");
    result.as_array().ok_or_else(wrong)
}

/// What cannot be tested without a mock.
fn without_mock(subject: &Subject) -> Result<(), AwsError> {
    let refuse = |what: &str| {
        AwsError::new(
            "InvalidDefinition",
            format!(
                "TestState API does not support {what}. Supported state types include: [Task, \
                 Wait, Pass, Succeed, Fail, Choice]"
            ),
        )
    };
    if matches!(subject.kind(), "Map" | "Parallel") {
        return Err(refuse("Map or Parallel states"));
    }
    // AWS's words for these are not known.
    match subject.resource() {
        Some(Resource::Activity { .. }) => Err(refuse("Activity tasks")),
        Some(_) if subject.pattern() != Some(Pattern::RequestResponse) => Err(refuse(
            ".sync or .waitForTaskToken service integration patterns",
        )),
        _ => Ok(()),
    }
}
