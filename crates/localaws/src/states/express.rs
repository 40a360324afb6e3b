//! Which `Resource`s of Task states an Express state machine does not take.

/// Why a resource is refused, if it is.
pub(super) fn fault(resource: &str) -> Option<&'static str> {
    let mut parts = resource.splitn(6, ':').skip(2);
    let (service, rest) = (parts.next()?, parts.nth(2)?);
    if service == "states" && rest.starts_with("activity:") {
        return Some("Express state machine does not support Activity ARN");
    }
    if rest.ends_with(".sync") || rest.ends_with(".sync:2") {
        return Some("Express state machine does not support '.sync' service integration");
    }
    rest.ends_with(".waitForTaskToken").then_some(
        "Express state machine does not support '.waitForTaskToken' service integration ",
    )
}
