//! `footwork render`

use std::path::{Path, PathBuf};

use asl::draw::{Diagram, TextOptions};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::target::TargetArgs;
use crate::ui::Ui;
use crate::{definition, traced};

/// Draws a workflow: in the terminal, as SVG, or as a Mermaid flowchart.
///
/// With `--execution`, each state shows what became of it: succeeded, failed, caught, retried, and
/// how long it took.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// Name of a shipped workflow, a definition in JSON or YAML, a folder with one, or `-`
    #[arg(required_unless_present = "execution")]
    workflow: Option<String>,
    /// Form of the drawing; without it, what the ending of `--out` says, or text
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Write the drawing into a file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Colour it by a run
    #[arg(long, value_name = "ARN")]
    execution: Option<String>,
    /// Child executions to read of each distributed Map of the run
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 100,
        requires = "execution"
    )]
    children: usize,
    /// Draw the text with ASCII characters only
    #[arg(long)]
    ascii: bool,
    /// Columns that the text may take
    #[arg(long, value_name = "COLUMNS", default_value_t = 80)]
    width: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Boxes and lines for a terminal
    Text,
    /// One file for browsers and documents, light and dark
    Svg,
    /// A flowchart in a language that GitHub and others draw
    Mermaid,
}

impl Form {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "svg" => Some(Self::Svg),
            "mmd" | "mermaid" => Some(Self::Mermaid),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Svg => "svg",
            Self::Mermaid => "mermaid",
        }
    }
}

pub(super) async fn run(args: &RenderArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let form = form(args)?;
    let named = args.workflow.as_deref().map(definition::read).transpose()?;
    let mut traced = None;
    let mut ran = None;
    if let Some(execution) = &args.execution {
        let target = target_args.connect(ui).await?;
        if named.is_none() {
            ran = Some(traced::definition(&target, execution).await?);
        }
        traced = Some(traced::run(&target, execution, args.children, ui).await?);
    }
    let Some((name, value)) = named.map(|named| (named.name, named.value)).or(ran) else {
        return Err(Failure::new("there is nothing to draw"));
    };
    let diagram = Diagram::read(&value)
        .map_err(|error| Failure::new(format!("`{name}` cannot be drawn: {error}")))?
        .titled(&name);
    let run = traced.as_ref();
    let drawing = match form {
        Form::Svg => diagram.svg(run),
        Form::Mermaid => diagram.mermaid(run),
        Form::Text => diagram.text(
            run,
            TextOptions {
                columns: args.width.into(),
                ascii: args.ascii,
            },
        ),
    };
    if let Some(file) = &args.out {
        std::fs::write(file, &drawing)
            .map_err(|error| Failure::io(format!("write `{}`", file.display()), &error))?;
        let value = json!({"workflow": name, "format": form.name(), "file": file});
        ui.result(&value, || file.display().to_string());
        return Ok(Exit::Done);
    }
    let value = json!({"workflow": name, "format": form.name(), "drawing": drawing});
    ui.result(&value, || drawing);
    Ok(Exit::Done)
}

fn form(args: &RenderArgs) -> Result<Form> {
    let meant = args.out.as_deref().and_then(Form::of);
    let form = args.format.or(meant).unwrap_or(Form::Text);
    if args.ascii && form != Form::Text {
        return Err(Failure::new(format!(
            "`--ascii` is for text, and this is {}",
            form.name()
        ))
        .help("say `--format text`, or leave `--ascii` out"));
    }
    Ok(form)
}
