//! Names of members: `ContainerDefinitions` in templates, `containerDefinitions` in the API.

use serde_json::Value;

/// Members whose values are maps with names of the user's.
const FREE: [&str; 4] = ["options", "dockerlabels", "driveropts", "labels"];

/// Members whose names differ by more than their first letter: in templates, in the API.
const OTHER: [(&str, &str); 5] = [
    ("EFSVolumeConfiguration", "efsVolumeConfiguration"),
    (
        "FSxWindowsFileServerVolumeConfiguration",
        "fsxWindowsFileServerVolumeConfiguration",
    ),
    ("FilesystemId", "fileSystemId"),
    ("IAM", "iam"),
    ("ProxyConfigurationProperties", "properties"),
];

/// A value of a template as the API takes it.
pub(super) fn to_api(value: &Value) -> Value {
    recase(value, &|name| {
        let other = OTHER.iter().find(|(template, _)| *template == name);
        other.map_or_else(
            || first(name, char::to_ascii_lowercase),
            |(_, api)| (*api).to_owned(),
        )
    })
}

/// The reverse. The file systems of FSx and EFS have one name in the API, which is EFS's here.
pub(super) fn to_template(value: &Value) -> Value {
    recase(value, &|name| {
        let other = OTHER.iter().find(|(_, api)| *api == name);
        other.map_or_else(
            || first(name, char::to_ascii_uppercase),
            |(template, _)| (*template).to_owned(),
        )
    })
}

fn recase(value: &Value, name_of: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, one)| {
                let free = FREE.contains(&name.to_ascii_lowercase().as_str()) && one.is_object();
                let one = match free {
                    true => one.clone(),
                    false => recase(one, name_of),
                };
                (name_of(name), one)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(|one| recase(one, name_of)).collect(),
        other => other.clone(),
    }
}

fn first(name: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().iter().map(change).collect();
    first + letters.as_str()
}
