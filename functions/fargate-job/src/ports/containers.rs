//! The ports on ECS and ECR.

use serde_json::{Value, json};

use super::{Aws, Definitions, Tasks};
use crate::Error;

/// So many tasks `DescribeTasks` takes at once.
const AT_ONCE: usize = 100;

impl Tasks for Aws {
    async fn list(&self, cluster: &str, family: &str) -> Result<Vec<String>, Error> {
        let mut arns = Vec::new();
        for desired in ["RUNNING", "STOPPED"] {
            let mut input = json!({
                "cluster": cluster, "family": family, "desiredStatus": desired,
            });
            loop {
                let answer = self.api.call("ecs:ListTasks", &input).await?;
                let found = answer["taskArns"].as_array().into_iter().flatten();
                arns.extend(found.filter_map(Value::as_str).map(str::to_owned));
                match answer.get("nextToken") {
                    Some(token) if !token.is_null() => input["nextToken"] = token.clone(),
                    _ => break,
                }
            }
        }
        Ok(arns)
    }

    async fn describe(&self, cluster: &str, tasks: &[String]) -> Result<Vec<Value>, Error> {
        let mut described = Vec::new();
        for some in tasks.chunks(AT_ONCE) {
            let input = json!({ "cluster": cluster, "tasks": some });
            let answer = self.api.call("ecs:DescribeTasks", &input).await?;
            described.extend(answer["tasks"].as_array().into_iter().flatten().cloned());
        }
        Ok(described)
    }

    async fn stop_task(&self, cluster: &str, task: &str, reason: &str) -> Result<(), Error> {
        let input = json!({ "cluster": cluster, "task": task, "reason": reason });
        self.api.call("ecs:StopTask", &input).await.map(drop)
    }
}

impl Definitions for Aws {
    async fn definition(&self, name: &str) -> Result<Option<Value>, Error> {
        let input = json!({ "taskDefinition": name });
        match self.api.call("ecs:DescribeTaskDefinition", &input).await {
            Ok(answer) => Ok(answer.get("taskDefinition").cloned()),
            Err(error) if error.is("ClientException") => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn register(&self, definition: &Value) -> Result<String, Error> {
        let answer = self.api.call("ecs:RegisterTaskDefinition", definition);
        let answer = answer.await?;
        let arn = answer["taskDefinition"]["taskDefinitionArn"].as_str();
        Ok(arn.unwrap_or_default().to_owned())
    }

    async fn digest(
        &self,
        registry: &str,
        repository: &str,
        tag: &str,
    ) -> Result<Option<String>, Error> {
        let input = json!({
            "registryId": registry, "repositoryName": repository, "imageIds": [{ "imageTag": tag }],
        });
        match self.api.call("ecr:DescribeImages", &input).await {
            Ok(answer) => {
                let digest = answer["imageDetails"][0]["imageDigest"].as_str();
                Ok(digest.map(str::to_owned))
            }
            Err(error)
                if error.is("ImageNotFoundException")
                    || error.is("RepositoryNotFoundException") =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
