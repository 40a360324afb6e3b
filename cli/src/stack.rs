//! Names and tags of what the program deploys.

use aws_sdk_cloudformation::types::{Stack, Tag};

use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::ui::plain;

/// Tag that says which use case a stack carries.
pub const WORKFLOW_TAG: &str = "footwork:workflow";
/// Tag that says which version of the program deployed a stack.
pub const VERSION_TAG: &str = "footwork:version";

/// Tag of a stack that was deployed from a directory, and not from what the program ships.
pub const SOURCE_TAG: &str = "footwork:source";

/// The stack of a deployment: `footwork-<name>`.
pub fn stack_name(name: &str) -> String {
    format!("footwork-{name}")
}

/// The deployment that a stack carries, if the program deployed it.
pub fn deployment_name(stack_name: &str) -> Option<&str> {
    stack_name.strip_prefix("footwork-")
}

/// Name of the deployment whose stack holds deployment artifacts; no workflow can have it.
pub const BOOTSTRAP: &str = "bootstrap";

/// Refuses names that CloudFormation would refuse as part of a stack name.
pub fn check_name(name: &str) -> Result<()> {
    let fits = name.len() <= 100
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if fits {
        return Ok(());
    }
    Err(
        Failure::new(format!("`{}` cannot name a deployment", plain(name)))
            .help("use letters, digits and hyphens, at most 100, beginning with a letter or digit"),
    )
}

/// The tags of a deployment.
pub fn tags(source: &Source) -> Vec<Tag> {
    let mut tags = own_tags(&source.workflow);
    if let Some(directory) = &source.directory {
        tags.push(tag_of(SOURCE_TAG, "directory"));
        let named = directory.settings.tags.iter();
        tags.extend(named.map(|(key, value)| tag_of(key, value)));
    }
    tags
}

/// The tags of a stack of the program's own.
pub fn own_tags(workflow: &str) -> Vec<Tag> {
    vec![
        tag_of(WORKFLOW_TAG, workflow),
        tag_of(VERSION_TAG, env!("CARGO_PKG_VERSION")),
    ]
}

fn tag_of(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}

/// Region and account that a stack's id names.
pub fn place(stack_id: &str) -> String {
    let mut parts = stack_id.split(':').skip(3);
    let region = parts.next().unwrap_or_default();
    let account = parts.next().unwrap_or_default();
    format!("{region}, account {account}")
}

/// Value of a tag.
pub fn tag<'a>(stack: &'a Stack, key: &str) -> Option<&'a str> {
    let found = stack.tags().iter().find(|tag| tag.key() == Some(key));
    found.and_then(Tag::value)
}

/// Value of an output.
pub fn output<'a>(stack: &'a Stack, key: &str) -> Option<&'a str> {
    let found = stack
        .outputs()
        .iter()
        .find(|output| output.output_key() == Some(key));
    found.and_then(|output| output.output_value())
}
