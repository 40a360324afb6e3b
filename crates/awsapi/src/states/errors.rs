//! Errors of APIs as Step Functions names and words them.

use super::names::pascal;
use super::{Integration, service_title};
use crate::AwsError;
use crate::codec::sqs_names;
use crate::model::{Service, Shape};

/// The error's name: `DynamoDb.ResourceNotFoundException` through an SDK integration,
/// `DynamoDB.ResourceNotFoundException` through an optimised one.
///
/// Errors that the API's model does not have go by the service's general name:
/// `DynamoDb.DynamoDbException`, `DynamoDB.AmazonDynamoDBException`.
pub fn error_name(service: &'static Service, integration: Integration, code: &str) -> String {
    let shape = modelled(service, code);
    match integration {
        Integration::Sdk => {
            let title = service_title(service);
            match shape {
                Some(shape) => format!("{title}.{}", sdk_class(shape.name())),
                None => format!("{title}.{title}Exception"),
            }
        }
        Integration::Optimised => {
            let names = V1Names::of(service);
            match shape {
                Some(shape) => format!("{}.{}", names.prefix, v1_class(shape.name())),
                None => format!("{}.{}", names.prefix, names.general),
            }
        }
    }
}

/// An error's name and its cause.
pub fn error(
    service: &'static Service,
    integration: Integration,
    error: &AwsError,
    request_id: &str,
) -> (String, String) {
    let name = error_name(service, integration, &error.code);
    let shape = modelled(service, &error.code);
    let status = shape.and_then(|s| s.status()).unwrap_or(error.status);
    let message = &error.message;
    let cause = match integration {
        Integration::Sdk => {
            let title = service_title(service);
            let extended = match service.name() {
                "s3" => format!(", Extended Request ID: {request_id}"),
                _ => String::new(),
            };
            format!(
                "{message} (Service: {title}, Status Code: {status}, Request ID: \
                 {request_id}{extended}) (SDK Attempt Count: 1)"
            )
        }
        Integration::Optimised => {
            let code = shape.map_or(error.code.as_str(), |shape| match service.name() {
                "sqs" => sqs_names::error_code(shape.name()).unwrap_or(shape.name()),
                _ => shape.error_code(),
            });
            let title = V1Names::of(service).service;
            format!(
                "{message} (Service: {title}; Status Code: {status}; Error Code: {code}; \
                 Request ID: {request_id}; Proxy: null)"
            )
        }
    };
    (name, cause)
}

fn modelled(service: &'static Service, code: &str) -> Option<Shape> {
    service.error(code)
}

/// The class of an error in version 2 of Java's SDK.
fn sdk_class(shape: &str) -> String {
    v1_class(&pascal(shape))
}

fn v1_class(name: &str) -> String {
    if name.ends_with("Exception") {
        return name.to_owned();
    }
    match name.strip_suffix("Fault").or(name.strip_suffix("Error")) {
        Some(stem) if name.ends_with("Fault") => format!("{stem}Exception"),
        _ => format!("{name}Exception"),
    }
}

/// A service's names in version 1 of Java's SDK.
struct V1Names {
    prefix: String,
    general: String,
    service: String,
}

impl V1Names {
    fn of(service: &Service) -> Self {
        let (prefix, brand, suffix) = match service.name() {
            "lambda" => ("Lambda", "AWS", ""),
            "dynamodb" => ("DynamoDB", "Amazon", "v2"),
            "sqs" => ("SQS", "Amazon", ""),
            "sns" => ("SNS", "Amazon", ""),
            "ecs" => ("ECS", "Amazon", ""),
            "eks" => ("EKS", "Amazon", ""),
            "stepfunctions" => ("StepFunctions", "AWS", ""),
            "batch" => ("Batch", "AWS", ""),
            "glue" => ("Glue", "AWS", ""),
            "events" => ("EventBridge", "Amazon", ""),
            "sagemaker" => ("SageMaker", "Amazon", ""),
            "codebuild" => ("CodeBuild", "AWS", ""),
            "athena" => ("Athena", "Amazon", ""),
            "emr" => ("ElasticMapReduce", "Amazon", ""),
            _ => {
                let title = service_title(service);
                return Self {
                    general: format!("{title}Exception"),
                    service: title.clone(),
                    prefix: title,
                };
            }
        };
        Self {
            prefix: prefix.to_owned(),
            general: format!("{brand}{prefix}Exception"),
            service: format!("{brand}{prefix}{suffix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::service;

    #[test]
    fn as_recorded() {
        let cases = [
            ("stepfunctions", "InvalidToken", "Sfn.InvalidTokenException"),
            (
                "dynamodb",
                "ResourceNotFoundException",
                "DynamoDb.ResourceNotFoundException",
            ),
            (
                "dynamodb",
                "ValidationException",
                "DynamoDb.DynamoDbException",
            ),
            ("s3", "NoSuchKey", "S3.NoSuchKeyException"),
            (
                "secretsmanager",
                "ValidationException",
                "SecretsManager.SecretsManagerException",
            ),
        ];
        for (name, code, wanted) in cases {
            let service = service(name).unwrap();
            assert_eq!(error_name(service, Integration::Sdk, code), wanted);
        }
        let cases = [
            (
                "dynamodb",
                "ValidationException",
                "DynamoDB.AmazonDynamoDBException",
            ),
            (
                "dynamodb",
                "ResourceNotFoundException",
                "DynamoDB.ResourceNotFoundException",
            ),
            (
                "lambda",
                "ResourceNotFoundException",
                "Lambda.ResourceNotFoundException",
            ),
            ("sns", "NotFound", "SNS.NotFoundException"),
            ("sns", "InvalidParameter", "SNS.InvalidParameterException"),
            ("sqs", "MissingParameter", "SQS.AmazonSQSException"),
            (
                "stepfunctions",
                "StateMachineDoesNotExist",
                "StepFunctions.StateMachineDoesNotExistException",
            ),
        ];
        for (name, code, wanted) in cases {
            let service = service(name).unwrap();
            assert_eq!(error_name(service, Integration::Optimised, code), wanted);
        }
    }

    #[test]
    fn causes_as_recorded() {
        let no_token = AwsError::new("InvalidToken", "Invalid Token: 'Invalid token'");
        let sfn = service("stepfunctions").unwrap();
        assert_eq!(
            error(sfn, Integration::Sdk, &no_token, "id").1,
            "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: id) \
             (SDK Attempt Count: 1)"
        );
        let not_found = AwsError::new("NotFound", "Topic does not exist");
        let sns = service("sns").unwrap();
        assert_eq!(
            error(sns, Integration::Optimised, &not_found, "id").1,
            "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; \
             Request ID: id; Proxy: null)"
        );
    }
}
