//! Whatever the files of a project hold, the commands that work on files neither panic nor point
//! outside of a file, and laying out changes no meaning.
//!
//! The shipped files are damaged in ways that come from a seed, so that a failure can be had again.
//! `FOOTWORK_MUTATIONS=20000` tries more of them.

use std::fs;
use std::path::{Path, PathBuf};

use asl::draw::{Diagram, TextOptions};
use footwork::{check, definition};
use harness::{files, read};

/// Numbers from a seed (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let roll = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(roll).unwrap() % limit.max(1)
    }
}

/// Bits of syntax that readers stumble over.
const BITS: [&str; 40] = [
    "",
    "\n",
    "  ",
    "\t",
    "\r\n",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "ü",
    "😀",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "\"",
    "'",
    "\\",
    "#",
    " # x\n",
    "- ",
    "? ",
    "& a",
    "&a ",
    "*a",
    "!Ref ",
    "!!str ",
    "|\n",
    ">-\n",
    "|+2\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: *a\n",
    "${",
    "{% $x %}",
    "\"Type\": \"Task\",",
    "null",
];

/// Cuts, repeats, moves and adds pieces of a text.
fn damaged(text: &str, other: &str, dice: &mut Dice) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(text.len() + 1);
        let length = match dice.below(4) {
            0 => dice.below(200),
            _ => dice.below(4),
        };
        let end = (at + length).min(text.len());
        match dice.below(6) {
            0 => drop(text.drain(at..end)),
            1 => {
                let piece: Vec<char> = text[at..end].to_vec();
                let to = dice.below(text.len() + 1);
                text.splice(to..to, piece);
            }
            2 => {
                let all: Vec<char> = other.chars().collect();
                let from = dice.below(all.len() + 1);
                let until = (from + dice.below(120)).min(all.len());
                text.splice(at..end, all[from..until].iter().copied());
            }
            3 => {
                // A line is indented by another number of blanks.
                let line = text[..at]
                    .iter()
                    .rposition(|one| *one == '\n')
                    .map_or(0, |newline| newline + 1);
                let blanks = dice.below(9);
                text.splice(line..line, std::iter::repeat_n(' ', blanks));
            }
            _ => {
                let bit = BITS[dice.below(BITS.len())];
                text.splice(at..end, bit.chars());
            }
        }
    }
    text.into_iter().collect()
}

/// A definition in YAML with all that YAML has.
const YAML: &str = r#"# What it is.
Comment: &c "a \"text\"" # why
StartAt: Ask
States:
  Ask:
    Type: Task
    # Whom.
    Resource: arn:aws:states:::sqs:sendMessage
    Parameters: {QueueUrl: '${Queue}', MessageBody.$: $.x}
    Retry:
      - ErrorEquals: [States.ALL]
        Comment: >-
          folded
          text

      # the last
    Next: Done
  Done: {Type: Succeed, Comment: *c}
"#;

fn seeds() -> Vec<(&'static str, Vec<String>)> {
    let texts = |folder: &str, ending: &str| -> Vec<String> {
        let all = files(folder).into_iter();
        all.filter(|path| path.to_string_lossy().ends_with(ending))
            .map(read)
            .collect()
    };
    let mut yaml = vec![YAML.to_owned()];
    yaml.extend(texts("templates", ".yaml"));
    vec![
        ("workflow.asl.json", texts("workflows", ".asl.json")),
        ("other.asl.yaml", yaml),
        ("template.yaml", texts("templates", ".yaml")),
        ("input.schema.json", texts("workflows", "input.schema.json")),
        ("cases/one/world.json", texts("workflows", "world.json")),
        (
            "cases/one/case.json",
            vec!["{\"state\": \"Plan\", \"variables\": {\"x\": 1}}".to_owned()],
        ),
        ("examples/one.json", texts("workflows", "gate.json")),
    ]
}

fn tried(folder: &Path) {
    let checked = check::check(&[folder.to_owned()]);
    for finding in &checked.findings {
        if let Some(source) = &finding.source {
            assert!(
                source.text.get(source.span.clone()).is_some(),
                "{finding:?}"
            );
        }
    }
    assert!(!check::text(&checked).is_empty());
    assert!(check::json(&checked).is_object() && check::sarif(&checked).is_object());
    let (suites, _) = cases::find(&[folder.to_owned()]);
    for suite in &suites {
        for case in &suite.cases {
            let _ = cases::Run::of(&suite.workflow, case, cases::Options::default());
        }
    }
    for name in ["workflow.asl.json", "other.asl.yaml"] {
        let path = folder.join(name);
        let Ok(text) = definition::text_of(&path) else {
            continue;
        };
        let laid_out = match definition::is_yaml(&path) {
            true => asl::format_yaml(&text),
            false => asl::format(&text),
        };
        if let Ok(laid_out) = laid_out {
            let again = match definition::is_yaml(&path) {
                true => asl::format_yaml(&laid_out),
                false => asl::format(&laid_out),
            };
            assert_eq!(again.as_ref(), Ok(&laid_out), "laid out twice: {text}");
        }
        if let Ok(definition) = definition::read(&path.display().to_string())
            && let Ok(diagram) = Diagram::read(&definition.value)
        {
            assert!(diagram.svg(None).starts_with("<svg"));
            let options = TextOptions {
                columns: 80,
                ascii: false,
            };
            assert!(!diagram.text(None, options).is_empty());
        }
    }
}

#[test]
fn no_file_is_too_broken() {
    let wanted = std::env::var("FOOTWORK_MUTATIONS").ok();
    let rounds: u64 = wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or(150);
    let first: u64 = std::env::var("FOOTWORK_MUTATION")
        .ok()
        .and_then(|one| one.parse().ok())
        .unwrap_or(1);
    let seeds = seeds();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path: PathBuf = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (name, texts) in &seeds {
        put(name, &texts[0]);
    }
    for round in first..first + rounds {
        let mut dice = Dice(round.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (name, texts) = &seeds[dice.below(seeds.len())];
        let text = damaged(&texts[dice.below(texts.len())], YAML, &mut dice);
        put(name, &text);
        let tried = std::panic::catch_unwind(|| tried(folder.path()));
        assert!(
            tried.is_ok(),
            "FOOTWORK_MUTATION={round} FOOTWORK_MUTATIONS=1: {name}:\n{text}"
        );
        put(name, &texts[0]);
    }
}
