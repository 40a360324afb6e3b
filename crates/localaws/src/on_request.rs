//! Jobs that do on request what real ones do by chance: fail, or take long.
//!
//! One rule for all services whose jobs are not really run here (and for Batch's, which then are
//! not): among the name-value pairs that belong to a job — its tags, environment variables,
//! parameters, arguments (`--footwork:fail` too) and hyperparameters, and those of its definition
//! — these names are heard.
//!
//! | name | value |
//! |---|---|
//! | `footwork:fail` | the job fails, with this reason |
//! | `footwork:seconds` | the job runs so many seconds on the clock |

use std::time::Duration;

use serde_json::Value;

use crate::params::Params;

/// What was asked of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OnRequest {
    /// It fails, with this reason.
    pub(crate) fail: Option<String>,
    /// It runs for so long.
    pub(crate) lasts: Option<Duration>,
}

impl OnRequest {
    /// Reads pairs, given as maps or as lists of names or keys with values. What comes first
    /// counts.
    pub(crate) fn of<'v>(places: impl IntoIterator<Item = Option<&'v Value>>) -> Self {
        let mut found = Self::default();
        for (name, value) in places.into_iter().flatten().flat_map(pairs) {
            match name.trim_start_matches('-') {
                "footwork:fail" => {
                    found.fail.get_or_insert_with(|| value.to_owned());
                }
                "footwork:seconds" => {
                    let seconds = value
                        .parse()
                        .ok()
                        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                    found.lasts = found.lasts.or(seconds);
                }
                _ => {}
            }
        }
        found
    }

    /// Whether anything was asked.
    pub(crate) fn is_some(&self) -> bool {
        *self != Self::default()
    }
}

fn pairs(place: &Value) -> Vec<(&str, &str)> {
    match place {
        Value::Object(map) => map
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| {
                let any = |names: [&str; 4]| names.into_iter().find_map(|name| item.text(name));
                let name = any(["Key", "key", "Name", "name"])?;
                Some((name, item.text("Value").or_else(|| item.text("value"))?))
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pairs_are_heard_wherever_they_are() {
        for (place, fail, seconds) in [
            (json!({ "footwork:fail": "why" }), Some("why"), None),
            (json!({ "--footwork:fail": "why" }), Some("why"), None),
            (
                json!([{ "Key": "footwork:seconds", "Value": "1.5" }]),
                None,
                Some(1500),
            ),
            (
                json!([{ "name": "footwork:fail", "value": "" }]),
                Some(""),
                None,
            ),
            (
                json!({ "footwork:seconds": "-1", "other": "x" }),
                None,
                None,
            ),
        ] {
            let found = OnRequest::of([None, Some(&place)]);
            let lasts = seconds.map(Duration::from_millis);
            assert_eq!(
                (found.fail.as_deref(), found.lasts),
                (fail, lasts),
                "{place}"
            );
        }
    }
}
