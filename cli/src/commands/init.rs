//! `footwork init`

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::catalogue::{self, UseCase};
use crate::deploy::template::Template;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::kit::{self, Origin};
use crate::settings;
use crate::stack;
use crate::ui::{Mark, Ui, count, plain};

/// Writes a shipped workflow as a directory of your own, which deploys as it stands.
///
/// Workflow, template, functions, examples and cases: nothing in it needs footwork or its checkout.
/// `footwork diff --upstream` later tells what was changed, here and in newer versions.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Name of the workflow
    workflow: String,
    /// Directory to write; it must be empty or not exist [default: the workflow's name]
    directory: Option<PathBuf>,
    /// Name of its deployment [default: that of the directory]
    #[arg(long)]
    name: Option<String>,
}

/// What may be there already.
const EXPECTED: [&str; 1] = [".git"];
/// Things in the way that are named at the most.
const NAMED: usize = 10;

pub(super) fn run(args: &InitArgs, ui: &Ui) -> Result<Exit> {
    let case = catalogue::find(&args.workflow)?;
    let directory = args.directory.clone();
    let directory = directory.unwrap_or_else(|| PathBuf::from(case.name));
    let name = name(args, &directory)?;
    refuse_what_is_in_the_way(&directory)?;
    let mut files = kit::files(case.name)?;
    let origin = Origin::of(case.name, &files);
    files.insert(settings::FILE.to_owned(), own_settings(case, &name)?);
    kit::write(&directory, &files)?;
    origin.write(&directory)?;
    let shown = directory.display().to_string();
    let value = json!({
        "workflow": case.name,
        "directory": directory,
        "name": name,
        "files": files.keys().collect::<Vec<_>>(),
    });
    ui.result(&value, || shown.clone());
    ui.mark(
        Mark::Good,
        format!("{} in {shown}", count(files.len(), "file")),
    );
    let at = if shown.contains(['/', '.']) {
        shown
    } else {
        format!("./{shown}")
    };
    ui.say(format!(
        "\n\
         footwork test {at}              play its cases\n\
         footwork deploy {at} --local    deploy it on this machine\n\
         footwork diff --upstream {at}   what you changed; README.md in it tells more"
    ));
    Ok(Exit::Done)
}

/// The name of the deployment; a fault here comes before anything is written.
fn name(args: &InitArgs, directory: &Path) -> Result<String> {
    if let Some(name) = &args.name {
        stack::check_name(name)?;
        return Ok(name.clone());
    }
    let whole = std::path::absolute(directory)
        .map_err(|error| Failure::io(format!("find `{}`", directory.display()), &error))?;
    let whole = whole.canonicalize().unwrap_or(whole);
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    stack::check_name(&name)
        .map_err(|failure| failure.help("name the deployment otherwise, with `--name`"))?;
    Ok(name.into_owned())
}

fn refuse_what_is_in_the_way(directory: &Path) -> Result<()> {
    let shown = directory.display();
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::io(format!("write into `{shown}`"), &error)),
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut names: Vec<_> = names
        .map(|name| plain(&name.to_string_lossy()))
        .filter(|name| !EXPECTED.contains(&name.as_str()))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    names.sort();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    Err(Failure::new(format!(
        "`{shown}` is not empty:\n  - {}",
        names.join("\n  - ")
    ))
    .help("name a directory that does not exist yet"))
}

/// The directory's `footwork.toml`.
fn own_settings(case: &UseCase, name: &str) -> Result<String> {
    let holes: Vec<_> = case
        .holes
        .iter()
        .map(|hole| format!("\"{hole}\""))
        .collect();
    let mut text = format!(
        "#:schema .footwork/footwork.schema.json\n\
         # What this directory deploys. What a command line says comes first.\n\
         name = \"{name}\" # the stack is footwork-{name}\n\
         workflow = \"{workflow}\" # the stack is tagged with it\n\
         # Numbers in the output of a run: what `footwork run --fail` looks at, and what `--strict` does.\n\
         findings = \"{findings}\"\n\
         holes = [{holes}]\n\
         \n\
         # Parameters of template.yaml, with their defaults; `footwork show .` describes them.\n\
         [parameters]\n",
        workflow = case.name,
        findings = case.findings,
        holes = holes.join(", "),
    );
    let template = Template::parse(case.name, case.template)?;
    let parameters = template.parameters.iter();
    for parameter in parameters.filter(|one| one.name != crate::deploy::CODE_REVISION) {
        let (sign, value) = match &parameter.default {
            None => ("", String::new()),
            Some(value) => ("# ", value.clone()),
        };
        let is_number = parameter.kind == "Number" && value.parse::<f64>().is_ok();
        let value = if is_number {
            value
        } else {
            // A text in JSON is one in TOML.
            json!(value).to_string()
        };
        let _ = writeln!(text, "{sign}{} = {value}", parameter.name);
    }
    text.push_str(
        "\n\
         # Tags of the stack.\n\
         [tags]\n\
         \n\
         # Places to deploy to: `footwork deploy . --env production`.\n\
         # [environments.production]\n\
         # profile = \"production\"\n\
         # region = \"eu-central-1\"\n\
         # parameters = { LogRetentionDays = 365 }\n",
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::source::Source;

    fn init(directory: &Path, name: Option<&str>) -> Result<Exit> {
        let args = InitArgs {
            workflow: "drift-detection".to_owned(),
            directory: Some(directory.to_owned()),
            name: name.map(str::to_owned),
        };
        run(&args, &Ui::quiet())
    }

    #[test]
    fn a_directory_is_a_source_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("my-drift");
        init(&directory, None).unwrap();
        let source = Source::read(&directory, None).unwrap();
        assert_eq!(source.deployment, "my-drift");
        assert_eq!(source.workflow, "drift-detection");
        let shipped = Source::find("drift-detection", None).unwrap();
        assert_eq!(source.findings, shipped.findings);
        assert_eq!(source.holes, shipped.holes);
        assert_eq!(source.examples, shipped.examples);
        assert_eq!(source.definition().unwrap(), shipped.definition().unwrap());
    }

    #[test]
    fn what_is_in_the_way_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        std::fs::write(folder.path().join("notes"), "mine").unwrap();
        let what = init(folder.path(), Some("x")).unwrap_err().what;
        assert!(what.contains("- notes") && !what.contains(".git"), "{what}");
        let entries = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(entries, 2);
        std::fs::remove_file(folder.path().join("notes")).unwrap();
        assert!(init(folder.path(), Some("a b")).is_err());
        assert!(init(folder.path(), Some("x")).is_ok());
    }

    #[test]
    fn every_parameter_can_be_said_in_the_settings() {
        for case in catalogue::USE_CASES {
            let text = own_settings(case, "x").unwrap();
            Settings::parse(&text).unwrap();
            let (before, after) = text.split_once("[parameters]\n").unwrap();
            let (parameters, _) = after.split_once("\n\n").unwrap();
            let said = parameters.replace("# ", "");
            let settings = Settings::parse(&format!("{before}[parameters]\n{said}")).unwrap();
            let mut template = Template::parse(case.name, case.template).unwrap();
            // What must be given together is not the settings' matter.
            template.rules.clear();
            let given: Vec<_> = settings
                .parameters
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let values = crate::deploy::parameters::check(&template, &given, &[]).unwrap();
            assert!(!values.is_empty());
        }
    }
}
