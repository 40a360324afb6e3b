//! A workflow that somebody takes, changes and deploys: `footwork init` and what works on its
//! directory.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod builds;
mod by_hand;
mod changed;
mod watched;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use harness::{binary, program};
use tempfile::TempDir;

/// A directory `my-drift`, as `footwork init` writes it.
struct Own {
    folder: TempDir,
}

impl Own {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let own = Self { folder };
        let output = Command::new(program())
            .args(["init", "drift-detection", "my-drift"])
            .current_dir(own.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        own
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("my-drift")
    }

    /// The program, run in the directory: nothing of the checkout is near.
    fn footwork(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(program());
        let command = command.args(arguments).current_dir(self.path());
        command.output().unwrap()
    }

    /// Puts the functions where `build.sh` puts them, from the checkout's build of the same sources.
    fn built(&self) {
        let to = self.path().join("target/lambda/drift-detection/bootstrap");
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let functions = binary("drift-detection", &["drift-detection", "footwork"]);
        fs::copy(functions, to).unwrap();
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of the functions in the checkout has its twin in the directory: a build here is one
/// of what is tested there.
#[test]
fn the_functions_are_those_of_the_checkout() {
    let own = Own::new();
    let root = harness::root();
    let mut compared = 0;
    for path in harness::files("functions/drift-detection") {
        let rest = path.strip_prefix("functions/drift-detection").unwrap();
        if rest == Path::new("Cargo.lock") {
            continue;
        }
        let twin = fs::read_to_string(own.path().join("functions").join(rest)).unwrap();
        let original = fs::read_to_string(root.join(&path)).unwrap();
        let moved = original.replace("../../workflows/drift-detection", "..");
        assert_eq!(twin, moved, "{}", path.display());
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}
