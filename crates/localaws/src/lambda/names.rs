//! How calls name functions: `name`, `name:qualifier`, `account:function:name`, or an ARN.

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Lambda;
use super::model::{Configuration, Function, LATEST, constraint, function_arn, not_found};

/// A function as a call names it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) qualifier: Option<String>,
}

impl Named {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = match text.strip_prefix("arn:") {
            Some(arn) => arn.splitn(5, ':').nth(4)?.strip_prefix("function:")?,
            None => match text.split_once(":function:") {
                Some((account, rest)) if account.len() == 12 => rest,
                Some(_) => return None,
                None => text,
            },
        };
        let (name, qualifier) = match rest.split_once(':') {
            Some((name, qualifier)) => (name, Some(qualifier)),
            None => (rest, None),
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let allowed_qualifier = |c: char| allowed(c) || c == '$';
        let named = !name.is_empty() && name.len() <= 64 && name.chars().all(allowed);
        let qualified = qualifier.is_none_or(|q| !q.is_empty() && q.chars().all(allowed_qualifier));
        (named && qualified).then(|| Self {
            name: name.to_owned(),
            qualifier: qualifier.map(str::to_owned),
        })
    }

    pub(super) fn arn(&self, scope: &Scope) -> String {
        function_arn(scope, &self.name, self.qualifier.as_deref())
    }
}

impl Lambda {
    /// What `FunctionName` and `Qualifier` of a call name, whether it exists or not.
    pub(super) fn named(&self, call: &Call) -> Result<Named, AwsError> {
        let text = call.input.text("FunctionName").unwrap_or_default();
        let mut named = Named::parse(text).ok_or_else(|| {
            constraint(
                text,
                "functionName",
                "satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}\
                 (-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|\
                 [a-zA-Z0-9-_]+))?",
            )
        })?;
        if let Some(qualifier) = call.input.filled("Qualifier") {
            if named.qualifier.as_deref().is_some_and(|q| q != qualifier) {
                return Err(super::model::invalid(
                    "The derived qualifier from the function name does not match the specified \
                     qualifier.",
                ));
            }
            named.qualifier = Some(qualifier.to_owned());
        }
        Ok(named)
    }

    /// The function that a call names.
    pub(super) fn function(&self, scope: &Scope, named: &Named) -> Result<Function, AwsError> {
        self.functions
            .get(&scope.key(&named.name))
            .ok_or_else(|| not_found(format!("Function not found: {}", named.arn(scope))))
    }

    /// The function that a call names and the configuration that its qualifier stands for.
    pub(super) fn version(
        &self,
        scope: &Scope,
        named: &Named,
    ) -> Result<(Function, Configuration), AwsError> {
        let function = self.function(scope, named)?;
        let qualifier = named.qualifier.as_deref().unwrap_or(LATEST);
        let version = function
            .qualified(qualifier)
            .cloned()
            .ok_or_else(|| not_found(format!("Function not found: {}", named.arn(scope))))?;
        Ok((function, version))
    }

    /// Changes a function; `Function not found` where there is none.
    pub(super) fn change<R>(
        &self,
        scope: &Scope,
        named: &Named,
        change: impl FnOnce(&mut Function) -> Result<R, AwsError>,
    ) -> Result<R, AwsError> {
        self.functions
            .update(&scope.key(&named.name), change)
            .unwrap_or_else(|| {
                Err(not_found(format!(
                    "Function not found: {}",
                    named.arn(scope)
                )))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_in_many_ways() {
        let table = [
            ("f", Some(("f", None))),
            ("f:live", Some(("f", Some("live")))),
            ("f:$LATEST", Some(("f", Some("$LATEST")))),
            ("000000000000:function:f", Some(("f", None))),
            (
                "arn:aws:lambda:eu-west-1:000000000000:function:f",
                Some(("f", None)),
            ),
            (
                "arn:aws:lambda:eu-west-1:000000000000:function:f:3",
                Some(("f", Some("3"))),
            ),
            ("arn:aws:sqs:eu-west-1:000000000000:f", None),
            ("a b", None),
            ("", None),
            ("f:", None),
        ];
        for (text, expected) in table {
            let found = Named::parse(text);
            let found = found
                .as_ref()
                .map(|n| (n.name.as_str(), n.qualifier.as_deref()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
