//! Reading a version's settings from `CreateFunction` and `UpdateFunctionConfiguration`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::AwsError;
use crate::params::Params;

use super::model::{Configuration, Environment, Logging, constraint, invalid};

/// Members of the API that would change how a function runs, and that nothing here honours.
const UNSUPPORTED: [&str; 10] = [
    "CapacityProviderConfig",
    "CodeSigningConfigArn",
    "DurableConfig",
    "FileSystemConfigs",
    "ImageConfig",
    "Layers",
    "PublishTo",
    "RuntimeConfig",
    "AcceleratorConfig",
    "TenancyConfig",
];

/// Variables that Lambda sets itself and therefore refuses.
const RESERVED: [&str; 20] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// `2026-11-22T10:00:00.000+0000`, Lambda's own way to write a time.
pub(super) fn last_modified(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

impl Configuration {
    /// The settings of a new function called `name`, before its input is applied.
    pub(super) fn defaults(name: &str) -> Self {
        Self {
            runtime: String::new(),
            role: String::new(),
            handler: String::new(),
            code_size: 0,
            description: String::new(),
            timeout: 3,
            memory_size: 128,
            last_modified: String::new(),
            code_sha256: String::new(),
            version: super::model::LATEST.to_owned(),
            revision_id: String::new(),
            architectures: vec!["x86_64".to_owned()],
            environment: None,
            vpc_config: None,
            dead_letter_config: None,
            kms_key_arn: None,
            tracing_config: json!({ "Mode": "PassThrough" }),
            ephemeral_storage: json!({ "Size": 512 }),
            logging_config: Logging {
                log_format: "Text".to_owned(),
                application_log_level: None,
                system_log_level: None,
                log_group: format!("/aws/lambda/{name}"),
            },
        }
    }

    /// Takes over every setting that the input has, after checking it.
    pub(super) fn apply(&mut self, name: &str, input: &Value) -> Result<(), AwsError> {
        for member in UNSUPPORTED {
            let given = input.member(member);
            if given.is_some_and(|given| *given != json!([]) && *given != json!({})) {
                return Err(invalid(format!(
                    "{member} is not supported by this endpoint"
                )));
            }
        }
        if input.map("SnapStart").and_then(|snap| snap.text("ApplyOn")) == Some("PublishedVersions")
        {
            return Err(invalid(format!(
                "{} is not supported for SnapStart enabled functions.",
                self.runtime
            )));
        }
        if let Some(runtime) = input.filled("Runtime") {
            self.runtime = check_runtime(runtime)?.to_owned();
        }
        if let Some(role) = input.text("Role") {
            self.role = check_role(role)?.to_owned();
        }
        if let Some(handler) = input.text("Handler") {
            if handler.len() > 128 || handler.contains(char::is_whitespace) {
                return Err(constraint(
                    handler,
                    "handler",
                    "satisfy regular expression pattern: [^\\s]+",
                ));
            }
            self.handler = handler.to_owned();
        }
        if let Some(description) = input.text("Description") {
            if description.len() > 256 {
                let rule = "have length less than or equal to 256";
                return Err(constraint(description, "description", rule));
            }
            self.description = description.to_owned();
        }
        if let Some(timeout) = number_within(input, "Timeout", "timeout", 1, 900)? {
            self.timeout = timeout;
        }
        if let Some(memory) = number_within(input, "MemorySize", "memorySize", 128, 10_240)? {
            self.memory_size = memory;
        }
        if let Some(storage) = input.member("EphemeralStorage") {
            number_within(storage, "Size", "ephemeralStorage.size", 512, 10_240)?;
            self.ephemeral_storage = storage.clone();
        }
        if let Some(environment) = input.member("Environment") {
            self.environment = check_environment(environment)?;
        }
        if let Some(vpc) = input.map("VpcConfig") {
            let (subnets, groups) = (vpc.texts("SubnetIds"), vpc.texts("SecurityGroupIds"));
            self.vpc_config = Some(json!({
                "SubnetIds": subnets, "SecurityGroupIds": groups, "VpcId": "",
                "Ipv6AllowedForDualStack": vpc.flag("Ipv6AllowedForDualStack"),
            }));
        }
        if let Some(letter) = input.map("DeadLetterConfig") {
            let target = letter.filled("TargetArn");
            self.dead_letter_config = target.map(|arn| json!({ "TargetArn": arn }));
        }
        if let Some(key) = input.text("KMSKeyArn") {
            self.kms_key_arn = (!key.is_empty()).then(|| key.to_owned());
        }
        if let Some(tracing) = input.member("TracingConfig") {
            self.tracing_config = tracing.clone();
        }
        if let Some(logging) = input.map("LoggingConfig") {
            let mine = &mut self.logging_config;
            let format = logging
                .filled("LogFormat")
                .unwrap_or(&mine.log_format)
                .to_owned();
            let level = |member: &str, before: &Option<String>| match format.as_str() {
                "JSON" => {
                    let given = logging.filled(member).or(before.as_deref());
                    Some(given.unwrap_or("INFO").to_owned())
                }
                _ => None,
            };
            mine.application_log_level = level("ApplicationLogLevel", &mine.application_log_level);
            mine.system_log_level = level("SystemLogLevel", &mine.system_log_level);
            mine.log_format = format;
            let group = logging.filled("LogGroup").map(str::to_owned);
            mine.log_group = group.unwrap_or_else(|| format!("/aws/lambda/{name}"));
        }
        Ok(())
    }
}

fn check_runtime(runtime: &str) -> Result<&str, AwsError> {
    match runtime {
        "provided.al2023" | "provided.al2" | "provided" => Ok(runtime),
        _ => Err(invalid(format!(
            "The runtime {runtime} is not supported by this endpoint, which runs provided.al2023 \
             and provided.al2"
        ))),
    }
}

fn check_role(role: &str) -> Result<&str, AwsError> {
    let mut parts = role.splitn(6, ':');
    let shape = (
        parts.next(),
        parts.next().map(|partition| partition.starts_with("aws")),
        parts.next(),
        parts.next(),
        parts.next().map(|account| account.len() == 12),
        parts
            .next()
            .map(|name| name.starts_with("role/") && name.len() > 5),
    );
    let expected = (
        Some("arn"),
        Some(true),
        Some("iam"),
        Some(""),
        Some(true),
        Some(true),
    );
    if shape == expected {
        return Ok(role);
    }
    Err(constraint(
        role,
        "role",
        "satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    ))
}

fn check_environment(environment: &Value) -> Result<Option<Environment>, AwsError> {
    let failed = |why: String| {
        invalid(format!(
            "Lambda was unable to configure your environment variables because the environment \
             variables you have provided {why}"
        ))
    };
    let given = environment.map("Variables").into_iter().flatten();
    let variables: BTreeMap<String, String> = given
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    let reserved: Vec<&str> = variables
        .keys()
        .map(String::as_str)
        .filter(|name| RESERVED.contains(name))
        .collect();
    if !reserved.is_empty() {
        return Err(failed(format!(
            "contains reserved keys that are currently not supported for modification. Reserved \
             keys used in this request: {}",
            reserved.join(", ")
        )));
    }
    for name in variables.keys() {
        let mut letters = name.chars();
        let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
        let goes_on = name.len() > 1 && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !begins || !goes_on {
            let rule = "satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+";
            return Err(constraint(name, "environment.variables", rule));
        }
    }
    let measured = serde_json::to_string(&variables).unwrap_or_default();
    if measured.len() > 4096 {
        return Err(failed(format!(
            "exceeded the 4KB limit. String measured: {measured}"
        )));
    }
    Ok((!variables.is_empty()).then_some(Environment { variables }))
}

fn number_within(
    input: &Value,
    name: &str,
    member: &str,
    least: i64,
    most: i64,
) -> Result<Option<u64>, AwsError> {
    let Some(value) = input.number(name) else {
        return Ok(None);
    };
    let rule = match value {
        _ if value < least => format!("have value greater than or equal to {least}"),
        _ if value > most => format!("have value less than or equal to {most}"),
        _ => return Ok(Some(value.unsigned_abs())),
    };
    Err(constraint(&value.to_string(), member, &rule))
}
