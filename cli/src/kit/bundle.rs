//! What the build packed of a use case: files as they lie in the house.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::failure::{Failure, Result};

/// By name of the use case.
const BUNDLES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bundles.rs"));

/// The files of a use case, by their path in the house.
pub(super) fn unpack(use_case: &str) -> Result<BTreeMap<String, String>> {
    let found = BUNDLES.iter().find(|(name, _)| *name == use_case);
    let (_, packed) =
        found.ok_or_else(|| Failure::new(format!("the program was built without `{use_case}`")))?;
    let mut text = String::new();
    DeflateDecoder::new(*packed)
        .read_to_string(&mut text)
        .map_err(|error| Failure::io(format!("unpack `{use_case}`"), &error))?;
    read(&text).ok_or_else(|| Failure::new(format!("what is packed of `{use_case}` is cut short")))
}

fn read(mut text: &str) -> Option<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    while !text.is_empty() {
        let (path, rest) = text.split_once('\n')?;
        let (length, rest) = rest.split_once('\n')?;
        let (content, rest) = rest.split_at_checked(length.parse().ok()?)?;
        files.insert(path.to_owned(), content.to_owned());
        text = rest;
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_case_is_packed_as_it_is() {
        for case in crate::catalogue::USE_CASES {
            let files = unpack(case.name).unwrap();
            let file = |path: String| files.get(&path).map(String::as_str);
            let workflow = format!("workflows/{}/workflow.asl.json", case.name);
            assert_eq!(file(workflow), Some(case.definition));
            let template = format!("templates/{}.yaml", case.name);
            assert_eq!(file(template), Some(case.template));
            assert!(file(format!("functions/{}/src/main.rs", case.name)).is_some());
        }
        assert!(unpack("drift").is_err());
    }

    #[test]
    fn a_bundle_that_is_cut_short_is_noticed() {
        let files = read("a\n2\nxyb/c\n0\n").unwrap();
        assert_eq!(files["a"], "xy");
        assert_eq!(files["b/c"], "");
        for cut in ["a", "a\n2", "a\n2\nx", "a\nb\nx"] {
            assert!(read(cut).is_none(), "{cut}");
        }
    }
}
