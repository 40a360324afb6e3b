//! The code of a function that a template names by a path.
//!
//! Shipped functions are built from the checkout, or from what the program carries of them. In a
//! directory of one's own, `target/lambda/<package>` beside a `Cargo.toml` is the binary of that
//! package, built here; every other path is taken as it lies there.

use std::path::{Path, PathBuf};

use super::{archive, build};
use crate::failure::{Failure, Result};
use crate::kit;
use crate::source::{Directory, Source};
use crate::ui::Ui;

/// Where templates expect what Cargo builds.
const BUILT: &str = "target/lambda/";

/// What is uploaded for a function.
pub(super) enum Code {
    /// An executable, to be packed as `bootstrap`.
    Program(PathBuf),
    /// A deployment package.
    Package(Vec<u8>),
}

/// The code at a path of the template, built if it is Cargo's to build.
pub(super) async fn of(source: &Source, path: &str, build: bool, ui: &Ui) -> Result<Code> {
    let Some(directory) = &source.directory else {
        return shipped(&source.workflow, ui).await.map(Code::Program);
    };
    let folder = &directory.template_folder;
    if let (true, Some(package)) = (build, package_of(directory, path)) {
        let binary = build::functions(&build::Workspace::of(folder), package, ui).await?;
        return Ok(Code::Program(binary));
    }
    let there = folder.join(path);
    let shown = there.display();
    let package = if there.is_dir() {
        archive::folder(&there)?
    } else if path.ends_with(".zip") {
        super::read(&there)?
    } else {
        return Err(Failure::new(format!(
            "the template names code at `{shown}`, which is neither a folder nor a zip file"
        ))
        .help("build it first, as you would for `aws cloudformation package`"));
    };
    Ok(Code::Package(package))
}

/// The package that Cargo builds a path of the template from.
fn package_of<'a>(directory: &Directory, path: &'a str) -> Option<&'a str> {
    let package = path.strip_prefix("./").unwrap_or(path);
    let package = package.strip_prefix(BUILT)?.trim_end_matches('/');
    let manifest = directory.template_folder.join("Cargo.toml");
    (manifest.is_file() && !package.contains('/')).then_some(package)
}

async fn shipped(use_case: &str, ui: &Ui) -> Result<PathBuf> {
    let workspace = match checkout() {
        Some(folder) => build::Workspace {
            folder,
            beside: Some("footwork"),
            target: None,
        },
        None => {
            let folder = kit::cached(use_case)?;
            build::Workspace {
                target: folder.parent().map(|cache| cache.join("target")),
                folder,
                beside: None,
            }
        }
    };
    build::functions(&workspace, use_case, ui).await
}

/// The checkout that the program was built in, where it is still there.
fn checkout() -> Option<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    built.join("functions").is_dir().then(|| built.to_owned())
}
