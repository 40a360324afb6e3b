//! Deployment packages on disk. A package is unpacked once and shared by all processes that run
//! it; nothing a function should write to, as `/var/task` is not on AWS.

use std::collections::HashMap;
use std::io::{self, Cursor};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::Mutex;
use zip::ZipArchive;

/// Packages by their hash, each removed with the last process that runs it.
#[derive(Default)]
pub(super) struct Unpacked {
    folders: Mutex<HashMap<String, Weak<TempDir>>>,
}

impl Unpacked {
    pub(super) async fn folder(&self, sha256: &str, zip: &Bytes) -> io::Result<Arc<TempDir>> {
        let mut folders = self.folders.lock().await;
        if let Some(folder) = folders.get(sha256).and_then(Weak::upgrade) {
            return Ok(folder);
        }
        folders.retain(|_, folder| folder.strong_count() > 0);
        let zip = zip.clone();
        let unpacked = tokio::task::spawn_blocking(move || unpack(&zip)).await;
        let folder = Arc::new(unpacked.map_err(io::Error::other)??);
        folders.insert(sha256.to_owned(), Arc::downgrade(&folder));
        Ok(folder)
    }
}

fn unpack(zip: &Bytes) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("lambda-").tempdir()?;
    let mut archive = ZipArchive::new(Cursor::new(zip.as_ref())).map_err(io::Error::other)?;
    archive.extract(folder.path()).map_err(io::Error::other)?;
    let bootstrap = folder.path().join("bootstrap");
    if bootstrap.is_file() {
        // Archives made where files have no such bits lack the right to execute.
        std::fs::set_permissions(&bootstrap, PermissionsExt::from_mode(0o755))?;
    }
    Ok(folder)
}

/// What keeps a file from being executed here although it could be elsewhere.
pub(super) fn foreign(bootstrap: &Path) -> Option<String> {
    let head = head(bootstrap)?;
    // e_machine of the ELF header, little-endian as both architectures are.
    let machine = match head.get(18..20)? {
        [0x3e, 0] => "x86_64",
        [0xb7, 0] => "aarch64",
        _ => "another architecture",
    };
    let here = std::env::consts::ARCH;
    let elf = head.starts_with(b"\x7fELF");
    (elf && machine != here).then(|| {
        format!(
            "fork/exec /var/task/bootstrap: exec format error: the file is for {machine}, this \
             machine is {here}"
        )
    })
}

fn head(file: &Path) -> Option<[u8; 20]> {
    let mut head = [0; 20];
    io::Read::read_exact(&mut std::fs::File::open(file).ok()?, &mut head).ok()?;
    Some(head)
}
