//! A local AWS of a test's own, served by the program as a person starts it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Python, root};

/// A served local AWS; ends with the test.
#[derive(Debug)]
pub struct House {
    home: TempDir,
    port: u16,
    server: Child,
}

impl House {
    /// Starts `footwork local start` with these flags and waits until it answers.
    pub fn start(flags: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let port = free_port();
        let mut command = program_in(&home, port);
        command
            .args(["local", "start", "--port", &port.to_string()])
            .args(flags);
        // Its talk goes to the test's output, where a failing test shows it.
        let server = command.stdin(Stdio::null()).spawn().unwrap();
        let mut house = Self { home, port, server };
        house.await_answer();
        house
    }

    fn await_answer(&mut self) {
        // `local status` asks once; a server that ended will never answer.
        while !self.footwork(&["local", "status"]).status.success() {
            if let Some(status) = self.server.try_wait().unwrap() {
                panic!("the local AWS ended: {status}");
            }
        }
    }

    /// Kills the server as a power cut would.
    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Starts it again on the same port and state.
    pub fn restart(&mut self, flags: &[&str]) {
        let mut command = program_in(&self.home, self.port);
        command
            .args(["local", "start", "--port", &self.port.to_string()])
            .args(flags);
        self.server = command.stdin(Stdio::null()).spawn().unwrap();
        self.await_answer();
    }

    /// The port of the server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Base URL of the server.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The program, talking to this AWS when given `--local`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program_in(&self.home, self.port);
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs the program and takes what it printed.
    pub fn footwork(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the program, which must succeed, and reads the JSON that it printed.
    pub fn footwork_json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--output", "json"]].concat();
        let output = self.footwork(&arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "footwork {}: {stderr}",
            arguments.join(" ")
        );
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// The AWS CLI, talking to this AWS.
    pub fn aws_command(&self, python: &Python, arguments: &[&str]) -> Command {
        let mut command = Command::new(&python.interpreter);
        command
            .arg(&python.aws)
            .args(["--endpoint-url", &self.endpoint()])
            .args(arguments);
        self.clean(&mut command);
        command
    }

    /// Runs the AWS CLI, which must succeed, and reads what it printed; `null` for nothing.
    pub fn aws(&self, python: &Python, arguments: &[&str]) -> Value {
        let output = self.aws_command(python, arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "aws {}: {stderr}",
            arguments.join(" ")
        );
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    /// Text of an object in a bucket of this AWS.
    pub fn object(&self, bucket: &str, key: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET /{bucket}/{key} HTTP/1.0\r\nhost: s3.localhost\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{answer}");
        body.to_owned()
    }

    /// One call in the query protocol, which needs no client; the body of the answer.
    pub fn query(&self, service: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request");
        write!(
            stream,
            "POST / HTTP/1.0\r\nhost: 127.0.0.1\r\nauthorization: AWS4-HMAC-SHA256 {scope}, \
             SignedHeaders=host, Signature=0\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{form}",
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 200 "), "{answer}");
        answer
    }

    /// Gives a client credentials and a region, and nothing of the machine's own configuration.
    pub fn clean(&self, command: &mut Command) {
        command
            .env("HOME", self.home.path())
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env_remove("AWS_PROFILE");
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn program_in(home: &TempDir, port: u16) -> Command {
    let mut command = Command::new(program());
    command
        .env("FOOTWORK_HOME", home.path())
        .env("FOOTWORK_LOCAL_PORT", port.to_string())
        .env("FOOTWORK_FUNCTION_PROFILE", "dev")
        .env_remove("AWS_PROFILE");
    command
}

/// The program `footwork`, built if it is not.
pub fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| binary("footwork", &["footwork"]))
}

/// A binary of the checkout, built with these packages in one go if it is not.
pub fn binary(name: &str, packages: &[&str]) -> PathBuf {
    let mut cargo = footwork::deploy::cargo::command();
    cargo.args(["build", "--bins", "--offline"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    let output = cargo
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let messages = String::from_utf8(output.stdout).unwrap();
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut executables =
        messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables
        .find(|path| path.ends_with(name))
        .unwrap_or_else(|| panic!("cargo does not build {name}"))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
