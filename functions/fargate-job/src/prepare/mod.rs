//! `prepare`: checks what a run is to do, pins its image, and writes what is too long for a payload.
//!
//! A run with a wrong input ends here, before any side effect, with every fault named.

mod array;
mod image;
mod input;
mod job;
mod overrides;
mod sizes;
mod wanted;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock::free;
use crate::ports::{Definitions, Files, Notes};
use crate::run::millis;
use crate::settings::Settings;
use crate::{Error, Run, log};
use wanted::Wanted;

pub(crate) use array::ITEMS;
pub(crate) use input::one;
pub use input::{Answer, Overlap};
pub use job::{Array, ContainerLog, Contention, Job, Policy, Record, Task};

/// Days after which an idempotency key can be used again.
const KEY_DAYS: i64 = 7;

/// What the workflow asks.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// The execution.
    pub run: Run,
    /// What was deployed, as the template wrote it.
    pub settings: String,
    /// The execution's input, as somebody typed it.
    pub input: Value,
}

/// Handles a request.
pub async fn handle(
    request: Request,
    port: &(impl Definitions + Files + Notes),
) -> Result<Job, Error> {
    let run = &request.run;
    let settings = Settings::read(&request.settings)?;
    let (wanted, mut faults) = input::read(&settings, &request.input);
    let definition = port.definition(&settings.task_definition).await?;
    let Some(definition) = definition else {
        faults.push(format!(
            "the task definition `{}` does not exist",
            settings.task_definition
        ));
        return Err(Error::InvalidInput(faults));
    };
    let container = wanted::container(&definition, &settings, &wanted, &mut faults);
    sizes::check(&definition, &wanted, &mut faults);
    let items = array::items(port, &settings, &wanted, &mut faults).await?;
    let pinned = image::pin(port, run, &container, &wanted, &mut faults).await?;
    let given = overrides::Given {
        run,
        settings: &settings,
        wanted: &wanted,
        container: &container,
        items: items.as_deref(),
    };
    let overrides = overrides::build(&given, &mut faults);
    if !faults.is_empty() {
        return Err(Error::InvalidInput(faults));
    }
    // From here on, things happen.
    claim(port, run, &settings, &wanted).await?;
    let definition = image::registered(port, &settings, definition, &container, &pinned).await?;
    if let Some(file) = &overrides.file {
        let key = run.key(overrides::FILE);
        port.put(&settings.bucket, &key, file.clone().into_bytes())
            .await?;
    }
    if let Some(items) = &items {
        let lines = array::lines(items);
        let key = run.key(ITEMS);
        port.put(&settings.bucket, &key, lines).await?;
    }
    let prepared = job::Parts {
        run,
        settings: &settings,
        wanted: &wanted,
        definition: &definition,
        container: &container,
        overrides,
        pinned: &pinned,
        items: items.as_deref(),
    };
    let job = prepared.job();
    log::info(
        "prepared",
        json!({ "run": run.name, "pinned": pinned.is_pinned, "items": items.map(|items| items.len()) }),
    );
    Ok(job)
}

/// Takes the run's idempotency key, if it has one.
async fn claim(
    port: &impl Notes,
    run: &Run,
    settings: &Settings,
    wanted: &Wanted,
) -> Result<(), Error> {
    let Some(key) = &wanted.idempotency_key else {
        return Ok(());
    };
    let now = millis(&run.started_at)? / 1000;
    let row = json!({
        "pk": "key", "sk": key, "name": run.name, "expiresAt": now + KEY_DAYS * 86_400,
    });
    if port.put_row(&settings.table, &row, true).await? {
        return Ok(());
    }
    let earlier = port.row(&settings.table, "key", key).await?;
    let earlier = earlier.unwrap_or_default();
    let name = earlier["name"].as_str().unwrap_or_default();
    let over = earlier["expiresAt"].as_i64().is_none_or(|at| at <= now);
    if name == run.name {
        return Ok(());
    }
    if over {
        return port.put_row(&settings.table, &row, false).await.map(drop);
    }
    Err(Error::Duplicate(name.to_owned()))
}

/// The lock that a run takes.
fn lock_of(run: &Run, overlap: Overlap) -> String {
    match overlap {
        Overlap::Allow => free(&run.name),
        _ => "lock".to_owned(),
    }
}

#[cfg(test)]
mod tests;
