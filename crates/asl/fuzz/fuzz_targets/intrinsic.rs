//! Any text as a call of an intrinsic function, and as arguments of each.
#![no_main]

use serde_json::json;

const FUNCTIONS: [&str; 18] = [
    "Format", "StringToJson", "JsonToString", "Array", "ArrayPartition", "ArrayContains",
    "ArrayRange", "ArrayGetItem", "ArrayLength", "ArrayUnique", "Base64Encode", "Base64Decode",
    "Hash", "JsonMerge", "MathRandom", "MathAdd", "StringSplit", "UUID",
];

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut template = json!({"whole.$": text});
    asl_fuzz::survive(&asl_fuzz::pass("JSONPath", "Parameters", template), asl_fuzz::INPUT);
    for function in FUNCTIONS {
        template = json!({"v.$": format!("States.{function}({text})")});
        asl_fuzz::survive(&asl_fuzz::pass("JSONPath", "Parameters", template), asl_fuzz::INPUT);
    }
});
