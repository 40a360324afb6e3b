//! Where a workflow comes from: the program ships it, or a directory holds it.
//!
//! On a command line a directory is what has a `/` or a `.` in it; names of workflows and of
//! deployments have neither.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::catalogue::{self, UseCase};
use crate::failure::{Failure, Result};
use crate::kit;
use crate::settings::{Environment, FILE, Settings};
use crate::stack;

/// A workflow with all that commands want of it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Name of the workflow, which its stacks are tagged with.
    pub workflow: String,
    /// Name of its deployment, unless the command line says another.
    pub deployment: String,
    /// One line about it.
    pub summary: String,
    /// The template.
    pub template: Cow<'static, str>,
    /// JSON Schema of the input, if there is one.
    pub input_schema: Option<Cow<'static, str>>,
    /// The story.
    pub readme: Cow<'static, str>,
    /// Inputs that run as they stand: name and JSON text.
    pub examples: Vec<(String, Cow<'static, str>)>,
    /// JSON pointer to the number in the output that `--fail` looks at.
    pub findings: Option<String>,
    /// JSON pointers to the numbers in the output of what could not be looked at.
    pub holes: Vec<String>,
    /// The directory that holds it.
    pub directory: Option<Directory>,
    shipped: Option<&'static UseCase>,
}

/// A directory with a workflow of one's own.
#[derive(Debug, Clone)]
pub struct Directory {
    /// Its path, as it was named.
    pub path: PathBuf,
    /// Folder of the template, which the paths in it are relative to.
    pub template_folder: PathBuf,
    /// Path of the definition.
    pub definition: PathBuf,
    /// What `footwork.toml` says, with the environment's put over it.
    pub settings: Settings,
    /// The place that was chosen.
    pub environment: Environment,
}

impl From<&'static UseCase> for Source {
    fn from(case: &'static UseCase) -> Self {
        let examples = case.examples.iter();
        let examples = examples.map(|(name, text)| ((*name).to_owned(), (*text).into()));
        Self {
            workflow: case.name.to_owned(),
            deployment: case.name.to_owned(),
            summary: case.summary.to_owned(),
            template: case.template.into(),
            input_schema: Some(case.input_schema.into()),
            readme: case.readme.into(),
            examples: examples.collect(),
            findings: Some(case.findings.to_owned()),
            holes: case.holes.iter().map(|hole| (*hole).to_owned()).collect(),
            directory: None,
            shipped: Some(case),
        }
    }
}

/// Whether an argument names a directory and not a workflow or deployment.
pub fn is_directory(named: &str) -> bool {
    named.contains(['/', '.'])
}

impl Source {
    /// Finds a shipped workflow by its name, or reads a directory.
    pub fn find(named: &str, environment: Option<&str>) -> Result<Self> {
        if is_directory(named) {
            return Self::read(Path::new(named), environment);
        }
        refuse_environment(environment)?;
        let case = catalogue::find(named).map_err(|failure| {
            if Path::new(named).is_dir() {
                return failure.help(format!("if you mean the directory, say `./{named}`"));
            }
            failure
        })?;
        Ok(case.into())
    }

    /// Reads a directory.
    pub fn read(directory: &Path, environment: Option<&str>) -> Result<Self> {
        let shown = directory.display();
        if !directory.is_dir() {
            return Err(Failure::new(format!("there is no directory `{shown}`")));
        }
        let settings = Settings::read(directory)?;
        let (settings, environment) = match environment {
            Some(name) => settings.at(name)?,
            None => (settings, Environment::default()),
        };
        let given = settings.template.as_deref();
        let template = directory.join(given.unwrap_or(kit::TEMPLATE));
        let text = std::fs::read_to_string(&template).map_err(|error| {
            let failure = Failure::io(format!("read `{}`", template.display()), &error);
            failure.help(format!(
                "a workflow's directory has a `{}`, or names its template in {FILE}",
                kit::TEMPLATE
            ))
        })?;
        let deployment = match &settings.name {
            Some(name) => name.clone(),
            None => name_of(directory)?,
        };
        let workflow = settings.workflow.clone();
        let definition = settings.definition.as_deref().unwrap_or(kit::WORKFLOW);
        let optional = |name: &str| std::fs::read_to_string(directory.join(name)).ok();
        let readme = optional("README.md").unwrap_or_default();
        Ok(Self {
            workflow: workflow.unwrap_or_else(|| deployment.clone()),
            summary: format!("the workflow in `{shown}`"),
            template: text.into(),
            input_schema: optional(kit::INPUT_SCHEMA).map(Into::into),
            readme: readme.into(),
            examples: examples(directory),
            findings: settings.findings.clone(),
            holes: settings.holes.clone(),
            directory: Some(Directory {
                path: directory.to_owned(),
                template_folder: template.parent().unwrap_or(directory).to_owned(),
                definition: directory.join(definition),
                settings,
                environment,
            }),
            deployment,
            shipped: None,
        })
    }

