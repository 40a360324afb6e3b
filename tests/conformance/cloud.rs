//! An embedded AWS for one vector, called over HTTP.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};

use localaws::endpoint::Endpoint;
use localaws::{Aws, Busy, Clock, Config, Ids, Scope, Store};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Where the recordings were made.
const REGION: &str = "us-east-1";

/// The served AWS. Virtual time stands still but while the test lets it pass.
pub(crate) struct Cloud {
    runtime: Option<Runtime>,
    aws: Aws,
    url: String,
    held: Option<Busy>,
}

/// What a call came to.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Cloud {
    /// Starts at the time of the recording, where it tells one.
    pub(crate) fn start(vector: &Value) -> Self {
        let now = vector["clock"].as_str().unwrap_or("2026-01-01T00:00:00Z");
        let clock = Clock::fast_from(now.parse().unwrap());
        let held = Some(clock.busy());
        let runtime = Runtime::new().unwrap();
        let (aws, url) = runtime.block_on(async {
            let host = IpAddr::V4(Ipv4Addr::LOCALHOST);
            let endpoint = Endpoint::bind(host, 0).await.unwrap();
            let url = endpoint.url();
            let aws = Aws::start(Config {
                clock,
                store: Store::memory(),
                ids: Ids::seeded(1),
                endpoint: url.clone(),
            });
            tokio::spawn(endpoint.serve(aws.clone(), None, std::future::pending()));
            (aws, url)
        });
        Self {
            runtime: Some(runtime),
            aws,
            url,
            held,
        }
    }

    /// Calls an operation of Step Functions.
    pub(crate) fn call(&self, operation: &str, input: &Value) -> Answer {
        let (head, body) = self.post(operation, &input.to_string());
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_str(&body).unwrap_or_default();
        Answer { status, body }
    }

    fn post(&self, operation: &str, body: &str) -> (String, String) {
        let host = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "POST / HTTP/1.0\r\nhost: {host}\r\ncontent-type: application/x-amz-json-1.0\r\n\
             x-amz-target: AWSStepFunctions.{operation}\r\nauthorization: AWS4-HMAC-SHA256 \
             Credential=test/20260101/{REGION}/states/aws4_request, SignedHeaders=host, \
             Signature=0\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// Lets virtual time pass, or holds it.
    pub(crate) fn let_time_pass(&mut self, pass: bool) {
        self.held = (!pass).then(|| self.aws.clock().busy());
    }

    /// Calls another service in process, to make what the recording found there.
    pub(crate) fn make(&self, service: &str, action: &str, input: Value, body: &str) {
        let runtime = self.runtime.as_ref().unwrap();
        let scope = Scope::new(REGION);
        let body = body.to_owned().into();
        let call = self.aws.call_raw(&scope, service, action, input, body);
        runtime.block_on(call).unwrap();
    }

    /// Makes the log groups that requests write to.
    pub(crate) fn make_log_groups<'a>(&self, requests: impl Iterator<Item = &'a Value>) {
        let mut groups = BTreeSet::new();
        let destinations = requests.filter_map(|request| {
            request
                .pointer("/loggingConfiguration/destinations")?
                .as_array()
        });
        for destination in destinations.flatten() {
            let arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"].as_str();
            groups.extend(arn.and_then(|arn| arn.split(':').nth(6)));
        }
        for group in groups {
            let input = json!({ "logGroupName": group });
            self.make("logs", "CreateLogGroup", input, "");
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Answer {
    /// The answer as recordings have it: the output with the status, or code and message.
    pub(crate) fn recorded(mut self) -> Value {
        if self.status == 200 {
            self.body["_http_status"] = 200.into();
            return self.body;
        }
        let code = self.body["__type"].as_str().unwrap_or_default();
        let code = code.rsplit('#').next().unwrap();
        json!({ "error_code": code, "error_message": self.body["message"] })
    }
}

/// What of a recorded answer is compared: an error's code and message, or the whole output.
pub(crate) fn compared(expected: &Value) -> Value {
    if expected.get("error_code").is_some() {
        json!({
            "error_code": expected["error_code"],
            "error_message": expected["error_message"],
        })
    } else {
        expected.clone()
    }
}
