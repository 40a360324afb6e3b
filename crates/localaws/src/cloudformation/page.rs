//! Long answers in pages.

use awsapi::AwsError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::request::text;
use super::state::invalid;

/// The page that a call asks for, under `member`, with the token of the next one.
///
/// A token holds the number of entries before the page: a list that changes meanwhile may repeat
/// or leave out an entry.
pub(crate) fn page(
    input: &Value,
    member: &str,
    entries: Vec<Value>,
    size: usize,
) -> Result<Value, AwsError> {
    let begin = match text(input, "NextToken") {
        None => 0,
        Some(token) => number(token).ok_or_else(|| invalid("Invalid NextToken"))?,
    };
    let total = entries.len();
    let page: Vec<Value> = entries.into_iter().skip(begin).take(size).collect();
    let end = begin + page.len();
    let mut answer = Map::new();
    answer.insert(member.to_owned(), Value::Array(page));
    if end < total {
        let token = URL_SAFE_NO_PAD.encode(format!("after:{end}"));
        answer.insert("NextToken".to_owned(), Value::String(token));
    }
    Ok(Value::Object(answer))
}

fn number(token: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.strip_prefix("after:")?.parse().ok()
}