    /// The definition as it is written.
    pub fn definition(&self) -> Result<Cow<'static, str>> {
        match (&self.directory, self.shipped) {
            (Some(directory), _) => {
                let file = &directory.definition;
                let text = std::fs::read_to_string(file);
                let text = text
                    .map_err(|error| Failure::io(format!("read `{}`", file.display()), &error))?;
                Ok(text.into())
            }
            (None, Some(case)) => Ok(case.definition.into()),
            (None, None) => Ok("".into()),
        }
    }

    /// How a command line names it.
    pub fn named(&self) -> String {
        match &self.directory {
            Some(directory) => directory.path.display().to_string(),
            None => self.workflow.clone(),
        }
    }
}

/// A deployment as a command line names it: by its name, or by the directory it is made from.
#[derive(Debug)]
pub struct Named {
    /// Name of the deployment.
    pub name: String,
    /// The directory, if it was named.
    pub source: Option<Source>,
}

impl Named {
    /// Takes an argument apart.
    pub fn find(named: &str, environment: Option<&str>) -> Result<Self> {
        if is_directory(named) {
            let source = Source::read(Path::new(named), environment)?;
            return Ok(Self {
                name: source.deployment.clone(),
                source: Some(source),
            });
        }
        refuse_environment(environment)?;
        Ok(Self {
            name: named.to_owned(),
            source: None,
        })
    }

    /// The place that was chosen.
    pub fn environment(&self) -> Option<&Environment> {
        let directory = self.source.as_ref()?.directory.as_ref()?;
        Some(&directory.environment)
    }
}

fn refuse_environment(environment: Option<&str>) -> Result<()> {
    match environment {
        None => Ok(()),
        Some(name) => Err(Failure::new(format!(
            "the environment `{name}` is one of a directory, and none is named"
        ))
        .help("name the directory with the footwork.toml, such as `.`")),
    }
}

/// The directory's own name, if a deployment can have it.
fn name_of(directory: &Path) -> Result<String> {
    let whole = directory
        .canonicalize()
        .map_err(|error| Failure::io(format!("find `{}`", directory.display()), &error))?;
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    stack::check_name(&name)
        .map_err(|failure| failure.help(format!("or say `name = \"…\"` in {FILE}")))?;
    Ok(name.into_owned())
}

fn examples(directory: &Path) -> Vec<(String, Cow<'static, str>)> {
    let files = crate::project::files(&directory.join("examples"), ".json");
    let read = files.into_iter().filter_map(|file| {
        let name = file.file_stem()?.to_string_lossy().into_owned();
        Some((name, std::fs::read_to_string(file).ok()?.into()))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_told_from_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my-drift");
        std::fs::create_dir(&path).unwrap();
        let named = path.to_str().unwrap();
        let help = Source::find(named, None).unwrap_err().help.join(" ");
        assert!(help.contains("template.yaml"), "{help}");
        std::fs::write(path.join("template.yaml"), "Resources: {}").unwrap();
        let source = Source::find(named, None).unwrap();
        assert_eq!(
            (source.deployment.as_str(), source.workflow.as_str()),
            ("my-drift", "my-drift")
        );
        let settings = "workflow = 'drift-detection'\n[environments.test]\nname = 'other'\n";
        std::fs::write(path.join(FILE), settings).unwrap();
        let named = Named::find(named, Some("test")).unwrap();
        assert_eq!(named.name, "other");
        assert_eq!(named.source.unwrap().workflow, "drift-detection");
        assert!(Named::find("my-drift", Some("test")).is_err());
        assert!(
            Source::find("drift-detection", None)
                .unwrap()
                .directory
                .is_none()
        );
    }
}
