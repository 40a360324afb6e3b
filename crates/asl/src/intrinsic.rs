//! `States.*` functions of JSONPath templates.

mod arrays;
mod parse;
mod text;

use serde_json::{Number, Value};

use crate::env::{Env, Fault};
use crate::hash;
use crate::jsonpath::Path;
use crate::random::JavaRandom;

/// A compiled call, with its arguments.
#[derive(Debug)]
pub(crate) struct Call {
    /// As written, for messages.
    text: String,
    function: Function,
    arguments: Vec<Argument>,
}

#[derive(Debug)]
enum Argument {
    Literal(Value),
    Path(Path),
    Call(Box<Call>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Format,
    StringToJson,
    JsonToString,
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
}

impl Call {
    /// Compiles a call; fails with what is wrong with it.
    pub(crate) fn compile(text: &str) -> Result<Self, String> {
        parse::parse(text)
    }

    /// Whether what it returns is, or may be, a text.
    pub(crate) fn returns_text(&self) -> bool {
        matches!(
            self.function,
            Function::ArrayGetItem
                | Function::Base64Encode
                | Function::Base64Decode
                | Function::Format
                | Function::JsonToString
                | Function::Hash
                | Function::Uuid
        )
    }

    /// Whether an argument reads the context object.
    pub(crate) fn reads_context(&self) -> bool {
        self.arguments.iter().any(|argument| match argument {
            Argument::Literal(_) => false,
            Argument::Path(path) => path.is_context(),
            Argument::Call(call) => call.reads_context(),
        })
    }

    /// Calls `each` with every variable that an argument reads.
    pub(crate) fn variables(&self, each: &mut dyn FnMut(&str)) {
        for argument in &self.arguments {
            match argument {
                Argument::Literal(_) => {}
                Argument::Path(path) => {
                    if let Some(name) = path.variable() {
                        each(name);
                    }
                }
                Argument::Call(call) => call.variables(each),
            }
        }
    }

    pub(crate) fn evaluate(&self, env: &Env<'_>, field: &str) -> Result<Value, Fault> {
        let mut arguments = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            arguments.push(match argument {
                Argument::Literal(value) => value.clone(),
                Argument::Path(path) => path.select_for_field(env, field)?,
                Argument::Call(call) => call.evaluate(env, field)?,
            });
        }
        self.function
            .apply(&arguments, env)
            .map_err(|why| Fault::Named {
                error: "States.IntrinsicFailure",
                cause: format!(
                    "The function '{}' had the following error: {why}",
                    self.text
                ),
            })
    }
}

impl Function {
    /// How many arguments it takes, at least and at most.
    fn arity(self) -> (usize, usize) {
        match self {
            Self::Uuid => (0, 0),
            Self::Array => (0, usize::MAX),
            Self::Format => (1, usize::MAX),
            Self::StringToJson
            | Self::JsonToString
            | Self::ArrayLength
            | Self::ArrayUnique
            | Self::Base64Encode
            | Self::Base64Decode => (1, 1),
            Self::MathRandom => (2, 3),
            Self::JsonMerge | Self::ArrayRange => (3, 3),
            _ => (2, 2),
        }
    }

    /// What a literal must be as the argument at this place.
    fn expects(self, place: usize) -> Option<&'static str> {
        match (self, place) {
            (Self::MathAdd | Self::MathRandom | Self::ArrayRange, _)
            | (Self::ArrayPartition | Self::ArrayGetItem, 1) => Some("number"),
            (Self::Format, 0)
            | (Self::StringToJson | Self::StringSplit | Self::Base64Encode, _)
            | (Self::Base64Decode, _)
            | (Self::Hash, 1) => Some("string"),
            (Self::JsonMerge, 2) => Some("boolean"),
            _ => None,
        }
    }

    fn apply(self, arguments: &[Value], env: &Env<'_>) -> Result<Value, String> {
        let first = arguments.first().unwrap_or(&Value::Null);
        let second = arguments.get(1).unwrap_or(&Value::Null);
        let third = arguments.get(2).unwrap_or(&Value::Null);
        match self {
            Self::Format => text::format(first, arguments.get(1..).unwrap_or_default()),
            Self::StringToJson => text::string_to_json(first),
            Self::JsonToString => Ok(Value::String(first.to_string())),
            Self::StringSplit => text::split(first, second),
            Self::Base64Encode => text::encode(first),
            Self::Base64Decode => text::decode(first),
            Self::Hash => {
                let algorithm = second.as_str().unwrap_or_default();
                let data = match first {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                hash::digest(algorithm, data.as_bytes())
                    .map(Value::String)
                    .ok_or_else(|| format!("unknown algorithm {algorithm}"))
            }
            Self::Array => Ok(Value::Array(arguments.to_vec())),
            Self::ArrayPartition => arrays::partition(first, second),
            Self::ArrayContains => arrays::contains(first, second),
            Self::ArrayRange => arrays::range_of(first, second, third),
            Self::ArrayGetItem => arrays::item(first, second),
            Self::ArrayLength => arrays::length(first),
            Self::ArrayUnique => arrays::unique(first),
            Self::JsonMerge => merge(first, second, third),
            Self::MathAdd => {
                let sum = rounded(first)?.saturating_add(rounded(second)?);
                Ok(Value::Number(Number::from(sum)))
            }
            Self::MathRandom => random(first, second, arguments.get(2), env),
            Self::Uuid => Ok(Value::String(env.random.borrow_mut().uuid())),
        }
    }
}

/// Rounds half up, as Java's `Math.round` does.
fn rounded(value: &Value) -> Result<i64, String> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(number) => Ok(number),
            None => Ok((number.as_f64().unwrap_or(0.0) + 0.5).floor() as i64),
        },
        other => Err(format!("{other} is not a number")),
    }
}

fn random(from: &Value, to: &Value, seed: Option<&Value>, env: &Env<'_>) -> Result<Value, String> {
    let (from, to) = (rounded(from)?, rounded(to)?);
    let span = to.saturating_sub(from);
    if span < 1 {
        return Err("the start must be less than the end".to_owned());
    }
    let offset = match seed {
        Some(seed) => {
            let bound = i32::try_from(span).unwrap_or(i32::MAX);
            i64::from(JavaRandom::new(rounded(seed)?).next_int(bound))
        }
        None => (env.random.borrow_mut().unit() * span as f64) as i64,
    };
    Ok(Value::Number(Number::from(from.saturating_add(offset))))
}

fn merge(first: &Value, second: &Value, deep: &Value) -> Result<Value, String> {
    if deep != &Value::Bool(false) {
        return Err("deep merging is not supported".to_owned());
    }
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            let mut merged = first.clone();
            for (key, value) in second {
                merged.insert(key.clone(), value.clone());
            }
            Ok(Value::Object(merged))
        }
        _ => Err("both values must be objects".to_owned()),
    }
}

pub(crate) use arrays::range;
