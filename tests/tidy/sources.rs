//! How source files look.

use harness::{files, read};

fn sources() -> Vec<(String, String)> {
    let all = ["cli", "crates", "functions", "tests"]
        .into_iter()
        .flat_map(files);
    let rust = all.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| (path.display().to_string(), read(&path)))
        .collect()
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let sources = sources();
    assert!(sources.len() > 50);
    let mut wrong = Vec::new();
    for (path, text) in &sources {
        let lines = text.lines().count();
        if lines > 800 {
            wrong.push(format!(
                "{path} has {lines} lines; split it (800 at the most)"
            ));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{path} does not say what it is: begin with `//!`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    // Built from parts, so that this file does not find itself.
    let words = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["X", "XX:"],
        ["un", "implemented!("],
        ["to", "do!("],
    ]
    .map(|word| word.concat());
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
