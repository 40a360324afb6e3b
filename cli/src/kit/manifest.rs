//! The Cargo workspace of functions that were taken out: the parts of the house's manifest that
//! they use.

use std::fmt::Write;

/// Settings of the house that mean crates which do not come along.
const OF_THE_HOUSE: &str = "[profile.release.package.";

/// The manifest of a workspace whose only member is `functions`.
pub(super) fn workspace(house: &str, functions: &str) -> String {
    let mut manifest = String::from(
        "# The functions of the workflow. `Cargo.lock` names the version of every crate they are\n\
         # built with; `cargo update` takes newer ones.\n\
         [workspace]\nresolver = \"3\"\nmembers = [\"functions\"]\n",
    );
    let used: Vec<&str> = functions
        .lines()
        .filter_map(|line| line.split_once(".workspace = true"))
        .map(|(name, _)| name)
        .collect();
    for (header, lines) in tables(house) {
        if header == "[workspace]" || header.starts_with(OF_THE_HOUSE) {
            continue;
        }
        let _ = write!(manifest, "\n{header}\n");
        let only_used = header == "[workspace.dependencies]";
        for line in lines {
            let name = line.split([' ', '=']).next().unwrap_or_default();
            let speaks = !only_used && !line.starts_with('#');
            if speaks || used.contains(&name) {
                let _ = writeln!(manifest, "{line}");
            }
        }
    }
    manifest
}

/// The tables of a manifest: header, and the lines below it that say something.
fn tables(manifest: &str) -> Vec<(&str, Vec<&str>)> {
    let mut tables: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            tables.push((line, Vec::new()));
        } else if let (Some((_, lines)), false) = (tables.last_mut(), line.is_empty()) {
            lines.push(line);
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_functions_use_comes_along() {
        let house = "[workspace]\nmembers = [\"*\"]\n\n[workspace.dependencies]\n# own\nasl = { path = \"x\" }\n\
            serde = \"1\"\nserde_json = \"1\"\n\n[profile.release]\n# why\nlto = true\n\
            [profile.release.package.asl]\nopt-level = 3\n";
        let functions =
            "[package]\nversion.workspace = true\n[dependencies]\nserde.workspace = true\n";
        let manifest = workspace(house, functions);
        let (_, rest) = manifest.split_once("members").unwrap();
        assert_eq!(
            rest,
            " = [\"functions\"]\n\n[workspace.dependencies]\nserde = \"1\"\n\n[profile.release]\nlto = true\n"
        );
    }
}
