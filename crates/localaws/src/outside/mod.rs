//! Services elsewhere: calls of state machines go to the endpoints that the environment names, as
//! AWS's SDKs read them, and to the embedded services else.
//!
//! | variable | means |
//! |---|---|
//! | `AWS_ENDPOINT_URL_<SERVICE>` | where a service is called, for example `AWS_ENDPOINT_URL_ATHENA` |
//! | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | with what the requests are signed |
//!
//! An address that is this endpoint's own means the embedded service: people have it set for
//! their clients.

mod sign;

use std::collections::BTreeMap;

use awsapi::{Operation, Service, client};

use crate::http_client::{self, HttpClient, NoAnswer, PATIENCE};
use crate::{Aws, AwsError, Call, Reply};
use sign::Credentials;

/// Who answers for which service.
pub(crate) struct Outside {
    aws: Aws,
    /// Endpoints by the services' names.
    endpoints: BTreeMap<&'static str, String>,
    credentials: Credentials,
    client: HttpClient,
}

impl Outside {
    /// What the environment of this process says.
    pub(crate) fn from_environment(aws: &Aws) -> Self {
        Self::new(aws, std::env::vars())
    }

    fn new(aws: &Aws, variables: impl Iterator<Item = (String, String)>) -> Self {
        let mut endpoints = BTreeMap::new();
        let mut credentials = Credentials::default();
        for (name, value) in variables.filter(|(_, value)| !value.is_empty()) {
            let url = value.trim_end_matches('/');
            match name.as_str() {
                "AWS_ACCESS_KEY_ID" => credentials.key = value,
                "AWS_SECRET_ACCESS_KEY" => credentials.secret = value,
                "AWS_SESSION_TOKEN" => credentials.token = Some(value),
                name => {
                    let service = name.strip_prefix("AWS_ENDPOINT_URL_").and_then(named);
                    if let Some(service) = service.filter(|_| !same_place(url, aws.endpoint())) {
                        endpoints.insert(service, url.to_owned());
                    }
                }
            }
        }
        Self {
            aws: aws.clone(),
            endpoints,
            credentials,
            client: HttpClient::default(),
        }
    }

    /// Whether a service is called elsewhere.
    pub(crate) fn has(&self, service: &Service) -> bool {
        self.endpoints.contains_key(service.name())
    }

    /// The client for targets that are no services of AWS.
    pub(crate) fn http(&self) -> &HttpClient {
        &self.client
    }

    /// Makes a call, checked against the API's model.
    pub(crate) async fn dispatch(
        &self,
        operation: Operation,
        mut call: Call,
    ) -> Result<Reply, AwsError> {
        client::fill_tokens(operation, &mut call.input, || self.aws.ids().uuid());
        let service = operation.service();
        if let Some(endpoint) = self.endpoints.get(service.name()) {
            return self.send(endpoint, operation, &call).await;
        }
        if !self.aws.has(service.name()) {
            return Err(AwsError::new(
                "NotImplemented",
                format!(
                    "{}:{} cannot be called: the service is not embedded here, and {} names no \
                     endpoint of it",
                    service.name(),
                    operation.name(),
                    variable(service.service_id())
                ),
            )
            .with_status(501));
        }
        awsapi::validate(operation, &call.input)?;
        self.aws.dispatch(service.name(), call).await
    }

    async fn send(
        &self,
        endpoint: &str,
        operation: Operation,
        call: &Call,
    ) -> Result<Reply, AwsError> {
        let wrong = |error: awsapi::Mismatch| AwsError::validation(error.to_string());
        let request = client::encode(operation, &call.input, call.body.clone(), endpoint);
        let mut request = request.map_err(wrong)?;
        let service = operation.service().signing_name();
        // By the machine's clock: the other side compares it with its own.
        let now = jiff::Timestamp::now();
        sign::sign(
            &mut request,
            &self.credentials,
            service,
            &call.scope.region,
            now,
        );
        // The other side's time is not ours.
        let _busy = self.aws.clock().busy();
        let answer = self.client.send(request, PATIENCE).await;
        let answer = answer.map_err(|why| {
            let why = match why {
                NoAnswer::TimedOut => "no answer in time".to_owned(),
                NoAnswer::Broken(why) => why,
            };
            AwsError::internal(format!("{endpoint} does not answer: {why}")).with_status(503)
        })?;
        let (output, body) = client::decode(operation, &answer)?;
        Ok(Reply { output, body })
    }
}

