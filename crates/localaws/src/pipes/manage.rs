//! `CreatePipe`, `UpdatePipe`, `DescribePipe`, `DeletePipe`, `StartPipe`, `StopPipe`, `ListPipes`.

use serde_json::{Map, Value, json};

use super::Pipes;
use super::state::{Pipe, not_found};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

/// Members that are kept as they are given.
const KEPT: [&str; 10] = [
    "Description",
    "Source",
    "SourceParameters",
    "Enrichment",
    "EnrichmentParameters",
    "Target",
    "TargetParameters",
    "RoleArn",
    "LogConfiguration",
    "KmsKeyIdentifier",
];

impl Pipes {
    pub(super) async fn create_pipe(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("Name").unwrap_or_default();
        let now = self.aws.clock().now();
        let tags = input.map("Tags").into_iter().flatten();
        let pipe = Pipe {
            scope: call.scope.clone(),
            name: name.to_owned(),
            state: input.text("DesiredState").unwrap_or("RUNNING").to_owned(),
            created: now,
            modified: now,
            members: kept(input),
            tags: tags
                .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect(),
        };
        self.check(&call.scope, &pipe.members).await?;
        if !self.pipes.insert(&pipe.key(), pipe.clone()) {
            let message = format!("Pipe {name} already exists.");
            return Err(AwsError::new("ConflictException", message).with_status(409));
        }
        let shown = pipe.brief("CREATING");
        self.poll(pipe);
        Ok(shown)
    }

    pub(super) async fn update_pipe(&self, call: &Call) -> Result<Value, AwsError> {
        let mut pipe = self.pipe(call)?;
        let input = &call.input;
        // Parameters of the source are changed one by one, all else is replaced where it is given.
        let mut given = kept(input);
        if let (Some(Value::Object(changed)), Some(before)) = (
            given.get_mut("SourceParameters"),
            pipe.members.map("SourceParameters"),
        ) {
            for (name, value) in before {
                changed.entry(name).or_insert_with(|| value.clone());
            }
        }
        pipe.members.extend(given);
        if let Some(state) = input.text("DesiredState") {
            state.clone_into(&mut pipe.state);
        }
        pipe.modified = self.aws.clock().now();
        self.check(&call.scope, &pipe.members).await?;
        self.pipes.put(&pipe.key(), pipe.clone());
        let shown = pipe.brief("UPDATING");
        self.poll(pipe);
        Ok(shown)
    }

    pub(super) fn describe_pipe(&self, call: &Call) -> Result<Value, AwsError> {
        let pipe = self.pipe(call)?;
        let mut shown = pipe.brief(&pipe.state);
        if let Some(members) = shown.as_object_mut() {
            members.extend(pipe.members);
            members.insert("Tags".to_owned(), json!(pipe.tags));
        }
        Ok(shown)
    }

    pub(super) fn delete_pipe(&self, call: &Call) -> Result<Value, AwsError> {
        let pipe = self.pipe(call)?;
        self.pollers.stop(&pipe.key());
        self.pipes.remove(&pipe.key());
        let mut shown = pipe.brief("DELETING");
        shown["DesiredState"] = json!("DELETED");
        Ok(shown)
    }

    pub(super) fn set_state(&self, call: &Call, state: &str) -> Result<Value, AwsError> {
        let mut pipe = self.pipe(call)?;
        state.clone_into(&mut pipe.state);
        pipe.modified = self.aws.clock().now();
        self.pipes.put(&pipe.key(), pipe.clone());
        let current = if state == "RUNNING" {
            "STARTING"
        } else {
            "STOPPING"
        };
        let shown = pipe.brief(current);
        self.poll(pipe);
        Ok(shown)
    }

    pub(super) fn list_pipes(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let begins = |name: &str, value: &str| {
            input
                .filled(name)
                .is_none_or(|prefix| value.starts_with(prefix))
        };
        let is = |name: &str, value: &str| input.filled(name).is_none_or(|one| one == value);
        let pipes = self.pipes.scan(&call.scope.prefix()).into_iter();
        let wanted = pipes.map(|(_, pipe)| pipe).filter(|pipe| {
            begins("NamePrefix", &pipe.name)
                && begins("SourcePrefix", pipe.text("Source"))
                && begins("TargetPrefix", pipe.text("Target"))
                && is("DesiredState", &pipe.state)
                && is("CurrentState", &pipe.state)
        });
        let shown = wanted.map(|pipe| {
            let mut shown = pipe.brief(&pipe.state);
            shown["Source"] = json!(pipe.text("Source"));
            shown["Target"] = json!(pipe.text("Target"));
            shown
        });
        let limit = usize::try_from(input.number("Limit").unwrap_or(100)).unwrap_or(100);
        let key = |one: &Value| one.text("Name").unwrap_or_default().to_owned();
        let shown = page(shown.collect(), key, input.text("NextToken"), limit);
        let (pipes, next) = shown.ok_or_else(|| AwsError::validation("Invalid NextToken."))?;
        let mut output = json!({ "Pipes": pipes });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }

    fn pipe(&self, call: &Call) -> Result<Pipe, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        let found = self.pipes.get(&call.scope.key(name));
        found.ok_or_else(|| not_found(name))
    }
}

fn kept(input: &Value) -> Map<String, Value> {
    KEPT.iter()
        .filter_map(|name| Some(((*name).to_owned(), input.member(name)?.clone())))
        .collect()
}
