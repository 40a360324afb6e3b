//! Pulling the images of a task.

use std::collections::BTreeMap;

use serde_json::json;

use super::ContainerState;
use crate::Scope;
use crate::ecs::Inner;
use crate::ecs::engine::reference;

impl Inner {
    /// Gets every image and notes its digest; the error is a reason in the words of Fargate.
    pub(super) async fn pull(&self, key: &str) -> Result<(), String> {
        let Some(task) = self.tasks.get(key) else {
            return Ok(());
        };
        // An engine works outside of this process, so time stands still for it.
        let _busy = self.aws.clock().busy();
        let began = self.aws.clock().now();
        let mut digests: BTreeMap<&str, Option<String>> = BTreeMap::new();
        for ContainerState { image, .. } in &task.containers {
            if digests.contains_key(image.as_str()) {
                continue;
            }
            if let Some(rule) = self.strike(key, "pull") {
                let why = rule.given.message.as_deref();
                return Err(cannot(image, why.unwrap_or(DENIED)));
            }
            let pushed = self.pushed(&task.scope, image).await;
            let digest = match pushed {
                // An engine may have an image that was never pushed.
                Err(why) if !self.engine.has(image).await => return Err(cannot(image, &why)),
                Ok(Some(digest)) if !self.engine.has(image).await => Some(digest),
                _ => self.engine.pull(image).await?,
            };
            let digest = digest.or_else(|| image.split_once('@').map(|(_, one)| one.to_owned()));
            digests.insert(image, digest);
        }
        let ended = self.aws.clock().now();
        self.tasks.update(key, |task| {
            task.times.pull_started = Some(began);
            task.times.pull_stopped = Some(ended);
            for container in &mut task.containers {
                let digest = digests.get(container.image.as_str()).cloned();
                container.digest = digest.flatten();
            }
        });
        Ok(())
    }

    /// The digest of an image in ECR's registry of this account, nothing for images elsewhere.
    async fn pushed(&self, home: &Scope, image: &str) -> Result<Option<String>, String> {
        let Some((registry, rest)) = image.split_once('/') else {
            return Ok(None);
        };
        let host = format!("{}.dkr.ecr.", home.account);
        let region = registry.strip_prefix(&host);
        let Some(region) = region.and_then(|rest| rest.split_once(".amazonaws.com")) else {
            return Ok(None);
        };
        let (name, digest) = match rest.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (rest, None),
        };
        let (name, tag) = name.split_once(':').unwrap_or((name, "latest"));
        let id = match digest {
            Some(digest) => json!({ "imageDigest": digest }),
            None => json!({ "imageTag": tag }),
        };
        let scope = Scope {
            region: region.0.to_owned(),
            ..home.clone()
        };
        let input = json!({ "repositoryName": name, "imageIds": [id] });
        let found = self.aws.call(&scope, "ecr", "BatchGetImage", input).await;
        let found = found.map_err(|error| error.message)?;
        let image_id = found.pointer("/images/0/imageId/imageDigest");
        match image_id.and_then(|digest| digest.as_str()) {
            Some(digest) => Ok(Some(digest.to_owned())),
            None => Err(format!("{registry}/{rest}: not found")),
        }
    }
}

/// What a registry says that does not tell whether there is such an image.
const DENIED: &str = "pull access denied, repository does not exist or may require authorization: \
                      server message: insufficient_scope: authorization failed";

fn cannot(image: &str, why: &str) -> String {
    format!(
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to \
         resolve ref {}: {why}",
        reference(image)
    )
}
