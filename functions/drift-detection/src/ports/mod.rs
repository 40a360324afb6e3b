//! The AWS calls that the functions make, as small traits; [`Aws`] makes them, a twin in memory serves the tests.
//!
//! A page is what one call answers; [`all`] follows the pages.

mod aws;
#[cfg(test)]
pub(crate) mod memory;

use std::future::Future;

pub use aws::Aws;

use crate::Error;

/// One page of a list and the token of the next.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Token of the next page; none after the last.
    pub next: Option<String>,
}

/// The items of all pages. `page` makes the call that answers with the page of a token, the first
/// one without. The first failure ends it.
pub async fn all<T, Answer>(page: impl Fn(Option<String>) -> Answer) -> Result<Vec<T>, Error>
where
    Answer: Future<Output = Result<Page<T>, Error>>,
{
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let Page { items, next } = page(token).await?;
        all.extend(items);
        if next.is_none() {
            return Ok(all);
        }
        token = next;
    }
}

/// A stack in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    /// ARN of the stack.
    pub id: String,
    /// Name of the stack.
    pub name: String,
    /// ARN of the stack that this one is nested in.
    pub parent_id: Option<String>,
    /// Status, such as `UPDATE_COMPLETE`.
    pub status: String,
    /// When drift was last looked for, in seconds since 1970.
    pub last_checked: Option<i64>,
    /// What was found then, such as `DRIFTED`.
    pub last_drift_status: Option<String>,
    /// Tags; empty where they were not asked for.
    pub tags: Vec<(String, String)>,
}

/// Lists the stacks of the account and region.
pub trait Stacks: Sync {
    /// All stacks that are not deleted, without their tags (`ListStacks`).
    fn list(
        &self,
        token: Option<String>,
    ) -> impl Future<Output = Result<Page<Stack>, Error>> + Send;
    /// All stacks that are not deleted, with their tags (`DescribeStacks`).
    fn describe(
        &self,
        token: Option<String>,
    ) -> impl Future<Output = Result<Page<Stack>, Error>> + Send;
}

/// What CloudFormation says about a resource that it tried to compare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceDrift {
    /// Logical id of the resource.
    pub logical_id: String,
    /// Physical id of the resource.
    pub physical_id: Option<String>,
    /// Type of the resource.
    pub resource_type: String,
    /// `IN_SYNC`, `MODIFIED`, `DELETED`, `NOT_CHECKED`, `UNKNOWN` or `UNSUPPORTED`.
    pub status: String,
    /// Why the resource could not be compared.
    pub reason: Option<String>,
    /// When it was compared, in seconds since 1970.
    pub checked_at: Option<i64>,
    /// The template's properties, JSON text.
    pub expected: Option<String>,
    /// The live properties, JSON text.
    pub actual: Option<String>,
    /// The properties that differ.
    pub differences: Vec<PropertyDrift>,
}

/// A property that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PropertyDrift {
    /// JSON pointer to the property.
    pub path: String,
    /// The template's value.
    pub expected: String,
    /// The live value.
    pub actual: String,
    /// `ADD`, `REMOVE` or `NOT_EQUAL`.
    pub kind: String,
}

/// A resource of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// Logical id of the resource.
    pub logical_id: String,
    /// Type of the resource.
    pub resource_type: String,
    /// Status, such as `CREATE_COMPLETE`.
    pub status: String,
}

/// Reads the result of a drift detection.
pub trait Drifts: Sync {
    /// What was found for the resources that can be compared (`DescribeStackResourceDrifts`).
    fn drifts(
        &self,
        stack_id: &str,
        token: Option<String>,
    ) -> impl Future<Output = Result<Page<ResourceDrift>, Error>> + Send;
    /// All resources of a stack (`ListStackResources`).
    fn resources(
        &self,
        stack_id: &str,
        token: Option<String>,
    ) -> impl Future<Output = Result<Page<Resource>, Error>> + Send;
}

/// Keeps the files of runs (`PutObject`, `GetObject`).
pub trait Files: Sync {
    /// Writes a file.
    fn put(
        &self,
        bucket: &str,
        key: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> impl Future<Output = Result<(), Error>> + Send;
    /// Reads a file; `None` if there is none.
    fn get(
        &self,
        bucket: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send;
}
