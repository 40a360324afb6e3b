//! What a task gets instead of what its definition says.
//!
//! ECS takes overrides of 8,192 characters as JSON. Variables that do not fit go through a file in
//! the bucket, which ECS reads itself (`environmentFiles`), so the container notices nothing.

use serde_json::{Map, Value, json};

use super::array::{Item, as_text};
use super::wanted::Wanted;
use crate::Run;
use crate::settings::Settings;

/// The file with the variables.
pub(super) const FILE: &str = "environment.env";
const MOST: usize = 8192;
/// What the workflow adds: the number of the attempt.
const ATTEMPT: usize = 64;

/// What overrides are made from.
pub(super) struct Given<'a> {
    pub(super) run: &'a Run,
    pub(super) settings: &'a Settings,
    pub(super) wanted: &'a Wanted,
    pub(super) container: &'a Value,
    pub(super) items: Option<&'a [Item]>,
}

/// Overrides, in parts that the workflow puts together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Overrides {
    /// Of the task.
    pub(super) task: Value,
    /// Of the container, but for its environment.
    pub(super) container: Value,
    /// Variables of the container.
    pub(super) environment: Vec<Value>,
    /// The file with more of them.
    pub(super) file: Option<String>,
}

pub(super) fn build(given: &Given<'_>, faults: &mut Vec<String>) -> Overrides {
    let Given {
        run,
        settings,
        wanted,
        ..
    } = given;
    let mut task = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        task.extend(value.map(|value| (name.to_owned(), value)));
    };
    set("Cpu", wanted.cpu.map(|cpu| json!(cpu.to_string())));
    set(
        "Memory",
        wanted.memory.map(|memory| json!(memory.to_string())),
    );
    set("TaskRoleArn", wanted.task_role.clone().map(Value::from));
    let mut container = json!({ "Name": given.container["name"] });
    if let Some(command) = &wanted.command {
        container["Command"] = json!(command);
    }
    let mut ours = vec![
        variable("JOB_NAME", &settings.job),
        variable("JOB_EXECUTION", &run.name),
        variable(
            "JOB_TRIGGER",
            wanted.trigger["kind"].as_str().unwrap_or("manual"),
        ),
    ];
    for (name, value) in [
        ("JOB_MESSAGE", &wanted.message),
        ("JOB_EVENT", &wanted.event),
    ] {
        ours.extend(value.as_ref().map(|value| variable(name, &as_text(value))));
    }
    let theirs = wanted.environment.iter();
    let theirs: Vec<_> = theirs.map(|(name, value)| variable(name, value)).collect();
    let mut overrides = Overrides {
        task: Value::Object(task),
        container,
        environment: [ours.clone(), theirs].concat(),
        file: None,
    };
    if overrides.length(given.items) <= MOST {
        return overrides;
    }
    // A line of the file holds a variable, so one with several lines stays where it is.
    let fits = |variable: &&Value| {
        !variable["Value"]
            .as_str()
            .is_some_and(|v| v.contains(['\n', '\r']))
    };
    let in_file: Vec<_> = overrides.environment.iter().filter(fits).cloned().collect();
    overrides
        .environment
        .retain(|variable| !in_file.contains(variable));
    // The state that adds the attempt needs a list, and these are always wanted inline.
    overrides
        .environment
        .splice(0..0, ours.iter().take(3).cloned());
    let partition = run.arn.split(':').nth(1).unwrap_or("aws");
    let file = format!("arn:{partition}:s3:::{}/{}", settings.bucket, run.key(FILE));
    overrides.container["EnvironmentFiles"] = json!([{ "Type": "s3", "Value": file }]);
    let lines = in_file.iter().map(|variable| {
        let text = |member: &str| variable[member].as_str().unwrap_or_default().to_owned();
        format!("{}={}\n", text("Name"), text("Value"))
    });
    overrides.file = Some(lines.collect());
    let length = overrides.length(given.items);
    if length > MOST {
        faults.push(format!(
            "`command`, variables of several lines and the items of an array have up to {length} characters, and ECS takes {MOST}; put them into a file"
        ));
    }
    overrides
}

impl Overrides {
    /// Characters that ECS gets, with the longest item.
    fn length(&self, items: Option<&[Item]>) -> usize {
        let items = items.into_iter().flatten();
        let longest = items.map(|item| json!(item.environment).to_string().chars().count());
        let mut container = self.container.clone();
        container["Environment"] = json!(self.environment);
        let mut whole = self.task.clone();
        whole["ContainerOverrides"] = json!([container]);
        whole.to_string().chars().count() + longest.max().unwrap_or(0) + ATTEMPT
    }
}

fn variable(name: &str, value: &str) -> Value {
    json!({ "Name": name, "Value": value })
}
