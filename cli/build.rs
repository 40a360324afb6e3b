//! Packs what `footwork init` writes: of every use case its workflow, functions and template, as
//! they are in the checkout, so that an installed program needs none.
//!
//! A bundle a use case, deflated: for every file its path, its length and its text. What becomes
//! of the files is the program's business (`src/kit`).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a build that cannot go on stops, and Cargo reads what is printed"
)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Files that every use case takes along.
const SHARED: [&str; 2] = ["Cargo.toml", "rustfmt.toml"];

fn main() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let house = here.parent().unwrap();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    let folders = ["functions", "templates", "workflows"];
    for part in SHARED.iter().chain(&folders) {
        println!("cargo:rerun-if-changed={}", house.join(part).display());
    }
    let mut list = String::from("&[");
    for folder in entries(&house.join("workflows")) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let bundle = out.join(format!("{name}.bundle"));
        fs::write(&bundle, deflated(&bundle_of(house, &name))).unwrap();
        write!(list, "({name:?}, include_bytes!({bundle:?})),").unwrap();
    }
    list.push(']');
    fs::write(out.join("bundles.rs"), list).unwrap();
}

fn bundle_of(house: &Path, name: &str) -> Vec<u8> {
    let mut files: Vec<_> = SHARED.iter().map(|file| house.join(file)).collect();
    files.push(house.join(format!("templates/{name}.yaml")));
    walk(&house.join("workflows").join(name), &mut files);
    walk(&house.join("functions").join(name), &mut files);
    let mut bundle = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        let path = file.strip_prefix(house).unwrap().to_str().unwrap();
        let text = fs::read_to_string(file)
            .unwrap_or_else(|error| panic!("{path} cannot be shipped: {error}"));
        write!(bundle, "{path}\n{}\n{text}", text.len()).unwrap();
    }
    bundle
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in entries(folder) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if entry.is_dir() {
            walk(&entry, files);
        } else {
            files.push(entry);
        }
    }
}

/// What a folder holds, in the same order on every machine; nothing, where there is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
