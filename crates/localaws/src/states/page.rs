//! Pages of lists: `maxResults` and `nextToken`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::AwsError;

use super::errors;
use super::input::Input;

/// Which part of a list is asked for.
#[derive(Debug)]
pub(super) struct Page {
    list: String,
    from: usize,
    size: usize,
}

impl Page {
    /// Reads the request's paging members. `list` names the list, so that a token of another list
    /// is refused; tokens have at most `longest` characters.
    pub(super) fn of(input: Input<'_>, list: &str, longest: usize) -> Result<Self, AwsError> {
        let size = match input.number("maxResults", 0, 1000)? {
            None | Some(0) => 100,
            Some(size) => usize::try_from(size).unwrap_or(100),
        };
        let from = match input.limited("nextToken", longest)? {
            Some(token) => position(token, list).ok_or_else(errors::invalid_token)?,
            None => 0,
        };
        Ok(Self {
            list: list.to_owned(),
            from,
            size,
        })
    }

    /// Where the page begins.
    pub(super) fn from(&self) -> usize {
        self.from
    }

    /// How many entries it has at most.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The token of the page that follows, in a list of `total` entries.
    pub(super) fn next(&self, total: usize) -> Option<String> {
        let next = self.from + self.size;
        (next < total).then(|| STANDARD.encode(format!("{next}@{}", self.list)))
    }

    /// Takes the page out of a whole list.
    pub(super) fn cut<T>(&self, all: Vec<T>) -> (Vec<T>, Option<String>) {
        let next = self.next(all.len());
        (
            all.into_iter().skip(self.from).take(self.size).collect(),
            next,
        )
    }
}

fn position(token: &str, list: &str) -> Option<usize> {
    let token = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    let (from, of) = token.split_once('@')?;
    if of != list {
        return None;
    }
    from.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let mut input = json!({ "maxResults": 2 });
        let mut seen = Vec::new();
        loop {
            let page = Page::of(Input(&input), "numbers", 1024).unwrap();
            let (part, next) = page.cut(vec![1, 2, 3, 4, 5]);
            seen.push(part);
            let Some(next) = next else { break };
            assert_eq!(
                Page::of(Input(&json!({ "nextToken": next })), "letters", 1024)
                    .unwrap_err()
                    .code,
                "InvalidToken"
            );
            input["nextToken"] = next.into();
        }
        assert_eq!(seen, [vec![1, 2], vec![3, 4], vec![5]]);
    }
}
