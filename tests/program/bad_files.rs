//! Files that nobody should have to open: each is refused with its place, by every command that
//! works on files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use harness::program;

fn footwork(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(folder);
    command.output().unwrap()
}

/// Name, content, and what is said of it.
fn bad() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let bomb: String = (1..40)
        .map(|level| {
            format!(
                "l{level}: &l{level} [{}]\n",
                format!("*l{}, ", level - 1).repeat(9)
            )
        })
        .collect();
    let bomb = format!("l0: &l0 x\n{bomb}");
    let state = r#"{"Type": "Succeed"}"#;
    let twice =
        format!("{{\"StartAt\": \"A\", \"States\": {{\n \"A\": {state}, \"A\": {state}}}}}");
    vec![
        ("a.asl.json", b"{\"a\": \"\xff\"}".to_vec(), "UTF-8"),
        ("b.asl.json", vec![b'['; 1 << 20], "deeper"),
        (
            "c.asl.json",
            twice.into_bytes(),
            "Duplicate field 'A'|is there twice",
        ),
        (
            "d.asl.json",
            b"{\"a\": \0}".to_vec(),
            "Unexpected character",
        ),
        ("e.asl.json", "\u{feff}{}".into(), "code 65279|there is no"),
        ("f.asl.json", Vec::new(), "end-of-input"),
        ("a.asl.yaml", b"a: \xff".to_vec(), "UTF-8"),
        ("b.asl.yaml", vec![b'['; 1 << 20], "deeper|recursion"),
        (
            "c.asl.yaml",
            b"StartAt: A\nStartAt: B\n".to_vec(),
            "Duplicate field|is there twice",
        ),
        ("d.asl.yaml", b"a: 1\0b".to_vec(), "NUL"),
        ("e.asl.yaml", bomb.into_bytes(), "values"),
        ("f.asl.yaml", "- ".repeat(1 << 19).into_bytes(), "deeper"),
        (
            "g.asl.yaml",
            b"a: [1\nb: {".to_vec(),
            "illegal placement|flow",
        ),
        ("h.asl.yaml", b"A: !Ref x\n".to_vec(), "tag"),
        ("i.asl.yaml", b"&a [*a]".to_vec(), "alias"),
    ]
}

#[test]
fn every_bad_file_is_refused_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, said) in bad() {
        fs::write(folder.path().join(name), bytes).unwrap();
        let case = folder.path().join("cases/one");
        fs::create_dir_all(&case).unwrap();
        fs::write(case.join("input.json"), "{}").unwrap();
        for (command, ends) in [("validate", 3), ("render", 2), ("format", 2), ("test", 2)] {
            let output = footwork(&[command, name], folder.path());
            let told = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            // A second key is laid out as it stands, and so are tags.
            if command == "format" && (said.contains("twice") || said == "tag") {
                continue;
            }
            let end = output.status.code();
            assert_eq!(end, Some(ends), "{command} {name}: {told:.600}");
            assert!(
                said.split('|').any(|said| told.contains(said)),
                "{command} {name}: {told:.600}"
            );
            assert!(told.len() < 20_000, "{command} {name} repeats the file");
        }
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("folder.asl.json")).unwrap();
    let large = fs::File::create(path("large.asl.yaml")).unwrap();
    large.set_len(100 << 20).unwrap();
    for command in ["validate", "render", "format", "test"] {
        for name in ["folder.asl.json", "large.asl.yaml", "nothing.asl.json"] {
            let output = footwork(&[command, name], folder.path());
            let end = output.status.code();
            assert!(matches!(end, Some(2 | 3)), "{command} {name}: {output:?}");
        }
    }
}

#[test]
fn yaml_is_checked_tested_laid_out_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        "workflow.asl.yaml",
        "StartAt: Ask # first\nStates:\n    Ask:\n        Next: Done\n        Type: Task\n        TimeoutSeconds: 5\n        Resource: arn:aws:states:::sqs:sendMessage\n        Parameters:\n            QueueUrl: https://x\n            MessageBody: y\n    Done: {Type: Succeed}\n",
    );
    put(
        "cases/one/world.json",
        r#"{"Ask": {"0": {"Return": {"MessageId": "m"}}}}"#,
    );
    let ends = |arguments: &[&str]| {
        let output = footwork(arguments, folder.path());
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), told)
    };
    assert_eq!(ends(&["validate"]).0, Some(0));
    assert_eq!(ends(&["test", "--update"]).0, Some(0));
    assert_eq!(ends(&["test"]).0, Some(0));
    assert_eq!(ends(&["format", "--check"]).0, Some(1));
    assert_eq!(ends(&["format"]).0, Some(0));
    assert_eq!(ends(&["format", "--check"]).0, Some(0));
    let text = fs::read_to_string(folder.path().join("workflow.asl.yaml")).unwrap();
    assert!(
        text.contains("StartAt: Ask # first\n") && text.contains("\n    Type: Task\n"),
        "{text}"
    );
    assert!(ends(&["render", "."]).1.contains("Ask"));
    put(
        "workflow.asl.yaml",
        &text.replace("Next: Done", "Next: Gone"),
    );
    let (end, told) = ends(&["validate", "-o", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(end, Some(3));
    let first = &told["findings"][0];
    assert_eq!(first["code"], "MISSING_TRANSITION_TARGET", "{told:#}");
    let line = text
        .lines()
        .position(|line| line.contains("Next:"))
        .unwrap()
        + 1;
    assert_eq!(first["start"]["line"], line, "{told:#}");
}
