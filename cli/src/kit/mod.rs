//! A use case as a directory of its own: what `footwork init` writes.
//!
//! The files are those of the house, with the paths that a directory of one's own has. They do not
//! depend on the directory's name; `footwork.toml`, which does, is no part of them.

mod bundle;
mod manifest;
mod origin;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result};
use crate::settings;

pub use origin::Origin;

/// The definition of the state machine.
pub const WORKFLOW: &str = "workflow.asl.json";
/// The template.
pub const TEMPLATE: &str = "template.yaml";
/// JSON Schema of the input.
pub const INPUT_SCHEMA: &str = "input.schema.json";
/// What the workflow does, fails at and costs.
pub const STORY: &str = "STORY.md";

/// Files that are the same for all use cases but for their name.
const FILES: &[(&str, &str)] = &[
    (".footwork/footwork.schema.json", settings::SCHEMA),
    (".footwork/case.schema.json", cases::schemas::CASE),
    (".footwork/world.schema.json", cases::schemas::WORLD),
    (".footwork/expected.schema.json", cases::schemas::EXPECTED),
    ("README.md", include_str!("files/README.md")),
    ("build.sh", include_str!("files/build.sh")),
    ("clippy.toml", include_str!("files/clippy.toml")),
    (".gitignore", include_str!("files/gitignore")),
    (".github/workflows/ci.yml", include_str!("files/ci.yml")),
];

/// The files of a use case's directory, by their path in it, as this version of the program writes
/// them. All of them are text.
pub fn files(use_case: &str) -> Result<BTreeMap<String, String>> {
    let house = bundle::unpack(use_case)?;
    let functions = format!("functions/{use_case}/");
    let workflow = format!("workflows/{use_case}/");
    let mut files = BTreeMap::new();
    for (path, text) in &house {
        let (path, text) = if path == "Cargo.toml" {
            let own = house.get(&format!("{functions}Cargo.toml"));
            let own = own.map(String::as_str).unwrap_or_default();
            (path.clone(), manifest::workspace(text, own))
        } else if !path.contains('/') {
            (path.clone(), text.clone())
        } else if let Some(rest) = path.strip_prefix(&functions) {
            match rest {
                "Cargo.lock" => (rest.to_owned(), text.clone()),
                _ => (format!("functions/{rest}"), function(text, use_case)),
            }
        } else if let Some(rest) = path.strip_prefix(&workflow) {
            match rest {
                "README.md" => (STORY.to_owned(), story(text, use_case)),
                page if page.ends_with(".md") => {
                    let text = story(text, use_case).replace("](README.md", &format!("]({STORY}"));
                    (page.to_owned(), text)
                }
                _ => (rest.to_owned(), text.clone()),
            }
        } else {
            (TEMPLATE.to_owned(), template(text, use_case))
        };
        files.insert(path, text);
    }
    for (path, text) in FILES {
        files.insert((*path).to_owned(), text.replace("@use-case@", use_case));
    }
    Ok(files)
}

/// Whether a file is to be executable.
pub fn is_program(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "sh")
}

/// A hash of a text, for comparing.
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes files below a folder.
pub fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    for (path, text) in files {
        let file = folder.join(path);
        let parent = file.parent().unwrap_or(folder);
        let written = std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&file, text))
            .and_then(|()| executable(path, &file));
        written.map_err(|error| Failure::io(format!("write `{}`", file.display()), &error))?;
    }
    Ok(())
}

#[cfg(unix)]
fn executable(path: &str, file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if is_program(path) {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn executable(_: &str, _: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A workspace with the functions of a shipped use case, for a program without its checkout: in
/// the user's cache folder, under a name made from the content.
pub fn cached(use_case: &str) -> Result<PathBuf> {
    let files = files(use_case)?;
    let of_cargo = |path: &&String| path.starts_with("Cargo.") || path.starts_with("functions/");
    let mut all = String::new();
    for path in files.keys().filter(of_cargo) {
        all.push_str(path);
        all.push_str(files.get(path).map(String::as_str).unwrap_or_default());
    }
    let name: String = hash(&all).chars().take(16).collect();
    let folder = cache()?.join(format!("{use_case}-{name}"));
    // Written anew each time: it is quick, and mends what was cut short. Cargo looks at times, so
    // what is right already is left alone.
    let mut stale = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| of_cargo(path)) {
        let there = std::fs::read_to_string(folder.join(path));
        if there.is_ok_and(|there| there == *text) {
            continue;
        }
        stale.insert(path.clone(), text.clone());
    }
    write(&folder, &stale)?;
    Ok(folder)
}

fn cache() -> Result<PathBuf> {
    let named = |name: &str| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    let cache = named("FOOTWORK_CACHE")
        .or_else(|| Some(named("XDG_CACHE_HOME")?.join("footwork")))
        .or_else(|| Some(named("HOME")?.join(".cache/footwork")));
    cache.ok_or_else(|| {
        Failure::new("there is no folder to build the functions in").help("set FOOTWORK_CACHE")
    })
}

fn template(text: &str, use_case: &str) -> String {
    text.replace(
        &format!("'../target/lambda/{use_case}'"),
        &format!("'target/lambda/{use_case}'"),
    )
    .replace(&format!("../workflows/{use_case}/"), "")
}

/// Tests of functions read the files of the workflow, which lie in the folder above them.
fn function(text: &str, use_case: &str) -> String {
    text.replace(&format!("../../workflows/{use_case}"), "..")
        .replace(
            &format!("../../templates/{use_case}.yaml"),
            "../template.yaml",
        )
}

fn story(text: &str, use_case: &str) -> String {
    text.replace("../../", "")
        .replace(&format!("templates/{use_case}.yaml"), TEMPLATE)
        .replace(&format!("functions/{use_case}"), "functions")
        .replace(&format!("workflows/{use_case}/"), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::USE_CASES;
    use crate::deploy::template::Template;

    #[test]
    fn nothing_leads_out_of_the_directory() {
        for case in USE_CASES {
            let files = files(case.name).unwrap();
            for (path, text) in &files {
                let up = path.split('/').count() - 1;
                let out = "../".repeat(up + 1);
                assert!(!text.contains(&out), "{}: {path}", case.name);
                assert!(!text.contains("@use-case@"), "{path}");
            }
            let template = Template::parse(case.name, &files[TEMPLATE]).unwrap();
            for asset in &template.assets {
                let built = asset.path == format!("target/lambda/{}", case.name);
                assert!(built || files.contains_key(&asset.path), "{}", asset.path);
            }
        }
    }

    #[test]
    fn links_in_the_story_lead_somewhere() {
        for case in USE_CASES {
            let files = files(case.name).unwrap();
            for document in [STORY, "README.md"] {
                for link in files[document].split("](").skip(1) {
                    let (link, _) = link.split_once(')').unwrap();
                    let leads = link.starts_with("https://")
                        || files
                            .keys()
                            .any(|path| path == link || path.starts_with(&format!("{link}/")));
                    assert!(leads, "{}: {document}: {link}", case.name);
                }
            }
        }
    }
}
