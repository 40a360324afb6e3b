//! Calls of AWS in the Rust sources of functions: `.list_stacks()` of a client of
//! `aws_sdk_cloudformation`.
//!
//! Read as text, not compiled: a call is the name of an operation, without arguments, as the
//! builders of AWS's SDK for Rust have it. Where a client is a field or a variable with its type,
//! its service is known; else the operation must be one of the services that the sources name.
//! Programs with a client of their own name calls in texts, as IAM does: `"ecs:DescribeTasks"`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use awsapi::states::service_title;
use awsapi::{Operation, Service};
use regex::Regex;

use super::calls;
use crate::check::Checked;
use crate::check::source::File;
use crate::project;

/// A call in a source.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) actions: Vec<String>,
    /// `list_stacks`.
    pub(super) name: String,
    /// Whether it is a call for sure, and not only the name of one in a text.
    pub(super) is_certain: bool,
    pub(super) file: File,
    pub(super) span: Range<usize>,
}

/// Where the sources of a function lie whose code is at `code`, as the template names it:
/// `functions/<name>` beside the template, or in the folder above.
pub(super) fn folder(template: &Path, code: &str) -> Option<PathBuf> {
    let name = Path::new(code).file_stem()?;
    let beside = template.parent()?;
    let places = [beside.to_owned(), beside.join("..")];
    let mut sources = places.iter().flat_map(|place| {
        let functions = place.join("functions");
        [functions.join(name).join("src"), functions.join("src")]
    });
    sources.find(|folder| folder.is_dir())
}

/// All calls in the sources of a folder and below it, but for those of tests.
pub(super) fn calls(folder: &Path, checked: &mut Checked) -> Vec<Call> {
    let mut files = Vec::new();
    collect(folder, checked, &mut files);
    let mut clients = BTreeMap::new();
    let mut services = Vec::new();
    for (_, code) in &files {
        named(code, &mut clients, &mut services);
    }
    let mut found = Vec::new();
    for (file, code) in files {
        in_file(&file, &code, &clients, &services, &mut found);
    }
    found
}

/// The files, and their code with comments and tests blanked out.
fn collect(folder: &Path, checked: &mut Checked, files: &mut Vec<(File, String)>) {
    for path in project::files(folder, ".rs") {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if stem == "tests" {
            continue;
        }
        if let Some(file) = File::read(&path, checked) {
            let code = code(&file.text);
            files.push((file, code));
        }
    }
    for below in project::folders(folder) {
        if below.file_name().is_some_and(|name| name != "tests") {
            collect(&below, checked, files);
        }
    }
}

/// A source without its comments, and without what only tests have; places stay.
fn code(text: &str) -> String {
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let mut code = String::with_capacity(text.len());
    for line in text.get(..tests).unwrap_or_default().split_inclusive('\n') {
        let end = line.find("//").unwrap_or(line.len());
        let (kept, comment) = line.split_at(end);
        code.push_str(kept);
        code.extend(comment.bytes().map(|byte| match byte {
            b'\n' => '\n',
            _ => ' ',
        }));
    }
    code
}

/// Services that a source names, and the names of their clients.
fn named(
    code: &str,
    clients: &mut BTreeMap<String, &'static Service>,
    services: &mut Vec<&'static Service>,
) {
    static CLIENT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?:(\w+)\s*:\s*&?\s*)?aws_sdk_(\w+)::(Client)?").ok());
    let Some(pattern) = CLIENT.as_ref() else {
        return;
    };
    for found in pattern.captures_iter(code) {
        let Some(service) = found.get(2).and_then(|name| by_crate(name.as_str())) else {
            continue;
        };
        if !services.iter().any(|known| known.name() == service.name()) {
            services.push(service);
        }
        if let (Some(name), Some(_)) = (found.get(1), found.get(3)) {
            clients.insert(name.as_str().to_owned(), service);
        }
    }
}

/// The service of a crate of AWS's SDK for Rust: `aws_sdk_sfn`.
fn by_crate(name: &str) -> Option<&'static Service> {
    static SERVICES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
        let services = awsapi::service_names().filter_map(awsapi::service);
        let pairs =
            services.map(|service| (service_title(service).to_ascii_lowercase(), service.name()));
        pairs.collect()
    });
    let name = name.replace('_', "");
    awsapi::service(SERVICES.get(&name).copied().unwrap_or(&name))
}

fn in_file(
    file: &File,
    code: &str,
    clients: &BTreeMap<String, &'static Service>,
    services: &[&'static Service],
    found: &mut Vec<Call>,
) {
    static CALL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(\w+)?(?:\(\))?\s*\.\s*([a-z][a-z0-9_]*)\(\)\s*\.").ok());
    let Some(pattern) = CALL.as_ref() else { return };
    let mut from = 0;
    while let Some(call) = pattern.captures_at(code, from) {
        // The receiver of the next call may be this one.
        from = call.get(2).map_or(code.len(), |name| name.start());
        let Some(name) = call.get(2) else { continue };
        let client = call.get(1).and_then(|client| clients.get(client.as_str()));
        let mut among = match client {
            Some(service) => vec![*service],
            None => services.to_vec(),
        };
        among.retain(|service| operation(service, name.as_str()).is_some());
        let [service] = among.as_slice() else {
            continue;
        };
        let actions = operation(service, name.as_str()).map(calls::needed);
        found.push(Call {
            actions: actions.unwrap_or_default(),
            name: name.as_str().to_owned(),
            is_certain: true,
            file: file.clone(),
            span: name.range(),
        });
    }
    named_in_texts(file, code, found);
}

fn named_in_texts(file: &File, code: &str, found: &mut Vec<Call>) {
    static NAME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#""([a-z0-9-]+):([A-Z][A-Za-z0-9]+)""#).ok());
    let Some(pattern) = NAME.as_ref() else { return };
    for call in pattern.captures_iter(code) {
        let (Some(service), Some(name)) = (call.get(1), call.get(2)) else {
            continue;
        };
        let actions = calls::of_name(service.as_str(), name.as_str());
        if !actions.is_empty() {
            found.push(Call {
                actions,
                name: name.as_str().to_owned(),
                is_certain: false,
                file: file.clone(),
                span: service.start()..name.end(),
            });
        }
    }
}

/// The operation that a method is named after.
fn operation(service: &'static Service, method: &str) -> Option<Operation> {
    let method = method.replace('_', "");
    let mut all = service.operations();
    all.find(|operation| operation.name().eq_ignore_ascii_case(&method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_in_the_chains_of_builders() {
        let folder = tempfile::tempdir().unwrap();
        let text = "struct A { logs: aws_sdk_cloudwatchlogs::Client, s3: aws_sdk_s3::Client }\n\
            use aws_sdk_sfn::types::X;\n\
            fn f(a: &A) { a.s3.head_object().bucket(b).send(); // a.s3.put_object().x\n\
            a.logs\n    .get_log_events()\n    .send(); x.clone().y(); client().start_execution().send(); call(\"ecs:DescribeTasks\", \"a:B\"); }\n\
            #[cfg(test)]\nmod tests { fn t() { a.s3.copy_object().send() } }\n";
        std::fs::write(folder.path().join("lib.rs"), text).unwrap();
        let found = calls(folder.path(), &mut Checked::default());
        let found: Vec<_> = found.iter().map(|call| call.actions.join(",")).collect();
        assert_eq!(
            found,
            [
                "s3:GetObject",
                "logs:GetLogEvents",
                "states:StartExecution",
                "ecs:DescribeTasks"
            ]
        );
    }
}
