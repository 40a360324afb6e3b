//! Pulling an image.

use http::Method;
use http_body_util::BodyExt;
use serde_json::Value;

use super::api::{Api, escaped};
use crate::params::Params;

/// Pulls an image; the error is a reason in the words of Fargate.
pub(super) async fn pull(api: &Api, image: &str) -> Result<(), String> {
    let path = format!("/images/create?fromImage={}", escaped(&tagged(image)));
    let failed = |why: &str| {
        format!(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to \
             resolve ref {}: {why}",
            reference(image)
        )
    };
    let answer = api
        .open(Method::POST, &path, None)
        .await
        .map_err(|error| failed(&error))?;
    let said = answer
        .collect()
        .await
        .map_err(|error| failed(&error.to_string()))?
        .to_bytes();
    // A line of JSON for each step; the engine has answered 200 before it knew.
    let lines = said.split(|byte| *byte == b'\n');
    let steps = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    match steps
        .into_iter()
        .find_map(|step| step.filled("error").map(str::to_owned))
    {
        Some(error) => Err(failed(&error)),
        None => Ok(()),
    }
}

/// The image with the tag that is meant where none is given: an engine would pull all of them.
fn tagged(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.contains([':', '@']) {
        true => image.to_owned(),
        false => format!("{image}:latest"),
    }
}

/// The image by its whole name, as containerd writes it.
pub(in crate::ecs) fn reference(image: &str) -> String {
    let image = tagged(image);
    match image.split_once('/') {
        None => format!("docker.io/library/{image}"),
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => image,
        Some(_) => format!("docker.io/{image}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed() {
        for (image, wanted) in [
            ("busybox", "docker.io/library/busybox:latest"),
            ("bitnami/kubectl:1", "docker.io/bitnami/kubectl:1"),
            ("localhost:5000/a", "localhost:5000/a:latest"),
            ("public.ecr.aws/x/y@sha256:0", "public.ecr.aws/x/y@sha256:0"),
        ] {
            assert_eq!(reference(image), wanted);
        }
    }
}
