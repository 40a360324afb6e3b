//! The ports on Step Functions, EventBridge and the logs.

use serde_json::{Value, json};

use super::{Aws, Events, Runs, Tails};
use crate::Error;

impl Runs for Aws {
    async fn status(&self, arn: &str) -> Result<Option<String>, Error> {
        let input = json!({ "executionArn": arn });
        match self.api.call("states:DescribeExecution", &input).await {
            Ok(answer) => Ok(answer["status"].as_str().map(str::to_owned)),
            Err(error) if error.is("ExecutionDoesNotExist") => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn stop_run(&self, arn: &str, error: &str, cause: &str) -> Result<(), Error> {
        let input = json!({ "executionArn": arn, "error": error, "cause": cause });
        match self.api.call("states:StopExecution", &input).await {
            Err(error) if !error.is("ExecutionDoesNotExist") => Err(error),
            _ => Ok(()),
        }
    }

    async fn wake(&self, token: &str, output: &Value) -> Result<bool, Error> {
        let input = json!({ "taskToken": token, "output": output.to_string() });
        match self.api.call("states:SendTaskSuccess", &input).await {
            Ok(_) => Ok(true),
            Err(error)
                if ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"]
                    .iter()
                    .any(|code| error.is(code)) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

impl Events for Aws {
    async fn publish(&self, entry: &Value) -> Result<(), Error> {
        const CALL: &str = "events:PutEvents";
        let answer = self.api.call(CALL, &json!({ "Entries": [entry] })).await?;
        match answer["FailedEntryCount"].as_u64() {
            None | Some(0) => Ok(()),
            _ => Err(Error::Unavailable {
                call: CALL,
                message: answer["Entries"].to_string(),
            }),
        }
    }
}

impl Tails for Aws {
    async fn tail(&self, group: &str, stream: &str, lines: u32) -> Result<Vec<String>, Error> {
        let input = json!({
            "logGroupName": group, "logStreamName": stream, "limit": lines, "startFromHead": false,
        });
        let answer = match self.api.call("logs:GetLogEvents", &input).await {
            Err(error) if error.is("ResourceNotFoundException") => return Ok(Vec::new()),
            answer => answer?,
        };
        let events = answer["events"].as_array().into_iter().flatten();
        let lines = events.filter_map(|event| event["message"].as_str());
        Ok(lines.map(str::to_owned).collect())
    }
}
