//! Names of clusters, families, containers and groups.

/// Letters, numbers, hyphens and underscores, at most 255.
pub(super) fn is_name(text: &str) -> bool {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    !text.is_empty() && text.len() <= 255 && text.bytes().all(allowed)
}

/// The last part of an ARN, or the name as it is.
pub(super) fn last(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}
