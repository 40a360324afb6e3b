//! The deployment that a command is about, as its command line names it.

use clap::Args;

use crate::deployed::Deployed;
use crate::failure::Result;
use crate::source::{Named, Source};
use crate::target::{Target, TargetArgs};
use crate::ui::Ui;

/// Names a deployment.
#[derive(Debug, Args)]
pub(super) struct DeploymentArgs {
    /// Name of the deployment (the workflow's, unless it was deployed with `--name`), or the
    /// directory that it was deployed from
    name: String,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
}

/// A deployment that was found.
#[derive(Debug)]
pub(super) struct Opened {
    /// Its name.
    pub(super) name: String,
    /// The directory, if it was named.
    pub(super) source: Option<Source>,
    /// Where it is.
    pub(super) target: Target,
    /// As it stands.
    pub(super) deployed: Deployed,
}

impl DeploymentArgs {
    /// Connects to the place of the deployment and finds it there.
    pub(super) async fn open(&self, target_args: &TargetArgs, ui: &Ui) -> Result<Opened> {
        let named = Named::find(&self.name, self.env.as_deref())?;
        let target = target_args.at(named.environment()).connect(ui).await?;
        let deployed = Deployed::find(&target, &named.name).await?;
        Ok(Opened {
            name: named.name,
            source: named.source,
            target,
            deployed,
        })
    }
}
