//! Bad arguments: exit code 2, a sentence, and a way out, before anything is called.

use std::process::Command;

use harness::program;

/// Arguments, and what the refusal must say.
const REFUSALS: &[(&[&str], &[&str])] = &[
    (
        &["deploy", "drift-detectoin"],
        &[
            "there is no workflow `drift-detectoin`",
            "did you mean `drift-detection`?",
        ],
    ),
    (
        &["show", "saga"],
        &["there is no workflow `saga`", "footwork list"],
    ),
    (
        &["deploy", "drift-detection", "--name", "a/b"],
        &[
            "`a/b` cannot name a deployment",
            "letters, digits and hyphens",
        ],
    ),
    (
        &[
            "deploy",
            "drift-detection",
            "--param",
            "Shedule=x",
            "--param",
            "y",
        ],
        &[
            "2 faults",
            "did you mean `Schedule`?",
            "not of the form Key=value",
        ],
    ),
    (
        &["run", "drift-detection", "--local", "--profile", "p"],
        &["--profile", "cannot be used with"],
    ),
    (
        &["deploy", "drift-detection", "--name", "bootstrap"],
        &["holds artifacts", "--name"],
    ),
    (
        &["deploy", "drift-detection", "--param", "NoSuccessHours=x"],
        &["`NoSuccessHours` cannot be `x`", "from 1 to 168"],
    ),
    (&["run", "../x"], &["no directory `../x`"]),
    (&["run", "x!y"], &["`x!y` cannot name a deployment"]),
    (&["run", "x", "--timeout", "soon"], &["`30m`"]),
    (&["history", "x", "--last", "0"], &["1..=1000"]),
    (&["frobnicate"], &["unrecognized subcommand"]),
];

#[test]
fn refusals_say_what_and_how_to_mend_it() {
    for (arguments, wanted) in REFUSALS {
        let output = Command::new(program())
            .args(*arguments)
            // Nobody listens there: a call would be seen as another message.
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
            .env("AWS_REGION", "us-east-1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for part in *wanted {
            assert!(
                said.contains(part),
                "{arguments:?}: `{part}` is not in: {said}"
            );
        }
    }
}
