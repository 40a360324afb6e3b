//! Definitions in YAML: laid out twice like once, and read to the same value.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(laid_out) = asl::format_yaml(text) {
        assert_eq!(asl::format_yaml(&laid_out).as_ref(), Ok(&laid_out));
    }
});
