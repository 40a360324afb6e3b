//! Zip archives whose bytes depend on nothing but their content.

use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::failure::{Failure, Result};

/// A Lambda deployment package: one executable called `bootstrap`.
pub fn bootstrap(binary: &[u8]) -> Result<Vec<u8>> {
    pack(&[("bootstrap".to_owned(), binary.to_owned())])
        .map_err(|error| Failure::io("pack the functions", &error))
}

/// A Lambda deployment package: all files of a folder and below it.
pub fn folder(folder: &Path) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    add(folder, "", &mut files)
        .and_then(|()| pack(&files))
        .map_err(|error| Failure::io(format!("pack `{}`", folder.display()), &error))
}

fn add(folder: &Path, at: &str, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut entries: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{at}{name}");
        if path.is_dir() {
            add(&path, &format!("{name}/"), files)?;
        } else {
            files.push((name, std::fs::read(&path)?));
        }
    }
    Ok(())
}

/// Every file may be executed: Lambda runs only what may, and asks nothing of the rest.
fn pack(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let started = archive.start_file(name.as_str(), options);
        started.map_err(std::io::Error::other)?;
        archive.write_all(content)?;
    }
    let written = archive.finish().map_err(std::io::Error::other)?;
    Ok(written.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_binary_gives_the_same_bytes() {
        let one = bootstrap(b"\x7fELF").unwrap();
        assert_eq!(one, bootstrap(b"\x7fELF").unwrap());
        assert_ne!(one, bootstrap(b"\x7fELF2").unwrap());
    }
}
