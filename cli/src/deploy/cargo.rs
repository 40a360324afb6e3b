//! Cargo, started by a program that cargo may itself have started.

use std::ffi::OsStr;
use std::process::Command;

/// What cargo tells a program about the package it belongs to (Cargo book, "Environment variables
/// Cargo sets for crates"). Build scripts that watch these run again when they are handed on to
/// another cargo, and everything above them is compiled anew.
const OF_A_PACKAGE: [&str; 5] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
];

/// The cargo that started this program, or the one on the path.
pub fn command() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_a_package(name)) {
        cargo.env_remove(name);
    }
    cargo
}

fn is_of_a_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    OF_A_PACKAGE.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_not_handed_on_and_settings_are() {
        for (name, of_a_package) in [
            ("CARGO_PKG_NAME", true),
            ("CARGO_MANIFEST_DIR", true),
            ("CARGO_TARGET_DIR", false),
            ("CARGO_HOME", false),
            ("CARGO_NET_OFFLINE", false),
        ] {
            assert_eq!(is_of_a_package(OsStr::new(name)), of_a_package, "{name}");
        }
    }
}
