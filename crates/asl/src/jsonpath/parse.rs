//! Text to path.

use super::filter;
use super::{Path, Root, Segment};

pub(super) struct Cursor<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    pub(super) fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    pub(super) fn expect(&mut self, token: &str) -> Result<(), String> {
        self.space();
        if self.eat(token) {
            return Ok(());
        }
        Err(format!("expected `{token}` at position {}", self.at))
    }

    /// A name in quotes; a backslash goes before a quote or a backslash in it.
    pub(super) fn quoted(&mut self) -> Result<String, String> {
        let Some(quote @ ('\'' | '"')) = self.peek() else {
            return Err(format!("expected a quoted name at position {}", self.at));
        };
        self.at += 1;
        let mut name = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((offset, c)) = chars.next() {
            if c == quote {
                self.at += offset + 1;
                return Ok(name);
            }
            if c == '\\' {
                match chars.next() {
                    Some((_, escaped)) if escaped == quote || escaped == '\\' => name.push(escaped),
                    // Any other backslash stands for itself.
                    Some((_, other)) => name.extend([c, other]),
                    None => break,
                }
            } else {
                name.push(c);
            }
        }
        Err("a quoted name does not end".to_owned())
    }

    pub(super) fn integer(&mut self) -> Result<Option<i64>, String> {
        let digits = self.take_while(|c| c == '-' || c.is_ascii_digit());
        if digits.is_empty() {
            return Ok(None);
        }
        digits
            .parse()
            .map(Some)
            .map_err(|_| format!("`{digits}` is not an index"))
    }
}

pub(super) fn parse(text: &str) -> Result<Path, String> {
    let mut cursor = Cursor::new(text.trim_end());
    if !cursor.eat("$") {
        return Err("a path starts with `$`".to_owned());
    }
    let root = if cursor.eat("$") {
        Root::Context
    } else {
        match cursor.take_while(|c| c.is_alphanumeric() || c == '_') {
            "" => Root::Input,
            name => Root::Variable(name.into()),
        }
    };
    let segments = segments(&mut cursor, 0)?;
    if !cursor.rest().is_empty() {
        return Err(format!("unexpected text at position {}", cursor.at));
    }
    Ok(Path {
        text: text.to_owned(),
        root,
        segments,
    })
}

/// The segments up to the first character that can belong to none.
pub(super) fn segments(cursor: &mut Cursor<'_>, depth: usize) -> Result<Vec<Segment>, String> {
    let mut segments = Vec::new();
    loop {
        if cursor.eat("..") {
            segments.push(Segment::Descend);
            if cursor.peek() == Some('[') {
                continue;
            }
            segments.push(dotted(cursor)?);
        } else if cursor.eat(".") {
            if cursor.peek() == Some('[') {
                continue;
            }
            segments.push(dotted(cursor)?);
        } else if cursor.eat("[") {
            cursor.space();
            segments.push(bracketed(cursor, depth)?);
            cursor.expect("]")?;
        } else {
            return Ok(segments);
        }
    }
}

fn dotted(cursor: &mut Cursor<'_>) -> Result<Segment, String> {
    if cursor.eat("*") {
        return Ok(Segment::Wildcard);
    }
    let name = cursor.take_while(|c| {
        !c.is_whitespace()
            && !matches!(
                c,
                '.' | '['
                    | ']'
                    | '('
                    | ')'
                    | ','
                    | '='
                    | '<'
                    | '>'
                    | '!'
                    | '&'
                    | '|'
                    | '~'
                    | '\''
                    | '"'
                    | '*'
                    | '?'
                    | '@'
                    | '$'
                    | ':'
                    | '{'
                    | '}'
                    | '/'
                    | '+'
                    | '^'
                    | '`'
                    | '%'
                    | '#'
                    | ';'
            )
    });
    if name.is_empty() {
        return Err(format!("a name is missing at position {}", cursor.at));
    }
    if cursor.eat("()") {
        return Ok(Segment::Function(name.to_owned()));
    }
    Ok(Segment::Name(name.to_owned()))
}

fn bracketed(cursor: &mut Cursor<'_>, depth: usize) -> Result<Segment, String> {
    match cursor.peek() {
        Some('*') => {
            cursor.at += 1;
            Ok(Segment::Wildcard)
        }
        Some('?') => {
            cursor.at += 1;
            filter::parse(cursor, depth + 1).map(Segment::Filter)
        }
        Some('(') => last_item(cursor),
        Some('\'' | '"') => {
            let mut names = vec![cursor.quoted()?];
            cursor.space();
            while cursor.eat(",") {
                cursor.space();
                names.push(cursor.quoted()?);
                cursor.space();
            }
            Ok(match names.pop() {
                Some(only) if names.is_empty() => Segment::Name(only),
                Some(last) => {
                    names.push(last);
                    Segment::Names(names)
                }
                None => Segment::Names(names),
            })
        }
        _ => indices(cursor),
    }
}

/// `(@.length-1)`, an old way to count from the end.
fn last_item(cursor: &mut Cursor<'_>) -> Result<Segment, String> {
    cursor.at += 1;
    let inside = cursor.take_while(|c| c != ')');
    cursor.expect(")")?;
    let compact: String = inside.split_whitespace().collect();
    compact
        .strip_prefix("@.length()")
        .or_else(|| compact.strip_prefix("@.length"))
        .and_then(|offset| offset.parse().ok())
        .filter(|offset: &i64| *offset < 0)
        .map(Segment::Index)
        .ok_or_else(|| format!("`({inside})` is not supported as an index"))
}

fn indices(cursor: &mut Cursor<'_>) -> Result<Segment, String> {
    let first = cursor.integer()?;
    cursor.space();
    if cursor.eat(":") {
        cursor.space();
        let to = cursor.integer()?;
        cursor.space();
        let step = if cursor.eat(":") {
            cursor.space();
            cursor.integer()?
        } else {
            None
        };
        return Ok(Segment::Slice(first, to, step));
    }
    let Some(first) = first else {
        return Err(format!("an index is missing at position {}", cursor.at));
    };
    let mut list = vec![first];
    while cursor.eat(",") {
        cursor.space();
        match cursor.integer()? {
            Some(index) => list.push(index),
            None => return Err(format!("an index is missing at position {}", cursor.at)),
        }
        cursor.space();
    }
    Ok(if list.len() == 1 {
        Segment::Index(first)
    } else {
        Segment::Indices(list)
    })
}
