//! `footwork format`

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::ui::{Mark, Ui, count};
use crate::{definition, project};

/// Lays definitions out in the one canonical way: two spaces, a member a line, fields in a fixed
/// order. Values stay as they are, in YAML comments too.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// Definitions (JSON or YAML), folders with `*.asl.json` or `*.asl.yaml`, or `-` for stdin to stdout
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Change nothing; exit with 1 if something would change
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &FormatArgs, ui: &Ui) -> Result<Exit> {
    if args.paths == [Path::new("-")] {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::io("read stdin", &error))?;
        // YAML that begins with a brace is laid out as JSON, if it is any.
        let named = match text.trim_start().starts_with('{') {
            true => "stdin.json",
            false => "stdin.yaml",
        };
        let laid_out = format(Path::new(named), &text)?;
        ui.result(&json!({ "text": laid_out }), || laid_out.clone());
        return Ok(Exit::Done);
    }
    let (files, missing) = project::definitions(&args.paths);
    if let Some(path) = missing.first() {
        let what = format!("there is no definition in `{}`", path.display());
        return Err(Failure::new(what).help("name a file, or a folder with `*.asl.json`"));
    }
    // All are read and laid out before the first is written.
    let (mut changed, mut faults) = (Vec::new(), Vec::new());
    for file in &files {
        let text = definition::text_of(file);
        match text.and_then(|text| Ok((format(file, &text)?, text))) {
            Ok((laid_out, text)) if laid_out != text => changed.push((file, laid_out)),
            Ok(_) => {}
            Err(failure) => faults.push(failure.what),
        }
    }
    if !faults.is_empty() {
        return Err(Failure::new(faults.join("\n")));
    }
    for (file, laid_out) in &changed {
        if args.check {
            ui.mark(Mark::Bad, format!("{} is not laid out", file.display()));
        } else {
            std::fs::write(file, laid_out)
                .map_err(|error| Failure::io(format!("write {}", file.display()), &error))?;
        }
    }
    let names: Vec<_> = changed.iter().map(|(file, _)| file).collect();
    ui.result(&json!({ "files": files.len(), "changed": names }), || {
        let all = count(files.len() as u64, "definition");
        let would = if args.check {
            "would change"
        } else {
            "changed"
        };
        format!("{all}, {} {would}", changed.len())
    });
    let unclean = args.check && !changed.is_empty();
    Ok(if unclean { Exit::Failed } else { Exit::Done })
}

fn format(file: &Path, text: &str) -> Result<String> {
    let name = file.display();
    let laid_out = if definition::is_yaml(file) {
        asl::format_yaml(text)
    } else {
        asl::format(text)
    };
    laid_out.map_err(|error| {
        let (line, column) = document::line_and_column(text, error.at);
        let message = error.message;
        Failure::new(format!("{name}: line {line}, column {column}: {message}"))
    })
}
