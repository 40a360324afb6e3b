//! The image of a run, pinned: a tag can move between attempts, a digest cannot.
//!
//! `RunTask` takes no image, so another image than the task definition's is a revision of its own
//! family, registered once. Only ECR of the job's region is asked for digests; references to other
//! registries are left as they are, and the history shows them so.

use serde_json::{Value, json};

use super::wanted::Wanted;
use crate::ports::{Definitions, Notes};
use crate::settings::Settings;
use crate::{Error, Run};

/// What `RegisterTaskDefinition` takes of what `DescribeTaskDefinition` answers.
const MEMBERS: [&str; 15] = [
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "volumes",
    "placementConstraints",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
];

/// The image that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pinned {
    pub(super) image: String,
    pub(super) is_pinned: bool,
}

/// A tagged image in ECR.
#[derive(Debug, PartialEq, Eq)]
struct Tagged<'a> {
    registry: &'a str,
    region: &'a str,
    /// Everything before the tag.
    place: &'a str,
    repository: &'a str,
    tag: &'a str,
}

/// Resolves the digest of the wanted image, or of the deployed one.
pub(super) async fn pin(
    port: &impl Definitions,
    run: &Run,
    container: &Value,
    wanted: &Wanted,
    faults: &mut Vec<String>,
) -> Result<Pinned, Error> {
    let deployed = container["image"].as_str().unwrap_or_default();
    let image = wanted.image.as_deref().unwrap_or(deployed);
    let as_it_is = |is_pinned| Pinned {
        image: image.to_owned(),
        is_pinned,
    };
    if image.contains("@sha256:") {
        return Ok(as_it_is(true));
    }
    let Some(tagged) = tagged(image).filter(|tagged| tagged.region == run.region()) else {
        return Ok(as_it_is(false));
    };
    let Tagged {
        registry,
        repository,
        tag,
        ..
    } = tagged;
    match port.digest(registry, repository, tag).await {
        Ok(Some(digest)) => Ok(Pinned {
            image: format!("{}@{digest}", tagged.place),
            is_pinned: true,
        }),
        Ok(None) => {
            faults.push(format!("there is no image `{image}`"));
            Ok(as_it_is(false))
        }
        // A repository of another account may let its images be pulled, and not be looked at.
        Err(Error::AccessDenied { .. }) => Ok(as_it_is(false)),
        Err(error) => Err(error),
    }
}

/// Family of the revisions with pinned images.
pub(super) fn pinned_family(settings: &Settings) -> String {
    format!("{}-run", settings.job)
}

fn tagged(image: &str) -> Option<Tagged<'_>> {
    let (host, path) = image.split_once('/')?;
    let (registry, rest) = host.split_once(".dkr.ecr.")?;
    let (region, domain) = rest.split_once('.')?;
    if !domain.starts_with("amazonaws.com") || !registry.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (repository, tag) = path.split_once(':').unwrap_or((path, "latest"));
    let place = image.get(..host.len() + 1 + repository.len())?;
    Some(Tagged {
        registry,
        region,
        place,
        repository,
        tag,
    })
}

/// The task definition with the pinned image: the deployed one if it names that image, else a
/// revision that an earlier run registered, else a new one.
pub(super) async fn registered(
    port: &(impl Definitions + Notes),
    settings: &Settings,
    definition: Value,
    container: &Value,
    pinned: &Pinned,
) -> Result<Value, Error> {
    if container["image"] == pinned.image {
        return Ok(definition);
    }
    let name = &container["name"];
    let arn = definition["taskDefinitionArn"].as_str().unwrap_or_default();
    let sk = format!(
        "{arn}|{}|{}",
        name.as_str().unwrap_or_default(),
        pinned.image
    );
    let mut after = definition.clone();
    let known = port.row(&settings.table, "image", &sk).await?;
    let known = known.and_then(|row| row["definition"].as_str().map(str::to_owned));
    let arn = match known {
        Some(arn) => arn,
        None => {
            let containers = after["containerDefinitions"].as_array_mut();
            for one in containers.into_iter().flatten() {
                if one["name"] == *name {
                    one["image"] = json!(pinned.image);
                }
            }
            let mut input = json!({ "family": pinned_family(settings) });
            for member in MEMBERS {
                if let Some(value) = after.get(member) {
                    input[member] = value.clone();
                }
            }
            let arn = port.register(&input).await?;
            let row = json!({ "pk": "image", "sk": sk, "definition": arn });
            port.put_row(&settings.table, &row, false).await?;
            arn
        }
    };
    after["taskDefinitionArn"] = json!(arn);
    after["family"] = json!(pinned_family(settings));
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ecr_is_known() {
        let image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/report:live";
        let found = tagged(image).unwrap();
        assert_eq!(
            (found.registry, found.region),
            ("111122223333", "eu-west-1")
        );
        assert_eq!((found.repository, found.tag), ("team/report", "live"));
        assert_eq!(format!("{}:live", found.place), image);
        let untagged = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/report";
        assert_eq!(tagged(untagged).unwrap().tag, "latest");
        for other in [
            "busybox",
            "public.ecr.aws/docker/library/busybox:1",
            "ghcr.io/a/b:c",
        ] {
            assert_eq!(tagged(other), None, "{other}");
        }
    }
}
