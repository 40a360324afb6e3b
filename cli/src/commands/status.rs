//! `footwork status`

use clap::Args;
use serde_json::{Value, json};

use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::Result;
use crate::runs;
use crate::source::Named;
use crate::target::TargetArgs;
use crate::ui::{Ui, table, time};

/// Shows deployments and what they are doing.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Name of a deployment, or the directory that it was deployed from [default: all]
    name: Option<String>,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME", requires = "name")]
    env: Option<String>,
}

pub(super) async fn run(args: &StatusArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let named = args.name.as_deref();
    let named = named.map(|name| Named::find(name, args.env.as_deref()));
    let named = named.transpose()?;
    let place = named.as_ref().and_then(Named::environment);
    let target = target_args.at(place).connect(ui).await?;
    let deployed = match &named {
        Some(named) => vec![Deployed::find(&target, &named.name).await?],
        None => Deployed::all(&target).await?,
    };
    let mut rows = Vec::new();
    let mut values = Vec::new();
    for one in &deployed {
        let stack = one
            .stack
            .stack_status()
            .map_or("unknown", |status| status.as_str());
        let (running, last) = match one.machine_arn() {
            Ok(machine) => (
                runs::running(&target, machine).await?.len(),
                runs::newest(&target, machine, 1).await?.into_iter().next(),
            ),
            Err(_) => (0, None),
        };
        let last_status = last
            .as_ref()
            .map_or("never ran", |run| run.status().as_str());
        values.push(json!({
            "name": one.name,
            "workflow": one.workflow(),
            "stackStatus": stack,
            "running": running,
            "lastRun": last.as_ref().map(|run| json!({
                "executionArn": run.execution_arn(),
                "status": run.status().as_str(),
                "startDate": time(run.start_date()),
            })),
        }));
        let workflow = one.workflow().to_owned();
        rows.push([
            one.name.clone(),
            workflow,
            stack.to_owned(),
            running.to_string(),
            last_status.to_owned(),
        ]);
    }
    ui.result(&Value::from(values), || {
        if rows.is_empty() {
            return format!("nothing is deployed in {}", target.region);
        }
        table(["NAME", "WORKFLOW", "STACK", "RUNNING", "LAST RUN"], rows)
    });
    Ok(Exit::Done)
}
