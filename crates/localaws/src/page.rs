//! Paging through a sorted list. A token names the last item that was given, so a page is right
//! also when items came or went since the one before.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Up to `limit` items after the one that `token` names, and the token of the page that follows.
/// `None` when the token is not one of ours. `items` must be sorted by `key`.
pub(crate) fn page<T>(
    items: Vec<T>,
    key: impl Fn(&T) -> String,
    token: Option<&str>,
    limit: usize,
) -> Option<(Vec<T>, Option<String>)> {
    let after = match token {
        Some(token) => Some(String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?),
        None => None,
    };
    let mut rest = items
        .into_iter()
        .filter(|item| after.as_ref().is_none_or(|after| key(item) > *after));
    let given: Vec<T> = rest.by_ref().take(limit).collect();
    let next = match (rest.next(), given.last()) {
        (Some(_), Some(last)) => Some(URL_SAFE_NO_PAD.encode(key(last))),
        _ => None,
    };
    Some((given, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let list = || vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let (first, token) = page(list(), Clone::clone, None, 2).unwrap();
        assert_eq!(first, ["a", "b"]);
        let (second, end) = page(list(), Clone::clone, token.as_deref(), 2).unwrap();
        assert_eq!((second, end), (vec!["c".to_owned()], None));
        assert!(page(list(), Clone::clone, Some("*"), 2).is_none());
    }
}
