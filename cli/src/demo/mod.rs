//! First experiences: a use case at work on something real, on an AWS that lives as long as the
//! demo does.

mod drift_detection;

use std::fs;
use std::path::Path;

use localaws::Aws;

use crate::catalogue::UseCase;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::local::{self, Containers, HOST, Serve};
use crate::target::{Target, TargetArgs};
use crate::ui::Ui;

/// A demo's world: an embedded AWS in memory under virtual time, and clients for it.
struct Stage<'a> {
    aws: Aws,
    target: Target,
    out: &'a Path,
    ui: &'a Ui,
}

/// Runs the demo of a use case; what it makes lands in `out`.
pub async fn run(
    use_case: &'static UseCase,
    out: &Path,
    args: &TargetArgs,
    ui: &Ui,
) -> Result<Exit> {
    // Before the work is done, not after.
    fs::create_dir_all(out)
        .map_err(|error| Failure::io(format!("make the folder `{}`", out.display()), &error))?;
    ui.on_interrupt(&["interrupted; the AWS of the demo is gone with it".to_owned()]);
    let host = HOST
        .parse()
        .map_err(|_| Failure::new("the loopback address is not an address"))?;
    let endpoint = local::bind(host, 0).await?;
    let serve = Serve {
        fast: true,
        home: None,
        containers: Containers::Processes,
    };
    let aws = local::start_in_process(&endpoint, &serve)?;
    let target = args.connect_to(&endpoint.url()).await?;
    let serving = tokio::spawn(endpoint.serve(aws.clone(), None, std::future::pending()));
    let stage = Stage {
        aws,
        target,
        out,
        ui,
    };
    let exit = match use_case.name {
        "drift-detection" => drift_detection::run(use_case, &stage).await,
        other => Err(Failure::new(format!("`{other}` has no demo"))),
    };
    serving.abort();
    exit
}
