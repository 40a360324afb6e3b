//! Zip archives whose bytes depend on nothing but their content.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::failure::{Failure, Result};

/// A Lambda deployment package: one executable called `bootstrap`.
pub fn bootstrap(binary: &[u8]) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let written = archive
        .start_file("bootstrap", options)
        .map_err(std::io::Error::other)
        .and_then(|()| archive.write_all(binary))
        .and_then(|()| archive.finish().map_err(std::io::Error::other));
    let written = written.map_err(|error| Failure::io("pack the functions", &error))?;
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
