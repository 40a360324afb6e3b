//! The functions that Step Functions adds to JSONata, and those that must not look at the world.

use std::rc::Rc;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;

use super::bindings::Uses;
use super::convert::from_json;
use crate::env::{Env, iso};
use crate::hash;
use crate::random::{JavaRandom, Random};

type Answer = Result<JValue, EvaluatorError>;

/// More than that in one array is refused, as in `States.ArrayRange`.
const MAX_ITEMS: usize = 1_000;

pub(super) fn register(
    evaluator: &mut Evaluator,
    uses: &Uses,
    env: &Env<'_>,
) -> Result<(), EvaluatorError> {
    if uses.calls("partition") {
        evaluator.register_fn("partition", |args: &[JValue]| partition(args))?;
    }
    if uses.calls("range") {
        evaluator.register_fn("range", |args: &[JValue]| range(args))?;
    }
    if uses.calls("hash") {
        evaluator.register_fn("hash", |args: &[JValue]| hash(args))?;
    }
    if uses.calls("parse") {
        evaluator.register_fn("parse", |args: &[JValue]| parse(args))?;
    }
    if uses.calls("uuid") || uses.calls("random") {
        // A host function may be called many times, so it gets a generator of its own.
        let seed = env.random.borrow_mut().next_u64();
        let random = Rc::new(std::cell::RefCell::new(Random::new(seed)));
        let shared = Rc::clone(&random);
        evaluator.register_fn("uuid", move |_: &[JValue]| {
            Ok(JValue::from(shared.borrow_mut().uuid()))
        })?;
        evaluator.register_fn_override("random", move |args: &[JValue]| {
            Ok(JValue::Number(
                match args.first().and_then(JValue::as_f64) {
                    Some(seed) => JavaRandom::new(seed as i64).next_double(),
                    None => random.borrow_mut().unit(),
                },
            ))
        })?;
    }
    if uses.calls("eval") {
        // AWS has no such function, which shows when it is called.
        evaluator.register_fn_override("eval", |_: &[JValue]| {
            Err(failed("T1006: Attempted to invoke a non-function"))
        })?;
    }
    if uses.calls("now") {
        let now = env.now;
        evaluator.register_fn_override("now", move |args: &[JValue]| {
            if args.first().is_none_or(JValue::is_undefined) {
                return Ok(JValue::from(iso(now)));
            }
            let mut context = Context::new();
            context.bind("t".into(), JValue::from(now.as_millisecond()));
            for (name, arg) in ["picture", "zone"].iter().zip(args) {
                context.bind((*name).into(), arg.clone());
            }
            let call = parser::parse("$fromMillis($t, $picture, $zone)")
                .map_err(|error| failed(&error.display_message()))?;
            Evaluator::with_context(context).evaluate(&call, &JValue::Undefined)
        })?;
    }
    if uses.calls("millis") {
        let now = env.now;
        evaluator.register_fn_override("millis", move |_: &[JValue]| {
            Ok(JValue::from(now.as_millisecond()))
        })?;
    }
    Ok(())
}

fn failed(message: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.to_owned())
}

fn integer(args: &[JValue], index: usize, function: &str) -> Result<i64, EvaluatorError> {
    match args.get(index).and_then(JValue::as_f64) {
        Some(number) if number.is_finite() => Ok(number.trunc() as i64),
        _ => Err(failed(&format!(
            "T0410: Argument {} of function \"{function}\" does not match function signature",
            index + 1
        ))),
    }
}

/// `$partition(array, size)`: the array in pieces of that size.
fn partition(args: &[JValue]) -> Answer {
    let items = match args.first() {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items.to_vec(),
        Some(single) => vec![single.clone()],
    };
    let size = usize::try_from(integer(args, 1, "partition")?).unwrap_or(0);
    if size == 0 {
        return Err(failed(
            "T0410: Argument 2 of function \"partition\" must be greater than zero",
        ));
    }
    let pieces = items
        .chunks(size)
        .map(|piece| JValue::array(piece.to_vec()));
    Ok(JValue::array(pieces.collect()))
}

/// `$range(first, last, step)`: the numbers from the first to the last, both included.
fn range(args: &[JValue]) -> Answer {
    let (first, last) = (integer(args, 0, "range")?, integer(args, 1, "range")?);
    let step = integer(args, 2, "range")?;
    match crate::intrinsic::range(first, last, step, MAX_ITEMS) {
        Ok(numbers) => Ok(JValue::sequence(
            numbers.into_iter().map(JValue::from).collect(),
        )),
        Err(message) => Err(failed(&message)),
    }
}

/// `$hash(data, algorithm)`: the digest in hexadecimal digits.
fn hash(args: &[JValue]) -> Answer {
    let data = match args.first() {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::String(text)) => text.to_string(),
        Some(other) => other
            .to_json_string()
            .map_err(|error| failed(&error.to_string()))?,
    };
    let algorithm = args.get(1).and_then(JValue::as_str).unwrap_or("SHA-256");
    match hash::digest(algorithm, data.as_bytes()) {
        Some(digest) => Ok(JValue::from(digest)),
        None => Err(failed(&format!(
            "T0410: Unknown hash algorithm {algorithm}"
        ))),
    }
}

/// `$parse(text)`: the JSON value that the text spells.
fn parse(args: &[JValue]) -> Answer {
    match args.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(JValue::String(text)) => serde_json::from_str(text)
            .map(|value| from_json(&value))
            .map_err(|error| failed(&format!("D3141: Malformed JSON: {error}"))),
        Some(_) => Err(failed(
            "T0410: Argument 1 of function \"parse\" does not match function signature",
        )),
    }
}
