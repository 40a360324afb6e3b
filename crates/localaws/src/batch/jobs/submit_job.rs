//! `SubmitJob`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Job, Status};
use crate::batch::Inner;
use crate::batch::error::{all, check_name, client};
use crate::batch::tag;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::batch) fn submit_job(self: &Arc<Self>, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let text = |name: &str| input.text(name).unwrap_or_default();
        check_name("jobName", text("jobName"))?;
        for member in [
            "nodeOverrides",
            "eksPropertiesOverride",
            "ecsPropertiesOverride",
        ] {
            if input.member(member).is_some() {
                let what = format!("SubmitJob with {member}");
                return Err(AwsError::not_implemented("batch", &what));
            }
        }
        let mut faults = Vec::new();
        let queue = self.queue(&call.scope, text("jobQueue"));
        match &queue {
            None => faults.push(format!("JobQueue {} not found.", text("jobQueue"))),
            Some(queue) if queue.state != "ENABLED" => {
                faults.push(format!("{} is disabled.", queue.name));
            }
            Some(_) => {}
        }
        let definition = self.definition(&call.scope, text("jobDefinition"));
        let definition = definition.filter(|definition| definition.active);
        if definition.is_none() {
            let named = text("jobDefinition");
            faults.push(format!("JobDefinition {named} not found."));
        }
        let size = input.map("arrayProperties");
        let size = size.and_then(|array| array.number("size"));
        if size.is_some_and(|size| !(2..=10_000).contains(&size)) {
            faults.push("Array size must be between 2 and 10000.".to_owned());
        }
        for dependency in input.items("dependsOn") {
            match (dependency.filled("jobId"), dependency.text("type")) {
                (Some(id), _) if !self.jobs.contains(&call.scope.key(id)) => {
                    faults.push(format!("Job {id} not found."));
                }
                (None, None | Some("N_TO_N")) => {
                    faults.push("Dependencies must have a job id.".to_owned());
                }
                _ => {}
            }
        }
        all(faults)?;
        let (Some(queue), Some(definition)) = (queue, definition) else {
            return Err(client("Queue and job definition must exist."));
        };
        let mut tags = tag::given(input);
        if input.flag("propagateTags") {
            for (key, value) in &definition.tags {
                tags.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        let mut request = input.clone();
        if let Some(members) = request.as_object_mut() {
            members.shift_remove("tags");
        }
        let mut body = definition.body.clone();
        // What is asked of jobs may be asked of all that have the definition.
        body["tags"] = json!(definition.tags);
        let job = Job {
            scope: call.scope.clone(),
            id: self.aws.ids().uuid(),
            name: text("jobName").to_owned(),
            queue: queue.name,
            definition_arn: definition.arn(),
            definition: body,
            request,
            size: size.and_then(|size| u64::try_from(size).ok()),
            index: None,
            tags,
            status: Status::Submitted,
            reason: None,
            stop: None,
            cancelled: false,
            terminated: false,
            attempts: Vec::new(),
            created: self.aws.clock().now(),
            started: None,
            stopped: None,
        };
        self.jobs.put(&job.key(), job.clone());
        self.announce(&job);
        self.begin_life(job.key());
        Ok(json!({ "jobArn": job.arn(), "jobName": job.name, "jobId": job.id }))
    }
}
