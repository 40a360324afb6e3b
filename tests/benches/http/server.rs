//! The program as a server of the benchmark's own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A served local AWS; ends with the value.
pub(crate) struct Server {
    process: Child,
    address: String,
    /// Its state.
    _home: TempDir,
}

impl Server {
    /// Starts the program and waits until it listens.
    pub(crate) fn start(program: &Path, flags: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let process = Command::new(program)
            .args(["local", "start", "--port", &address.port().to_string()])
            .args(flags)
            .env("FOOTWORK_HOME", home.path())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            address: address.to_string(),
            _home: home,
        };
        while TcpStream::connect(&server.address).is_err() {
            std::thread::yield_now();
        }
        server
    }

    /// `host:port`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Resident bytes and number of threads.
    pub(crate) fn size(&self) -> (usize, usize) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.unwrap().trim().trim_end_matches(" kB");
            number.parse::<usize>().unwrap()
        };
        (number("VmRSS:") * 1024, number("Threads:"))
    }

    /// Processor time that it has used, in clock ticks.
    pub(crate) fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // The name in parentheses may hold spaces; user and system time are the 12th and 13th after.
        let after = stat.rsplit_once(')').unwrap().1;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let number = |at: usize| fields[at].parse::<u64>().unwrap();
        number(11) + number(12)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Builds the program; returns its path.
pub(crate) fn build() -> PathBuf {
    let output = footwork::deploy::cargo::command()
        .args(["build", "--release", "--package", "footwork", "--bins"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let messages = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut executables =
        messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables.find(|path| path.ends_with("footwork")).unwrap()
}
