//! Properties of an input by flags: `--set attempts=3`, short ones such as `--cpu 512`, and the
//! words after `--`.
//!
//! Which of them a workflow takes, and of what type they are, says its input schema: a flag is
//! another way to write a property, and one that the schema does not have is refused.

use std::time::Duration;

use clap::Args;
use serde_json::{Map, Value, json};

use super::schema::Place;
use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::ui::{count, plain, suggest};

/// Flags that make up an input.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// Input: JSON, a file, `-` for stdin, or an example that ships with the workflow [default: {}]
    #[arg(short, long)]
    pub input: Option<String>,
    /// A property of the input, such as `attempts=3` or `array.concurrency=5`; several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// A variable of the container's environment; without a value, that of this shell; several times
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    environment: Vec<String>,
    /// CPU units of the container's task, such as 512
    #[arg(long, value_name = "UNITS")]
    cpu: Option<String>,
    /// Memory of the container's task in MiB, such as 2048
    #[arg(long, value_name = "MIB")]
    memory: Option<String>,
    /// Image of the container
    #[arg(long)]
    image: Option<String>,
    /// What to do while another run goes on: allow, skip, queue or replace
    #[arg(long, value_name = "POLICY")]
    overlap: Option<String>,
    /// How often the container is started at most
    #[arg(long, value_name = "TIMES")]
    attempts: Option<String>,
    /// How long one attempt may take, such as `30m`; then the container is stopped
    #[arg(long, value_name = "DURATION", value_parser = super::duration)]
    time_limit: Option<Duration>,
    /// Run on Spot capacity (`--spot=false`: do not)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    spot: Option<String>,
    /// What follows a failure of a class, such as `exit:75=retry`; several times
    #[arg(long, value_name = "CLASS=ANSWER")]
    on_failure: Vec<String>,
    /// A container for each index, first and last, such as `0..9`
    #[arg(long, value_name = "FIRST..LAST", conflicts_with = "array_items")]
    array: Option<String>,
    /// A container for each item of a file: a JSON array, or a line an item; `-` for stdin
    #[arg(long, value_name = "FILE")]
    array_items: Option<String>,
    /// How many containers of an array run at the same time
    #[arg(long, value_name = "NUMBER")]
    concurrency: Option<String>,
    /// Command of the container, after `--`; no shell reads it
    #[arg(last = true, value_name = "WORD")]
    command: Vec<String>,
}

/// A property and its value.
#[derive(Debug, PartialEq)]
struct Setting {
    /// As typed, for messages.
    flag: String,
    path: Vec<String>,
    value: Given,
}

#[derive(Debug, PartialEq)]
enum Given {
    /// Becomes what the schema wants.
    Text(String),
    Value(Value),
}

