//! ARNs of Step Functions: what kind of thing they name, and the names inside.

use crate::{AwsError, Scope};

use super::errors;

/// A parsed ARN of the `states` service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arn<'a> {
    pub text: &'a str,
    pub region: &'a str,
    pub account: &'a str,
    pub kind: &'a str,
    /// Everything after the kind.
    pub name: &'a str,
}

impl<'a> Arn<'a> {
    /// Reads an ARN that may name one of some kinds (`stateMachine`, `execution`, …).
    pub(super) fn parse(text: &'a str, kinds: &[&str]) -> Result<Self, AwsError> {
        if !text.starts_with("arn:") {
            return Err(errors::invalid_arn(&format!("Invalid ARN prefix: {text}")));
        }
        let parts: Vec<&str> = text.splitn(7, ':').collect();
        let [_, _, service, region, account, kind, name] = parts[..] else {
            return Err(errors::invalid_arn(&format!("Invalid ARN: {text}")));
        };
        if service != "states" || !kinds.contains(&kind) {
            return Err(errors::invalid_arn(&format!(
                "Resource type not valid in this context: {kind}"
            )));
        }
        Ok(Self {
            text,
            region,
            account,
            kind,
            name,
        })
    }

    /// Whose resource it is.
    pub(super) fn scope(&self) -> Scope {
        Scope {
            account: self.account.to_owned(),
            region: self.region.to_owned(),
        }
    }

    /// Splits a state machine's ARN from the version or alias that follows it.
    pub(super) fn qualifier(&self) -> (&'a str, Option<&'a str>) {
        match self.name.split_once(':') {
            Some((_, qualifier)) => {
                let end = self.text.len() - qualifier.len() - 1;
                (self.text.get(..end).unwrap_or(self.text), Some(qualifier))
            }
            None => (self.text, None),
        }
    }
}

/// ARN of a state machine.
pub(super) fn state_machine(scope: &Scope, name: &str) -> String {
    scope.arn("states", &format!("stateMachine:{name}"))
}

/// ARN of a standard execution; `machine` is `name/label` for a child of a map run.
pub(super) fn execution(scope: &Scope, machine: &str, name: &str) -> String {
    scope.arn("states", &format!("execution:{machine}:{name}"))
}

/// ARN of an express execution, which has an id because its name need not be unique.
pub(super) fn express(scope: &Scope, machine: &str, name: &str, id: &str) -> String {
    scope.arn("states", &format!("express:{machine}:{name}:{id}"))
}

/// ARN of an activity.
pub(super) fn activity(scope: &Scope, name: &str) -> String {
    scope.arn("states", &format!("activity:{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualified_machines_come_apart() {
        let arn = "arn:aws:states:eu-west-1:000000000000:stateMachine:m:prod";
        let parsed = Arn::parse(arn, &["stateMachine"]).unwrap();
        let base = "arn:aws:states:eu-west-1:000000000000:stateMachine:m";
        assert_eq!(parsed.qualifier(), (base, Some("prod")));
        assert_eq!(parsed.scope(), Scope::new("eu-west-1"));
        let plain = Arn::parse(base, &["stateMachine"]).unwrap();
        assert_eq!(plain.qualifier(), (base, None));
    }

    #[test]
    fn wrong_arns_are_refused_in_the_words_of_aws() {
        for (text, message) in [
            ("nonsense", "Invalid Arn: 'Invalid ARN prefix: nonsense'"),
            (
                "arn:aws:states:us-east-1:000000000000:express:m:n:u",
                "Invalid Arn: 'Resource type not valid in this context: express'",
            ),
        ] {
            let error = Arn::parse(text, &["execution"]).unwrap_err();
            assert_eq!(
                (error.code.as_str(), error.message.as_str()),
                ("InvalidArn", message)
            );
        }
    }
}
