//! Members that answers of AWS's API got after a recording was made.

use serde_json::Value;

use crate::replay::eras::day;

/// Members, and the day from which on AWS's answers have them: the announcements of redrive and of
/// customer managed keys. Recordings from before and after bear it out.
const NEWER: [(&str, &[&str]); 2] = [
    (
        "2023-11-15",
        &[
            "redriveCount",
            "redriveStatus",
            "redriveStatusReason",
            "pendingRedrive",
            "failuresNotRedrivable",
        ],
    ),
    ("2024-07-25", &["encryptionConfiguration"]),
];

/// Takes out of an answer what the API did not have then.
pub(crate) fn answer_as_then(vector: &Value, answer: &mut Value) {
    let Some(day) = day(vector) else { return };
    for (since, members) in NEWER {
        if day.as_str() < since {
            without(answer, members);
        }
    }
}

fn without(value: &mut Value, members: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|member, _| !members.contains(&member.as_str()));
            map.values_mut().for_each(|inner| without(inner, members));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without(item, members)),
        _ => {}
    }
}
