//! What is written down is true.

use clap::CommandFactory;
use footwork::Footwork;
use harness::{files, read};

/// Every command line of the program that the documents show, as words.
fn commands() -> Vec<(String, Vec<String>)> {
    let documents = files(".")
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let mut commands = Vec::new();
    for path in documents {
        let mut in_console = false;
        for line in read(&path).lines() {
            if line.starts_with("```") {
                in_console = line == "```console" || line == "```sh";
                continue;
            }
            let line = line.strip_prefix("$ ").unwrap_or(line);
            let line = line.split(" # ").next().unwrap_or(line);
            let line = line.replace("cargo run --release -- ", "footwork ");
            if in_console && line.starts_with("footwork ") {
                let words = line
                    .split_whitespace()
                    .map(|word| word.trim_matches('\'').to_owned());
                commands.push((path.display().to_string(), words.collect()));
            }
        }
    }
    commands
}

#[test]
fn every_command_in_the_documents_is_one() {
    let commands = commands();
    assert!(commands.len() > 5, "{commands:?}");
    for (path, words) in commands {
        if let Err(error) = Footwork::command().try_get_matches_from(&words) {
            panic!("{path}: `{}`: {error}", words.join(" "));
        }
    }
}

#[test]
fn the_map_is_short() {
    assert!(read("ARCHITECTURE.md").lines().count() <= 150);
}
