//! Published templates that others wrote, as they are.

use std::path::PathBuf;

use super::super::template::Template;

/// The folder with the templates; `None`, said aloud, where it is not on this machine.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests must see what was skipped"
)]
fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("FOOTWORK_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = shared.unwrap_or(beside).join("real-templates/widdix");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no templates in {}", folder.display());
    None
}

fn templates() -> Vec<(String, String)> {
    let Some(root) = folder() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for domain in std::fs::read_dir(&root).unwrap() {
        let domain = domain.unwrap().path();
        if !domain.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(domain).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn every_template_is_read() {
    for (name, text) in templates() {
        let template = Template::parse(&text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        assert!(template.outputs.contains_key("TemplateID"), "{name}");
    }
}

#[test]
fn the_templates_of_this_repository_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if let Err(faults) = Template::parse(&text) {
            panic!("{}: {faults:?}", path.display());
        }
    }
}
