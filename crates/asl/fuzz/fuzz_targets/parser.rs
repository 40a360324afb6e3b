//! Any text as a definition.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| asl_fuzz::survive(text, asl_fuzz::INPUT));
