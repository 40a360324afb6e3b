//! The variables of a function's process. Nothing of this program's own environment gets in,
//! except the search path for commands.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Aws;
use crate::process::credentials;

use super::pool::Spec;

/// All variables. Names: "Defined runtime environment variables" in the Lambda developer guide.
pub(super) async fn variables(
    aws: &Aws,
    spec: &Spec,
    stream: &str,
    task_root: &Path,
    runtime_api: &str,
) -> BTreeMap<String, String> {
    let configuration = &spec.configuration;
    let root = task_root.display().to_string();
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".to_owned());
    let logging = &configuration.logging_config;
    let mut variables: BTreeMap<String, String> = [
        ("PATH", path.as_str()),
        ("LANG", "en_US.UTF-8"),
        ("TZ", ":UTC"),
        ("_HANDLER", &configuration.handler),
        ("LAMBDA_TASK_ROOT", &root),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
        ("AWS_LAMBDA_RUNTIME_API", runtime_api),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_FUNCTION_NAME", &spec.name),
        ("AWS_LAMBDA_FUNCTION_VERSION", &configuration.version),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            &configuration.memory_size.to_string(),
        ),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &logging.log_group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", stream),
        ("AWS_REGION", &spec.scope.region),
        ("AWS_DEFAULT_REGION", &spec.scope.region),
        ("AWS_ENDPOINT_URL", aws.endpoint()),
        ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    if logging.log_format == "JSON" {
        let level = logging.application_log_level.as_deref().unwrap_or("INFO");
        variables.insert("AWS_LAMBDA_LOG_FORMAT".to_owned(), "JSON".to_owned());
        variables.insert("AWS_LAMBDA_LOG_LEVEL".to_owned(), level.to_owned());
    }
    // Sessions have names of two letters at least, functions of one.
    let session = format!("{:-<2}", spec.name);
    let role = &configuration.role;
    for (name, value) in credentials(aws, &spec.scope, role, &session).await {
        variables.insert(name.to_owned(), value);
    }
    if let Some(environment) = &configuration.environment {
        variables.extend(environment.variables.clone());
    }
    variables
}
