//! Whose resources a call is about: account and region.

use serde::{Deserialize, Serialize};

/// Account and region of a call. Everything a service keeps is kept per scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// Twelve digits.
    pub account: String,
    /// For example `eu-central-1`.
    pub region: String,
}

impl Scope {
    /// The account of every call that does not say otherwise.
    pub const ACCOUNT: &str = "000000000000";

    /// The local account in a region.
    pub fn new(region: impl Into<String>) -> Self {
        Self {
            account: Self::ACCOUNT.to_owned(),
            region: region.into(),
        }
    }

    /// The partition the region belongs to: `aws`, `aws-cn` or `aws-us-gov`.
    pub fn partition(&self) -> &'static str {
        if self.region.starts_with("cn-") {
            "aws-cn"
        } else if self.region.starts_with("us-gov-") {
            "aws-us-gov"
        } else {
            "aws"
        }
    }

    /// An ARN of a regional resource: `arn:aws:<service>:<region>:<account>:<rest>`.
    pub fn arn(&self, service: &str, rest: &str) -> String {
        let (partition, region, account) = (self.partition(), &self.region, &self.account);
        format!("arn:{partition}:{service}:{region}:{account}:{rest}")
    }

    /// An ARN of a resource of a global service such as IAM: the region stays empty.
    pub fn global_arn(&self, service: &str, rest: &str) -> String {
        let (partition, account) = (self.partition(), &self.account);
        format!("arn:{partition}:{service}::{account}:{rest}")
    }

    /// A table key under which `name` is unique in this scope.
    pub fn key(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.account, self.region)
    }

    /// The prefix of all keys that [`Scope::key`] makes.
    pub fn prefix(&self) -> String {
        format!("{}/{}/", self.account, self.region)
    }
}
