//! The variables of a container. Nothing of this program's own environment gets in.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::Task;
use crate::Aws;
use crate::arn::Arn;
use crate::params::Params;
use crate::process::credentials;

type Variables = BTreeMap<String, String>;

/// All variables of a container; the error is a reason as ECS gives it.
pub(super) async fn variables(
    aws: &Aws,
    task: &Task,
    container: &Value,
) -> Result<Variables, String> {
    let region = &task.scope.region;
    let execution = format!("AWS_ECS_{}", task.launch_type);
    let name = container.text("name").unwrap_or_default();
    let metadata = format!(
        "{}/_footwork/ecs/v4/{region}/{}/{}/{name}",
        aws.endpoint(),
        task.cluster,
        task.id
    );
    let mut variables: Variables = [
        (
            "HOSTNAME",
            format!("ip-127-0-0-1.{region}.compute.internal").as_str(),
        ),
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ENDPOINT_URL", aws.endpoint()),
        ("AWS_EXECUTION_ENV", &execution),
        ("ECS_CONTAINER_METADATA_URI_V4", &metadata),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    if let Some(role) = task.text("taskRoleArn") {
        let session = task.id.clone();
        for (name, value) in credentials(aws, &task.scope, role, &session).await {
            variables.insert(name.to_owned(), value);
        }
    }
    let overriding = task.container_override(name);
    for source in [Some(container), overriding].into_iter().flatten() {
        for file in source.items("environmentFiles") {
            variables.extend(from_file(aws, task, file.text("value").unwrap_or_default()).await?);
        }
    }
    for secret in container.items("secrets") {
        let from = secret.text("valueFrom").unwrap_or_default();
        let value = secret_value(aws, task, from).await?;
        variables.insert(secret.text("name").unwrap_or_default().to_owned(), value);
    }
    for source in [Some(container), overriding].into_iter().flatten() {
        for pair in source.items("environment") {
            let value = pair.text("value").unwrap_or_default().to_owned();
            variables.insert(pair.text("name").unwrap_or_default().to_owned(), value);
        }
    }
    Ok(variables)
}

/// The pairs of an environment file in S3.
async fn from_file(aws: &Aws, task: &Task, arn: &str) -> Result<Variables, String> {
    let place = Arn::parse(arn).and_then(|arn| arn.resource.split_once('/'));
    let failed = |why: String| {
        format!(
            "ResourceInitializationError: failed to download env files: file download command: {why}"
        )
    };
    let (bucket, key) = place.ok_or_else(|| failed(format!("{arn} is no object's ARN")))?;
    let input = json!({ "Bucket": bucket, "Key": key });
    let reply = aws
        .call_raw(&task.scope, "s3", "GetObject", input, Bytes::new())
        .await;
    let body = reply.map_err(|error| failed(error.to_string()))?.body;
    let text = String::from_utf8_lossy(&body);
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

/// A parameter of Systems Manager or a secret of Secrets Manager.
async fn secret_value(aws: &Aws, task: &Task, from: &str) -> Result<String, String> {
    let arn = Arn::parse(from);
    let is_secret = arn.is_some_and(|arn| arn.service == "secretsmanager");
    let (service, action, input, found) = if is_secret {
        let input = json!({ "SecretId": from });
        ("secretsmanager", "GetSecretValue", input, "/SecretString")
    } else {
        let name = arn.and_then(|arn| arn.resource.strip_prefix("parameter"));
        let name = name.unwrap_or(from);
        // The ARN of a parameter without folders lacks the slash that is no part of its name.
        let name = match name.strip_prefix('/') {
            Some(plain) if !plain.contains('/') => plain,
            _ => name,
        };
        let input = json!({ "Name": name, "WithDecryption": true });
        ("ssm", "GetParameter", input, "/Parameter/Value")
    };
    let scope = arn.map_or_else(|| task.scope.clone(), |arn| arn.scope(&task.scope));
    let answer = aws.call(&scope, service, action, input).await;
    let answer = answer.map_err(|error| {
        format!(
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to \
             retrieve secret from {service}: {error}"
        )
    })?;
    let value = answer.pointer(found).and_then(Value::as_str);
    Ok(value.unwrap_or_default().to_owned())
}
