//! Other people's definitions and templates, which are deployed every day, raise no alarm.
//!
//! They lie outside the repository, in `FOOTWORK_SHARED`; without that folder nothing is compared.

use std::path::PathBuf;

use footwork::check::{self, Checked};
use harness::root;
use serde_json::Value;

fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let path = root().join(folder).join(path);
    path.exists().then_some(path)
}

fn told(checked: &Checked, only_errors: bool) -> Vec<String> {
    let found = checked.findings.iter();
    found
        .filter(|finding| finding.is_error() || !only_errors)
        .map(|finding| {
            format!(
                "{}: {} {}",
                finding.file.display(),
                finding.code,
                finding.message
            )
        })
        .collect()
}

#[test]
fn published_samples_have_no_errors() {
    let Some(folder) = shared("conformance/validation") else {
        return;
    };
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    let index: Value = serde_json::from_str(&index).unwrap();
    let entries = index["entries"].as_array().unwrap().iter();
    let published = entries.filter(|entry| {
        let authority = entry["authority"].as_str().unwrap_or_default();
        entry["verdict"] == "valid"
            && authority.starts_with("published AWS sample")
            && entry["parses"] == true
    });
    let files: Vec<PathBuf> = published
        .map(|entry| folder.join(entry["path"].as_str().unwrap()))
        .filter(|file| file.is_file())
        .collect();
    assert!(files.len() > 100, "{}", files.len());
    let checked = check::check(&files);
    assert_eq!(checked.definitions, files.len());
    let told = told(&checked, true);
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn real_templates_have_no_faults() {
    let Some(folder) = shared("real-templates") else {
        return;
    };
    let checked = check::check(&[folder]);
    assert!(checked.templates > 10, "{}", checked.templates);
    let told = told(&checked, false);
    assert!(told.is_empty(), "{}", told.join("\n"));
}
