//! A definition that is named on the command line: of a shipped workflow, or from a file in JSON
//! or YAML. Not its meaning: what is wrong with it as a state machine is not looked at here.

use std::io::Read;
use std::path::{Path, PathBuf};

use document::{Fault, Node, Scalars, json, yaml};
use serde_json::Value;

use crate::catalogue;
use crate::failure::{Failure, Result};
use crate::project;

/// Larger files are refused; AWS takes definitions of up to 1 MiB, and YAML may have comments.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A definition and what it is called.
#[derive(Debug)]
pub struct Definition {
    /// Name of the workflow, or of the file without its endings.
    pub name: String,
    /// The definition.
    pub value: Value,
}

/// Reads the definition of a shipped workflow, of a folder with a `workflow.asl.json`, of a file,
/// or of stdin (`-`).
pub fn read(named: &str) -> Result<Definition> {
    if named == "-" {
        let bytes = limited("stdin", std::io::stdin())?;
        let yaml = !bytes.trim_ascii_start().starts_with(b"{");
        return parse("stdin", "definition", bytes, yaml);
    }
    let path = Path::new(named);
    if catalogue::USE_CASES.iter().any(|case| case.name == named) || !is_path(path) {
        let case = catalogue::find(named)
            .map_err(|failure| failure.help("or name a file: one that ends in .json or .yaml"))?;
        return parse(named, named, case.definition.as_bytes().to_vec(), false);
    }
    let (path, name) = if path.is_dir() {
        (project::definition_in(path), folder_name(path))
    } else {
        (path.to_owned(), stem(path))
    };
    let shown = path.display().to_string();
    parse(&shown, &name, bytes_of(&path)?, is_yaml(&path))
}

/// The text of a file that may be a definition.
pub fn text_of(path: &Path) -> Result<String> {
    utf8(&path.display().to_string(), bytes_of(path)?)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display().to_string();
    let file = std::fs::File::open(path)
        .map_err(|error| Failure::io(format!("read `{shown}`"), &error))?;
    limited(&shown, file)
}

fn utf8(shown: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{shown}` is not UTF-8: byte {at} is none"))
    })
}

/// Whether the name of a file says that it is YAML.
pub fn is_yaml(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("yaml" | "yml"))
}

/// A definition as a document: YAML by the rules of the tools that make JSON of it, without tags.
pub fn document(text: &str, yaml: bool) -> Result<Node, Fault> {
    if !yaml {
        return json::read(text);
    }
    let node = yaml::read(text, Scalars::Core)?;
    match node.tagged() {
        Some(tagged) => Err(Fault {
            at: tagged.span.start,
            message: format!(
                "the tag `{}` has no meaning in a definition",
                tagged.tag.as_deref().unwrap_or_default()
            ),
        }),
        None => Ok(node),
    }
}

fn is_path(path: &Path) -> bool {
    path.exists() || path.extension().is_some() || path.components().count() > 1
}

fn folder_name(path: &Path) -> String {
    let whole: PathBuf = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = whole.file_name().map(|name| name.to_string_lossy());
    name.unwrap_or_default().into_owned()
}

/// The file's name up to its first dot; the folder's where that only says `workflow`.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default();
    match name.split('.').next() {
        Some("workflow") | None => path.parent().map(folder_name).unwrap_or_default(),
        Some(stem) => stem.to_owned(),
    }
}

fn limited(shown: &str, from: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::io(format!("read `{shown}`"), &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_BYTES) {
        return Ok(bytes);
    }
    Err(Failure::new(format!(
        "`{shown}` is larger than {} MiB, so it is no definition: AWS takes 1 MiB",
        MAX_BYTES / 1024 / 1024
    )))
}

fn parse(shown: &str, name: &str, bytes: Vec<u8>, yaml: bool) -> Result<Definition> {
    let text = utf8(shown, bytes)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let language = if yaml { "YAML" } else { "JSON" };
    let node = document(text, yaml).map_err(|fault| {
        let fault = fault.placed(text);
        Failure::new(format!("`{shown}` is not {language}: {fault}"))
    })?;
    if let Some((_, member)) = node.duplicates().first() {
        let (line, column) = document::line_and_column(text, member.key_span.start);
        return Err(Failure::new(format!(
            "`{shown}`: line {line}, column {column}: the key `{}` is there twice",
            member.key
        )));
    }
    Ok(Definition {
        name: name.to_owned(),
        value: node.to_value(),
    })
}
