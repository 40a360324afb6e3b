//! The figures of the README: `cargo bench --package tests --bench figures`.
//!
//! Measures the release build of the program as a user has it. Medians of several runs; nothing
//! here asserts anything.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it cannot measure"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use footwork::deploy::archive;
use tempfile::TempDir;

fn main() {
    let release = build();
    let program = release.join("footwork");
    println!("{:<44} {:>12}  goal", "figure", "measured");
    row(
        "footwork list",
        millis(median(21, || list(&program))),
        "< 20 ms",
    );
    row(
        "start to first answered call",
        millis(median(11, || start(&program).0)),
        "< 50 ms",
    );
    row(
        "resident memory of `local`, idle",
        mebibytes(start(&program).1),
        "< 50 MiB",
    );
    let folder = TempDir::new().unwrap();
    let own = folder.path().join("own");
    let init = || {
        let _ = fs::remove_dir_all(&own);
        command(&program, &["init", "drift-detection", "own"], folder.path())
    };
    row("init", millis(median(11, init)), "< 20 ms");
    for (figure, arguments) in [
        ("diff --upstream", &["diff", "--upstream", "own"][..]),
        ("schema config", &["schema", "config"]),
        ("cost, 18 cases and the formula", &["cost", "own"]),
    ] {
        let took = median(11, || command(&program, arguments, folder.path()));
        row(figure, millis(took), "< 20 ms");
    }
    let cases = thousand(&own);
    let took = median(5, || command(&program, &["test", "own"], folder.path()));
    row(&format!("test, {cases} cases"), millis(took), "< 1,000 ms");
    // The first run builds the functions, so it is not counted.
    demo(&program);
    row(
        "demo drift-detection, functions built",
        millis(median(3, || demo(&program))),
        "< 5,000 ms",
    );
    let zip = archive::bootstrap(&fs::read(release.join("drift-detection")).unwrap()).unwrap();
    row("function zip", mebibytes(zip.len()), "< 4 MiB");
}

fn row(figure: &str, measured: String, goal: &str) {
    println!("{figure:<44} {measured:>12}  {goal}");
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn mebibytes(bytes: usize) -> String {
    format!("{:.2} MiB", bytes as f64 / 1024.0 / 1024.0)
}

fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

fn median(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<_> = (0..runs).map(|_| run()).collect();
    times.sort();
    times[runs / 2]
}

/// Builds program and functions; returns the folder that holds them.
fn build() -> PathBuf {
    let packages = ["--package", "footwork", "--package", "drift-detection"];
    let output = footwork::deploy::cargo::command()
        .args([
            "build",
            "--release",
            "--bins",
            "--message-format",
            "json-render-diagnostics",
        ])
        .args(packages)
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
    let program = executables.find(|path| path.ends_with("footwork")).unwrap();
    program.parent().unwrap().to_path_buf()
}

fn list(program: &Path) -> Duration {
    command(program, &["list"], Path::new("."))
}

/// Copies the cases of a workflow until there are a thousand; returns how many there are.
fn thousand(own: &Path) -> usize {
    let folder = own.join("cases");
    let entries = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    let mut made = cases.len();
    for (copy, case) in cases.iter().cycle().enumerate() {
        if made == 1000 {
            break;
        }
        let to = folder.join(format!("copy-{copy}"));
        fs::create_dir(&to).unwrap();
        for file in fs::read_dir(case).unwrap().map(|file| file.unwrap().path()) {
            fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
        made += 1;
    }
    made
}

/// Time of a command that succeeds.
fn command(program: &Path, arguments: &[&str], folder: &Path) -> Duration {
    let began = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    began.elapsed()
}

fn demo(program: &Path) -> Duration {
    let out = TempDir::new().unwrap();
    let began = Instant::now();
    let status = Command::new(program)
        .args(["demo", "drift-detection", "--out"])
        .arg(out.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    began.elapsed()
}

/// Time until a call is answered, and resident bytes after it.
fn start(program: &Path) -> (Duration, usize) {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let began = Instant::now();
    let server = Command::new(program)
        .args(["local", "start", "--memory", "--port", &port.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut server = Killed(server);
    while !answered(port) {}
    let took = began.elapsed();
    let status = fs::read_to_string(format!("/proc/{}/status", server.0.id())).unwrap();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kibibytes: usize = resident.trim().trim_end_matches(" kB").parse().unwrap();
    server.0.kill().unwrap();
    (took, kibibytes * 1024)
}

/// Asks who is calling, as `aws sts get-caller-identity` does.
fn answered(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let scope = "Credential=local/20260101/us-east-1/sts/aws4_request";
    write!(
        stream,
        "POST / HTTP/1.0\r\nhost: 127.0.0.1\r\nauthorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("GetCallerIdentityResult"), "{answer}");
    true
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
