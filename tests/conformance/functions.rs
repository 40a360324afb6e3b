//! Functions that vectors name: they really run, with this program as their runtime.
//!
//! The recordings have the names of the functions' files, not the code. Here is what those do that
//! their names say it of; vectors with others are left out.

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::cloud::Cloud;

/// What the functions of a vector do, by their names; `None` where one is not known.
pub(crate) fn of(vector: &Value) -> Option<Vec<(String, &'static str)>> {
    let resources = vector["resources"].as_object().into_iter().flatten();
    let mut found = Vec::new();
    for (kind, all) in resources {
        for one in all.as_array()? {
            let file = one["code"].as_str().unwrap_or_default().rsplit('/').next();
            let does = match (kind.as_str(), file) {
                ("lambda_functions", Some("id_function.py")) => "echo",
                ("lambda_functions", Some("return_bytes_str.py")) => "greet",
                _ => return None,
            };
            found.push((one["name"].as_str()?.to_owned(), does));
        }
    }
    Some(found)
}

/// Makes the functions.
pub(crate) fn make(cloud: &Cloud, functions: &[(String, &str)]) {
    for (name, does) in functions {
        let input = json!({
            "FunctionName": name, "Runtime": "provided.al2023", "Handler": does, "Timeout": 20,
            "Role": "arn:aws:iam::000000000000:role/test", "Code": { "ZipFile": package() },
        });
        cloud.make("lambda", "CreateFunction", input, "");
    }
}

/// A package that starts this program as the runtime.
fn package() -> String {
    let program = std::env::current_exe().unwrap();
    let script = format!(
        "#!/bin/sh\nexec '{}' --exact functions::runtime --ignored --nocapture\n",
        program.display()
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("bootstrap", options).unwrap();
    zip.write_all(script.as_bytes()).unwrap();
    STANDARD.encode(zip.finish().unwrap().into_inner())
}

#[test]
#[ignore = "not a test but the functions' runtime"]
fn runtime() {
    let does = std::env::var("_HANDLER").unwrap();
    loop {
        let (head, event) = exchange("GET", "next", "");
        let id = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("lambda-runtime-aws-request-id")
                .then(|| value.trim().to_owned())
        });
        let answer = match does.as_str() {
            "greet" => "\"HelloWorld!\"".to_owned(),
            _ => event,
        };
        let path = format!("{}/response", id.unwrap());
        exchange("POST", &path, &answer);
    }
}

/// Head and body of an answer of the Runtime API.
fn exchange(method: &str, path: &str, body: &str) -> (String, String) {
    let host = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "{method} /2018-06-01/runtime/invocation/{path} HTTP/1.0\r\nhost: {host}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}
