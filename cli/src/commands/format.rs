//! `footwork format`

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::project;
use crate::ui::{Mark, Ui, count};

/// Lays definitions out in the one canonical way: two spaces, a member a line, fields in a fixed
/// order. Values stay as they are.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// Definitions (JSON), folders with `*.asl.json`, or `-` for stdin to stdout
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
        let laid_out = format(Path::new("stdin"), &text)?;
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
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::io(format!("read {}", file.display()), &error));
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
    let name = file.to_string_lossy();
    if name.ends_with(".yaml") || name.ends_with(".yml") {
        let what = format!("{name}: definitions in YAML are not laid out, only JSON");
        return Err(Failure::new(what));
    }
    asl::format(text).map_err(|error| Failure::new(format!("{name}: {error}")))
}