impl InputArgs {
    /// Puts what the flags say into an input, over what it has; every fault is listed.
    pub(super) fn apply(&self, input: &mut Value, source: Option<&Source>) -> Result<()> {
        let mut faults = Vec::new();
        let settings = self.read(&mut faults);
        let schema = source.and_then(|source| source.input_schema.as_deref());
        let schema = schema.map_or(Ok(json!({})), serde_json::from_str);
        let schema: Value = schema
            .map_err(|error| Failure::new(format!("the input schema is not JSON: {error}")))?;
        let workflow = source.map_or("the workflow", |source| &source.workflow);
        let root = Place::root(&schema);
        for setting in settings {
            match setting.resolve(&root, workflow) {
                Ok(value) => {
                    if !put(input, &setting.path, value) {
                        let place = setting.path.join(".");
                        faults.push(format!(
                            "`{}`: there is no room for `{place}` in the input",
                            plain(&setting.flag)
                        ));
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        let number = count(faults.len(), "fault");
        let failure = Failure::new(format!(
            "the flags have {number}:\n  - {}",
            faults.join("\n  - ")
        ));
        Err(match source {
            Some(source) => failure.help(format!(
                "`footwork show {}` describes the input",
                source.named()
            )),
            None => failure,
        })
    }

    /// All settings, in the order in which later ones win.
    fn read(&self, faults: &mut Vec<String>) -> Vec<Setting> {
        let mut all = Vec::new();
        for given in &self.settings {
            match given.split_once('=') {
                Some((key, value)) if !key.is_empty() => all.push(Setting {
                    flag: format!("--set {key}"),
                    path: key.split('.').map(str::to_owned).collect(),
                    value: Given::Text(value.to_owned()),
                }),
                _ => faults.push(format!(
                    "`--set {}` is not of the form KEY=VALUE",
                    plain(given)
                )),
            }
        }
        let short = [
            ("--cpu", "cpu", &self.cpu),
            ("--memory", "memory", &self.memory),
            ("--image", "image", &self.image),
            ("--overlap", "overlap", &self.overlap),
            ("--attempts", "attempts", &self.attempts),
            ("--spot", "spot", &self.spot),
            ("--concurrency", "array.concurrency", &self.concurrency),
        ];
        for (flag, path, value) in short {
            if let Some(value) = value {
                all.push(Setting::new(flag, path, Given::Text(value.clone())));
            }
        }
        if let Some(limit) = self.time_limit {
            let seconds = Given::Value(json!(limit.as_secs().max(1)));
            all.push(Setting::new("--time-limit", "timeoutSeconds", seconds));
        }
        let pairs = [
            ("--environment", "environment", &self.environment),
            ("--on-failure", "onFailure", &self.on_failure),
        ];
        for (flag, property, given) in pairs {
            for one in given {
                match pair(flag, one) {
                    Ok((key, value)) => all.push(Setting {
                        flag: flag.to_owned(),
                        path: vec![property.to_owned(), key],
                        value: Given::Text(value),
                    }),
                    Err(fault) => faults.push(fault),
                }
            }
        }
        match self.array() {
            Ok(settings) => all.extend(settings),
            Err(fault) => faults.push(fault),
        }
        if !self.command.is_empty() {
            let words = Given::Value(json!(self.command));
            all.push(Setting::new("--", "command", words));
        }
        all
    }

    fn array(&self) -> Result<Vec<Setting>, String> {
        let mut settings = Vec::new();
        if let Some(range) = &self.array {
            let indices = range.split_once("..").and_then(|(first, last)| {
                let pair = (first.parse::<u64>().ok()?, last.parse::<u64>().ok()?);
                (pair.0 <= pair.1).then_some(pair)
            });
            let (first, last) = indices.ok_or_else(|| {
                format!("`--array {}` is not of the form FIRST..LAST", plain(range))
            })?;
            for (path, index) in [("array.from", first), ("array.to", last)] {
                let index = Given::Value(json!(index));
                settings.push(Setting::new("--array", path, index));
            }
        }
        if let Some(file) = &self.array_items {
            let text = super::text_of(file)
                .map_err(|error| format!("cannot read the items `{}`: {error}", plain(file)))?;
            let items = items(&text).map_err(|error| {
                format!("the items in `{}` are no JSON array: {error}", plain(file))
            })?;
            let items = Given::Value(items);
            settings.push(Setting::new("--array-items", "array.items", items));
        }
        Ok(settings)
    }
}

impl Setting {
    fn new(flag: &str, path: &str, value: Given) -> Self {
        Self {
            flag: flag.to_owned(),
            path: path.split('.').map(str::to_owned).collect(),
            value,
        }
    }

    /// The value, as the schema wants it; otherwise the fault.
    fn resolve(&self, root: &Place<'_>, workflow: &str) -> Result<Value, String> {
        let flag = plain(&self.flag);
        let mut place = root.clone();
        for (depth, name) in self.path.iter().enumerate() {
            let Some(next) = place.property(name) else {
                let above = self.path.get(..depth).unwrap_or_default().join(".");
                let above = if above.is_empty() { workflow } else { &above };
                let near = suggest(name, place.names());
                let near = near.map(|near| format!("; did you mean `{near}`?"));
                return Err(format!(
                    "`{flag}`: the input of {above} has no `{}`{}",
                    plain(name),
                    near.unwrap_or_default()
                ));
            };
            place = next;
        }
        match &self.value {
            Given::Value(value) => Ok(value.clone()),
            Given::Text(text) => place
                .read(text)
                .map_err(|wanted| format!("`{flag}` cannot be `{}`; it is {wanted}", plain(text))),
        }
    }
}

/// `NAME=VALUE`, or `NAME` for a variable of this shell.
fn pair(flag: &str, given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        None if flag == "--environment" => match std::env::var(given) {
            Ok(value) => Ok((given.to_owned(), value)),
            Err(_) => Err(format!(
                "`--environment {}`: this shell has no such variable",
                plain(given)
            )),
        },
        _ => Err(format!(
            "`{flag} {}` is not of the form NAME=VALUE",
            plain(given)
        )),
    }
}

/// A JSON array, or a line an item.
fn items(text: &str) -> Result<Value, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text);
    }
    let lines = text.lines().filter(|line| !line.is_empty());
    Ok(lines.map(Value::from).collect())
}

