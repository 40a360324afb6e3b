//! Any text as a JSONata expression: what is bound for it, what it yields, what a failure becomes.
#![no_main]

use serde_json::json;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let value = json!({"v": format!("{{% {text} %}}")});
    asl_fuzz::survive(&asl_fuzz::pass("JSONata", "Output", value.clone()), asl_fuzz::INPUT);
    asl_fuzz::survive(&asl_fuzz::pass("JSONata", "Assign", value), asl_fuzz::INPUT);
});
