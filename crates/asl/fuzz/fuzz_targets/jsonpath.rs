//! Any text as a path, wherever a path may stand.
#![no_main]

use serde_json::json;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for field in ["InputPath", "ResultPath", "OutputPath"] {
        asl_fuzz::survive(&asl_fuzz::pass("JSONPath", field, json!(text)), asl_fuzz::INPUT);
    }
    let template = json!({"v.$": text});
    asl_fuzz::survive(&asl_fuzz::pass("JSONPath", "Parameters", template), asl_fuzz::INPUT);
});
