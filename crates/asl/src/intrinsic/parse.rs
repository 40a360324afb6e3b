//! Text of a call to its parts.

use serde_json::Value;

use super::{Argument, Call, Function};
use crate::jsonpath::Path;

/// Calls nested deeper are refused, as on AWS.
const MAX_DEPTH: usize = 10;

const FUNCTIONS: [(&str, Function); 18] = [
    ("States.Format", Function::Format),
    ("States.StringToJson", Function::StringToJson),
    ("States.JsonToString", Function::JsonToString),
    ("States.Array", Function::Array),
    ("States.ArrayPartition", Function::ArrayPartition),
    ("States.ArrayContains", Function::ArrayContains),
    ("States.ArrayRange", Function::ArrayRange),
    ("States.ArrayGetItem", Function::ArrayGetItem),
    ("States.ArrayLength", Function::ArrayLength),
    ("States.ArrayUnique", Function::ArrayUnique),
    ("States.Base64Encode", Function::Base64Encode),
    ("States.Base64Decode", Function::Base64Decode),
    ("States.Hash", Function::Hash),
    ("States.JsonMerge", Function::JsonMerge),
    ("States.MathRandom", Function::MathRandom),
    ("States.MathAdd", Function::MathAdd),
    ("States.StringSplit", Function::StringSplit),
    ("States.UUID", Function::Uuid),
];

pub(super) fn parse(text: &str) -> Result<Call, String> {
    let (call, rest) = call(text.trim(), 0)?;
    if rest.trim().is_empty() {
        return Ok(call);
    }
    Err(format!("unexpected text after the call: `{}`", rest.trim()))
}

fn call(text: &str, depth: usize) -> Result<(Call, &str), String> {
    if depth > MAX_DEPTH {
        return Err(format!("calls nest deeper than {MAX_DEPTH} levels"));
    }
    let (name, mut rest) = text
        .split_once('(')
        .ok_or_else(|| format!("`{text}` is neither a path nor a call"))?;
    let name = name.trim();
    let (_, function) = FUNCTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| format!("there is no function `{name}`"))?;
    let mut arguments = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(')') {
            rest = after;
            break;
        }
        if !arguments.is_empty() {
            rest = rest
                .strip_prefix(',')
                .ok_or_else(|| format!("expected `,` or `)` before `{rest}`"))?
                .trim_start();
        }
        let (mut argument, after) = argument(rest, depth)?;
        let is_pattern = *function == Function::Format && arguments.is_empty();
        if let Argument::Literal(Value::String(text)) = &mut argument
            && !is_pattern
        {
            *text = unescape(text);
        }
        if let (Argument::Literal(value), Some(expected)) =
            (&argument, function.expects(arguments.len()))
            && crate::jsonata::type_name(value) != expected
        {
            let place = arguments.len() + 1;
            return Err(format!("argument {place} of `{name}` must be a {expected}"));
        }
        arguments.push(argument);
        rest = after;
    }
    let (least, most) = function.arity();
    if arguments.len() < least || arguments.len() > most {
        return Err(format!(
            "`{name}` does not take {} arguments",
            arguments.len()
        ));
    }
    let written = text.len() - rest.len();
    let call = Call {
        text: text.get(..written).unwrap_or(text).to_owned(),
        function: *function,
        arguments,
    };
    Ok((call, rest))
}

fn argument(text: &str, depth: usize) -> Result<(Argument, &str), String> {
    match text.chars().next() {
        Some('\'') => quoted(text),
        Some('$') => {
            let end = path_end(text);
            let (path, rest) = text.split_at(end);
            Ok((Argument::Path(Path::compile(path.trim_end())?), rest))
        }
        Some('S') => {
            let (call, rest) = call(text, depth + 1)?;
            Ok((Argument::Call(Box::new(call)), rest))
        }
        _ => {
            let end = text.find([',', ')']).unwrap_or(text.len());
            let (word, rest) = text.split_at(end);
            let word = word.trim();
            match serde_json::from_str::<Value>(word) {
                Ok(value) if !value.is_array() && !value.is_object() && !value.is_string() => {
                    Ok((Argument::Literal(value), rest))
                }
                _ => Err(format!("`{word}` is not an argument")),
            }
        }
    }
}

/// A text in single quotes. Braces keep their backslash, which `States.Format` reads.
fn quoted(text: &str) -> Result<(Argument, &str), String> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                return Ok((Argument::Literal(Value::String(value)), rest));
            }
            '\\' => match chars.next() {
                Some((_, quote @ '\'')) => value.push(quote),
                Some((_, kept @ ('{' | '}' | '\\'))) => {
                    value.push('\\');
                    value.push(kept);
                }
                Some((_, other)) => return Err(format!("`\\{other}` is not an escape sequence")),
                None => break,
            },
            other => value.push(other),
        }
    }
    Err("a text in quotes does not end".to_owned())
}

/// What `quoted` kept for `States.Format` is plain text everywhere else.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

/// A path ends at a comma or closing parenthesis that is not inside brackets or quotes.
fn path_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ')' | ',') if depth == 0 => return at,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}
