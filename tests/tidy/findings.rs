//! Every code of a finding is explained, and every explained code can be found.

use std::collections::BTreeSet;

use footwork::check::CODES;
use harness::{files, read};
use regex::Regex;

#[test]
fn every_code_is_explained() {
    let listed: BTreeSet<&str> = CODES
        .iter()
        .flat_map(|(_, codes)| codes.iter().map(|(code, _)| *code))
        .collect();
    let mut table = String::new();
    for (title, codes) in CODES {
        table.push_str(&format!(
            "### {title}\n| code | what is wrong |\n|---|---|\n"
        ));
        for (code, meaning) in *codes {
            table.push_str(&format!("| `{code}` | {meaning} |\n"));
        }
        table.push('\n');
    }
    let written = read("docs/validate.md");
    let (_, written) = written.split_once("## Codes\n").unwrap();
    assert_eq!(written.trim(), table.trim(), "docs/validate.md");

    // Codes in the sources: of the checks, and of the language's diagnostics.
    let literal = Regex::new(r#""([A-Z][A-Z_]{3,})""#).unwrap();
    let mut told = BTreeSet::new();
    for folder in ["cli/src/check", "crates/asl/src"] {
        for path in files(folder) {
            if path.ends_with("codes.rs") || path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = read(&path);
            let (text, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            let found = literal.captures_iter(text).filter_map(|found| found.get(1));
            told.extend(found.map(|code| code.as_str().to_owned()));
        }
    }
    let is_code = |text: &str| {
        text.contains('_')
            || ["JSON", "CASE", "INPUT", "FUNCTION", "SCHEMA", "UNREADABLE"].contains(&text)
    };
    // Words of the language itself, of its history and of AWS's files, and names of variables.
    let others = [
        "ATHENA_DATA",
        "CARGO_MANIFEST_DIR",
        "CARGO_PKG_VERSION",
        "CAUGHT_ERROR",
        "FIRST_ROW",
        "FOOTWORK_SHARED",
        "LOAD_AND_FLATTEN",
        "STATE_DATA",
        "TIMED_OUT",
    ];
    for code in &told {
        assert!(
            listed.contains(code.as_str()) || !is_code(code) || others.contains(&code.as_str()),
            "{code} is not explained in cli/src/check/codes.rs"
        );
    }
    for code in listed {
        assert!(
            told.contains(code),
            "{code} is explained, and nothing tells it"
        );
    }
}

/// What ships has no fault: language, template, substitutions, permissions, inputs, cases.
#[test]
fn what_ships_is_faultless() {
    let root = harness::root();
    let checked = footwork::check::check(&[root.join("workflows"), root.join("templates")]);
    assert!(checked.definitions > 0 && checked.templates > 1);
    let all: Vec<_> = checked
        .findings
        .iter()
        .map(|one| format!("{}: {} {}", one.file.display(), one.code, one.message))
        .collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}
