//! A client of the Step Functions API that costs next to nothing: one connection that is kept, no
//! signing, and no more of an answer parsed than is asked for.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::000000000000:role/bench";
const SCOPE: &str = "Credential=test/20260101/us-east-1/states/aws4_request";

/// One connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    /// Connects to `host:port`.
    pub(crate) fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::with_capacity(1 << 20, stream),
            host: address.to_owned(),
        }
    }

    /// Calls an operation, which must succeed, and returns the body of the answer.
    pub(crate) fn call(&mut self, operation: &str, input: &Value) -> Vec<u8> {
        let body = input.to_string();
        // In one piece: a server that answers in two would otherwise wait for the second.
        let request = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-amz-json-1.0\r\n\
             x-amz-date: 20260101T000000Z\r\nx-amz-target: AWSStepFunctions.{operation}\r\n\
             authorization: AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=host, Signature=0\r\n\
             content-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut status = String::new();
        self.stream.read_line(&mut status).unwrap();
        let (mut length, mut closes) = (None, false);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(given) = line.strip_prefix("content-length:") {
                length = Some(given.trim().parse::<usize>().unwrap());
            }
            closes |= line == "connection: close";
        }
        let mut answer = vec![0; length.unwrap()];
        self.stream.read_exact(&mut answer).unwrap();
        if closes {
            *self = Self::open(&self.host.clone());
        }
        assert!(
            status.contains(" 200 "),
            "{operation}: {}",
            String::from_utf8_lossy(&answer)
        );
        answer
    }

    /// Calls an operation and reads the answer.
    pub(crate) fn json(&mut self, operation: &str, input: &Value) -> Value {
        serde_json::from_slice(&self.call(operation, input)).unwrap()
    }

    /// Creates a state machine and returns its ARN.
    pub(crate) fn machine(&mut self, name: &str, definition: &Value) -> String {
        let input = json!({ "name": name, "definition": definition.to_string(), "roleArn": ROLE });
        let made = self.json("CreateStateMachine", &input);
        made["stateMachineArn"].as_str().unwrap().to_owned()
    }

    /// Starts an execution and returns its ARN.
    pub(crate) fn start(&mut self, machine: &str, input: &str) -> String {
        let input = json!({ "stateMachineArn": machine, "input": input });
        let started = self.json("StartExecution", &input);
        started["executionArn"].as_str().unwrap().to_owned()
    }

    /// Asks until the execution succeeded.
    pub(crate) fn finish(&mut self, execution: &str) {
        let input = json!({ "executionArn": execution });
        loop {
            let described = self.json("DescribeExecution", &input);
            match described["status"].as_str() {
                Some("RUNNING") => std::thread::yield_now(),
                Some("SUCCEEDED") => return,
                _ => panic!("{described}"),
            }
        }
    }
}
