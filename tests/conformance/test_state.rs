//! Recorded answers of `TestState`.

use serde_json::Value;

use crate::cloud::{Cloud, compared};
use crate::names::Names;
use crate::replay::compare::{differences, normalise};
use crate::{Differences, functions};

pub(crate) fn play(vector: &Value) -> Option<Differences> {
    let functions = functions::of(vector)?;
    let mut cloud = Cloud::start(vector);
    functions::make(&cloud, &functions);
    let names = Names::of(vector);
    let mut request = vector["arguments"].clone();
    request["definition"] = vector["definition"].clone();
    if !vector["input"].is_null() {
        request["input"] = vector["input"].clone();
    }
    cloud.let_time_pass(true);
    let answer = cloud.call("TestState", &names.sent(&request));
    let expected = &vector["expected"];
    let only_client = expected.get("error_raw").is_some() && expected.get("error_code").is_none();
    if only_client && answer.status == 400 {
        return Some(Vec::new());
    }
    let actual = names.received(&answer.recorded());
    let actual = normalise(actual, vector);
    Some(differences(vector, &compared(expected), &actual))
}