/// Whether two URLs are one place: this machine has many names.
fn same_place(one: &str, other: &str) -> bool {
    let place = |url: &str| {
        let uri: http::Uri = url.parse().ok()?;
        let host = match http_client::check_loopback(url) {
            Ok(()) => "localhost".to_owned(),
            Err(_) => uri.host()?.to_owned(),
        };
        Some((host, uri.port_u16()))
    };
    one == other || place(one).is_some_and(|one| place(other) == Some(one))
}

/// The variable that names a service's endpoint.
fn variable(service_id: &str) -> String {
    let name = service_id.replace([' ', '-'], "_").to_ascii_uppercase();
    format!("AWS_ENDPOINT_URL_{name}")
}

/// The service that the end of such a variable means.
fn named(ending: &str) -> Option<&'static str> {
    let wanted = format!("AWS_ENDPOINT_URL_{ending}");
    let mut names = awsapi::service_names();
    names.find(|name| {
        awsapi::service(name).is_some_and(|service| variable(service.service_id()) == wanted)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Scope;
    use crate::testing::Door;

    fn call(action: &str, input: Value) -> Call {
        Call {
            action: action.to_owned(),
            input,
            body: bytes::Bytes::new(),
            scope: Scope::new("eu-central-1"),
            request_id: "r".to_owned(),
            caller: String::new(),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn calls_go_where_the_environment_says() {
        let there = Door::open();
        let endpoint = crate::endpoint::Endpoint::bind("127.0.0.1".parse().unwrap(), 0);
        let endpoint = endpoint.await.unwrap();
        let url = endpoint.url();
        tokio::spawn(endpoint.serve(there.aws.clone(), None, std::future::pending()));
        let here = Door::open();
        let variables = [
            ("AWS_ENDPOINT_URL_SQS", format!("{url}/")),
            ("AWS_ENDPOINT_URL_S3", here.aws.endpoint().to_owned()),
            ("AWS_ENDPOINT_URL_SNS", "http://localhost:4566".to_owned()),
            ("AWS_ENDPOINT_URL_NOTHING", url.clone()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value));
        let outside = Outside::new(&here.aws, variables.into_iter());
        assert_eq!(outside.endpoints.keys().collect::<Vec<_>>(), [&"sqs"]);
        let operation = |service: &str, action: &str| {
            awsapi::service(service).unwrap().operation(action).unwrap()
        };
        let create = operation("sqs", "CreateQueue");
        let made = outside
            .dispatch(create, call("CreateQueue", json!({ "QueueName": "q" })))
            .await;
        assert!(made.unwrap().output["QueueUrl"].is_string());
        let url = json!({ "QueueName": "q" });
        assert!(there.call("sqs", "GetQueueUrl", url.clone()).await.is_ok());
        let here = here.code("sqs", "GetQueueUrl", url).await;
        assert_eq!(here, "QueueDoesNotExist");
        let there = operation("sqs", "GetQueueUrl");
        let refused = outside
            .dispatch(there, call("GetQueueUrl", json!({ "QueueName": "r" })))
            .await;
        assert_eq!(refused.unwrap_err().code, "QueueDoesNotExist");
        let athena = operation("athena", "ListWorkGroups");
        let refused = outside
            .dispatch(athena, call("ListWorkGroups", json!({})))
            .await;
        assert_eq!(
            refused.unwrap_err().message,
            "athena:ListWorkGroups cannot be called: the service is not embedded here, and \
             AWS_ENDPOINT_URL_ATHENA names no endpoint of it"
        );
    }
}
