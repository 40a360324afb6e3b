//! JSONata as Step Functions runs it: parsed once, bound to `$states` and the variables, checked.
//!
//! The only module that knows the JSONata engine. Its values are not `Send`, so none outlives a
//! call of [`Expression::evaluate`].

mod bindings;
mod convert;
mod functions;
mod inspect;

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use serde_json::Value;

use crate::env::{Env, Fault};
use bindings::Uses;
pub(crate) use inspect::{Inspection, is_function};

/// Deeper nesting and recursion of an expression is stopped with an error. AWS stops a sum of 200
/// terms, which nests 199 deep, and says nowhere what it takes.
const MAX_STACK: usize = 198;
/// Longer sequences are stopped with an error; AWS refuses 900,000, and says nowhere what it takes.
const MAX_SEQUENCE: usize = 500_000;

/// An expression that does not come to an end is stopped with an error after this time. Only a
/// guard: no other result depends on it.
const PATIENCE_MS: u64 = 10_000;

/// A compiled `{% … %}`.
#[derive(Debug)]
pub(crate) struct Expression {
    /// What stands between `{%` and `%}`, trimmed, as AWS's messages show it.
    source: String,
    ast: AstNode,
    uses: Uses,
    /// Where it stands in the state: `Arguments/FunctionName`.
    location: String,
}

impl Expression {
    /// Compiles what stands between `{%` and `%}`; fails with a sentence for people.
    pub(crate) fn compile(source: &str, location: String) -> Result<Self, String> {
        let source = source.trim();
        let ast = catch_unwind(|| parser::parse(source))
            .map_err(|_| "the expression cannot be read".to_owned())?
            .map_err(|error| plain(&error.display_message()))?;
        Ok(Self {
            source: source.to_owned(),
            uses: Uses::of(source),
            ast,
            location,
        })
    }

    /// What the expression names, for checks of the definition.
    pub(crate) fn inspect(&self) -> Inspection {
        Inspection::of(&self.ast)
    }

    /// Whether it reads `$states.context`.
    pub(crate) fn reads_context(&self) -> bool {
        self.uses.reads_context()
    }

    pub(crate) fn evaluate(&self, env: &Env<'_>) -> Result<Value, Fault> {
        let mut context = Context::new();
        self.uses.bind(&mut context, env);
        let options = EvaluatorOptions {
            timeout_ms: Some(PATIENCE_MS),
            max_stack_depth: Some(MAX_STACK),
            max_sequence_length: Some(MAX_SEQUENCE),
            ..EvaluatorOptions::default()
        };
        let mut evaluator = Evaluator::with_options(context, options);
        functions::register(&mut evaluator, &self.uses, env)
            .map_err(|error| self.threw(error.message()))?;
        // The engine panics on some pictures of `$fromMillis`. All that it had in hands is dropped.
        let run = || evaluator.evaluate(&self.ast, &JValue::Undefined);
        let result = catch_unwind(AssertUnwindSafe(run))
            .map_err(|_| self.threw("the expression cannot be evaluated"))?
            .map_err(|error| self.threw(error.message()))?;
        if result.is_undefined() {
            return Err(self.fault("returned nothing (undefined)."));
        }
        convert::to_json(&result).ok_or_else(|| self.fault("returned an unsupported result type."))
    }

    fn threw(&self, message: &str) -> Fault {
        // What stops an expression for its own good has no code on AWS, and a colon before it.
        let guards = [
            (
                "D1011",
                "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
            ),
            (
                "U1001",
                "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
            ),
            (
                "D1012",
                "Expression evaluation timeout: Check for infinite loop",
            ),
            (
                "D2014",
                "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            ),
            (
                "D2015",
                "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            ),
        ];
        if let Some((_, text)) = guards.iter().find(|(code, _)| message.starts_with(code)) {
            return self.fault(&format!("threw an error during evaluation: {text}"));
        }
        // Newer engines add the name, which AWS's does not.
        const NOT_A_FUNCTION: &str = "T1006: Attempted to invoke a non-function";
        let message = match message.starts_with(NOT_A_FUNCTION) {
            true => NOT_A_FUNCTION,
            false => message,
        };
        self.fault(&format!("threw an error during evaluation. {message}"))
    }

    fn fault(&self, what: &str) -> Fault {
        Fault::query(
            format!(
                "The JSONata expression '{}' specified for the field '{}' {what}",
                self.source, self.location
            ),
            &self.location,
        )
    }

    /// The result is there, but not of the type that the field needs.
    pub(crate) fn wrong_type(&self, expected: &str, value: &Value) -> Fault {
        self.fault(&format!(
            "returned an unexpected result type. Expected '{expected}', but was '{}' for value: {value}",
            type_name(value)
        ))
    }
}

/// The message of a syntax error without its code, as AWS shows it.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("Invalid syntax: ").unwrap_or(message);
    match message.split_once(": ") {
        Some((code, rest)) if code.len() == 5 && code.chars().skip(1).all(char::is_numeric) => {
            rest.to_owned()
        }
        _ => message.to_owned(),
    }
}

/// JSON's name of the type.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What stands between `{%` and `%}`, if the text is an expression.
pub(crate) fn unwrap(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}