/// Puts a value at a path, making objects on the way; false where something else is in the way.
fn put(input: &mut Value, path: &[String], value: Value) -> bool {
    let Some((last, above)) = path.split_last() else {
        return false;
    };
    let mut at = input;
    for name in above {
        let Some(members) = at.as_object_mut() else {
            return false;
        };
        at = members.entry(name).or_insert_with(|| Map::new().into());
    }
    let Some(members) = at.as_object_mut() else {
        return false;
    };
    members.insert(last.clone(), value);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        input: InputArgs,
    }

    /// A workflow with the input of a job.
    fn job() -> Source {
        let schema = include_str!("../../../workflows/fargate-job/input.schema.json");
        let mut source = Source::from(catalogue::find("drift-detection").unwrap());
        source.workflow = "fargate-job".to_owned();
        source.input_schema = Some(schema.into());
        source
    }

    fn apply(words: &[&str], source: &Source) -> Result<Value> {
        let line = Line::try_parse_from([&["x"], words].concat()).unwrap();
        let mut input = json!({"attempts": 9});
        line.input.apply(&mut input, Some(source)).map(|()| input)
    }

    #[test]
    fn flags_become_properties() {
        let case = job();
        for (words, wanted) in [
            (
                &["--", "sh", "-c", "exit 1"][..],
                json!({"attempts": 9, "command": ["sh", "-c", "exit 1"]}),
            ),
            (
                &["--attempts", "3", "--spot"],
                json!({"attempts": 3, "spot": true}),
            ),
            (&["--spot=false"], json!({"attempts": 9, "spot": false})),
            (
                &["-e", "A=b=c", "-e", "DAY=1", "--cpu", "512"],
                json!({"attempts": 9, "environment": {"A": "b=c", "DAY": "1"}, "cpu": 512}),
            ),
            (
                &["--time-limit", "1h 30m"],
                json!({"attempts": 9, "timeoutSeconds": 5400}),
            ),
            (
                &["--array", "0..9", "--concurrency", "5"],
                json!({"attempts": 9, "array": {"concurrency": 5, "from": 0, "to": 9}}),
            ),
            (
                &["--on-failure", "exit:75=retry", "--set", "input.cpu=256"],
                json!({"attempts": 9, "input": {"cpu": 256}, "onFailure": {"exit:75": "retry"}}),
            ),
        ] {
            let input = apply(words, &case).unwrap();
            assert_eq!(input, wanted, "{words:?}");
            super::super::check(&input.to_string(), &case).unwrap();
        }
    }

    #[test]
    fn every_fault_is_listed() {
        let words = [
            "--set",
            "atempts=3",
            "--cpu",
            "much",
            "--array",
            "9..0",
            "--set",
            "x",
            "-e",
            "NO_SUCH_VARIABLE_",
        ];
        let what = apply(&words, &job()).unwrap_err().what;
        for fault in [
            "5 faults",
            "did you mean `attempts`",
            "`--cpu` cannot be `much`; it is a number",
            "FIRST..LAST",
            "KEY=VALUE",
            "no such variable",
        ] {
            assert!(what.contains(fault), "{fault} in {what}");
        }
    }

    #[test]
    fn a_workflow_takes_what_its_schema_has() {
        let case = &Source::from(catalogue::find("drift-detection").unwrap());
        let what = apply(&["--cpu", "256", "--", "ls"], case).unwrap_err().what;
        assert!(
            what.contains("`--cpu`: the input of drift-detection has no `cpu`"),
            "{what}"
        );
        assert!(
            what.contains("`--`: the input of drift-detection has no `command`"),
            "{what}"
        );
    }

    #[test]
    fn items_are_lines_or_json() {
        assert_eq!(items("a\n\nb\r\n").unwrap(), json!(["a", "b"]));
        assert_eq!(items(" [1, {\"a\": 2}]").unwrap(), json!([1, {"a": 2}]));
        assert!(items("[1,").is_err());
    }
}
