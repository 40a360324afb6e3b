//! A file that is read, with its places.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Fault, Node, json};

use super::{Checked, Finding, Source, Weight};

/// Nobody writes a longer file, and it would only be refused later.
const MOST: u64 = 4 << 20;

/// A file and its text.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: Arc<str>,
}

/// A file in JSON or YAML.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: File,
    pub(super) root: Node,
}

impl File {
    /// Reads a file; says why it cannot be read.
    pub(super) fn read(path: &Path, checked: &mut Checked) -> Option<Self> {
        let fault = match std::fs::metadata(path) {
            Ok(about) if about.is_dir() => "it is a folder".to_owned(),
            Ok(about) if about.len() > MOST => {
                format!("it is larger than {} MiB", MOST >> 20)
            }
            Ok(about) if !about.is_file() => "it is no ordinary file".to_owned(),
            _ => match std::fs::read(path) {
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => {
                        return Some(Self {
                            path: path.to_owned(),
                            text: text.into(),
                        });
                    }
                    Err(error) => return Self::not_utf8(path, &error, checked),
                },
                Err(error) => error.to_string(),
            },
        };
        let finding = Finding::of_file(path, "UNREADABLE", fault);
        checked.findings.push(finding);
        None
    }

    fn not_utf8(
        path: &Path,
        error: &std::string::FromUtf8Error,
        checked: &mut Checked,
    ) -> Option<Self> {
        let at = error.utf8_error().valid_up_to();
        let file = Self {
            path: path.to_owned(),
            text: String::from_utf8_lossy(error.as_bytes()).into(),
        };
        // What cannot be read is shown as a mark of three bytes.
        let finding = file.error(at..at + 3, "UNREADABLE", format!("byte {at} is not UTF-8"));
        checked.findings.push(finding);
        None
    }

    /// The text without a byte order mark, which only some readers know.
    pub(super) fn without_mark(mut self) -> Self {
        if let Some(text) = self.text.strip_prefix('\u{feff}') {
            self.text = text.into();
        }
        self
    }

    /// Something that is wrong at a place of it.
    pub(super) fn finding(
        &self,
        span: Range<usize>,
        weight: Weight,
        code: &'static str,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            file: self.path.clone(),
            code: code.to_owned(),
            weight,
            message: message.into(),
            help: None,
            pointer: None,
            source: Some(Source {
                text: Arc::clone(&self.text),
                span,
            }),
        }
    }

    /// An error at a place of it.
    pub(super) fn error(
        &self,
        span: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Finding {
        self.finding(span, Weight::Error, code, message)
    }

    /// A warning at a place of it.
    pub(super) fn warning(
        &self,
        span: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Finding {
        self.finding(span, Weight::Warning, code, message)
    }

    /// The document in it, by the reader of its language; the fault of its syntax has this code.
    /// Keys that are there twice are told.
    pub(super) fn document(
        self,
        code: &'static str,
        read: impl Fn(&str) -> Result<Node, Fault>,
        checked: &mut Checked,
    ) -> Option<Document> {
        match read(&self.text) {
            Ok(root) => {
                for (at, member) in root.duplicates() {
                    let message = format!("the key `{}` is there twice", member.key);
                    let finding = self.error(member.key_span.clone(), "DUPLICATE_KEY", message);
                    let finding = finding
                        .at(format!("{at}/{}", member.key))
                        .help("the last one counts; leave the others out");
                    checked.findings.push(finding);
                }
                Some(Document { file: self, root })
            }
            Err(fault) => {
                let finding = self.error(self.one(fault.at), code, fault.message);
                checked.findings.push(finding);
                None
            }
        }
    }

    /// A document in JSON.
    pub(super) fn json(self, checked: &mut Checked) -> Option<Document> {
        self.document("JSON", json::read, checked)
    }

    /// The character at a place.
    pub(super) fn one(&self, at: usize) -> Range<usize> {
        let rest = self.text.get(at..).unwrap_or_default();
        at..at + rest.chars().next().map_or(0, char::len_utf8)
    }
}

impl Document {
    /// The value at a JSON pointer whose steps are not escaped, or the last one on the way.
    pub(super) fn nearest(&self, pointer: &str) -> &Node {
        nearest(&self.root, pointer)
    }
}

/// The value at a JSON pointer whose steps are not escaped, or the last one on the way.
pub(super) fn nearest<'n>(root: &'n Node, pointer: &str) -> &'n Node {
    let mut node = root;
    for step in pointer.split('/').skip(1) {
        let below = match step.parse::<usize>() {
            Ok(index) if !node.items().is_empty() => node.items().get(index),
            _ => node.get(step),
        };
        match below {
            Some(below) => node = below,
            None => return node,
        }
    }
    node
}
