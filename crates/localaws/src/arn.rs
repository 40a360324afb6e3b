//! Amazon Resource Names, taken apart.

use crate::{Aws, Scope};

/// The parts of `arn:partition:service:region:account:resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    /// Everything after the fifth colon.
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// `None` when the text is no ARN.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (head, partition) = (parts.next()?, parts.next()?);
        let arn = Self {
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        };
        let whole = head == "arn" && partition.starts_with("aws") && !arn.resource.is_empty();
        whole.then_some(arn)
    }

    /// Account and region that the ARN names; what it leaves open is taken from `home`.
    pub(crate) fn scope(&self, home: &Scope) -> Scope {
        let or = |part: &str, other: &str| if part.is_empty() { other } else { part }.to_owned();
        Scope {
            account: or(self.account, &home.account),
            region: or(self.region, &home.region),
        }
    }

    /// The URL of the queue that the ARN names.
    pub(crate) fn queue_url(&self, aws: &Aws) -> String {
        format!("{}/{}/{}", aws.endpoint(), self.account, self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_taken_apart() {
        let arn = Arn::parse("arn:aws:sqs:eu-west-1:000000000000:jobs").unwrap();
        assert_eq!((arn.service, arn.resource), ("sqs", "jobs"));
        let home = Scope::new("us-east-1");
        assert_eq!(arn.scope(&home), Scope::new("eu-west-1"));
        let bucket = Arn::parse("arn:aws:s3:::photos").unwrap();
        assert_eq!(bucket.scope(&home), home);
        for text in ["", "arn:aws:sqs", "urn:aws:sqs:a:b:c", "arn:aws:sqs:a:b:"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
