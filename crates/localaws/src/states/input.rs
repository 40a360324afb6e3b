//! Reads an operation's input and refuses what breaks the constraints of the API model.

use serde_json::Value;

use crate::AwsError;

use super::errors;

/// The largest payload of a task, state or execution, in bytes.
pub(super) const MAX_PAYLOAD: usize = 262_144;

/// The input of one call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a>(pub &'a Value);

impl<'a> Input<'a> {
    /// A text, where given.
    pub(super) fn text(self, member: &str) -> Option<&'a str> {
        self.0.get(member).and_then(Value::as_str)
    }

    /// A text that must be given.
    pub(super) fn required(self, member: &str) -> Result<&'a str, AwsError> {
        let null = || {
            AwsError::validation(format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy \
                 constraint: Member must not be null"
            ))
        };
        let text = self.text(member).ok_or_else(null)?;
        if text.is_empty() {
            let rule = "have length greater than or equal to 1";
            return Err(errors::constraint(text, member, rule));
        }
        Ok(text)
    }

    /// A text of at most so many characters.
    pub(super) fn limited(self, member: &str, max: usize) -> Result<Option<&'a str>, AwsError> {
        match self.text(member) {
            Some(text) if text.chars().count() > max => {
                let rule = format!("have length less than or equal to {max}");
                Err(errors::constraint(text, member, &rule))
            }
            text => Ok(text),
        }
    }

    /// A payload, which errors do not repeat.
    pub(super) fn payload(self, member: &str) -> Result<Option<&'a str>, AwsError> {
        match self.text(member) {
            Some(text) if text.len() > MAX_PAYLOAD => Err(AwsError::validation(format!(
                "1 validation error detected: Value at '{member}' failed to satisfy constraint: \
                 Member must have length less than or equal to {MAX_PAYLOAD}"
            ))),
            text => Ok(text),
        }
    }

    /// A whole number within bounds.
    pub(super) fn number(self, member: &str, min: i64, max: i64) -> Result<Option<i64>, AwsError> {
        let Some(value) = self.0.get(member) else {
            return Ok(None);
        };
        let number = value.as_i64().unwrap_or(max.saturating_add(1));
        if number > max {
            let rule = format!("have value less than or equal to {max}");
            return Err(errors::constraint(&value.to_string(), member, &rule));
        }
        if number < min {
            let rule = format!("have value greater than or equal to {min}");
            return Err(errors::constraint(&value.to_string(), member, &rule));
        }
        Ok(Some(number))
    }

    /// One of the values of an enumeration, listed in the order in which AWS prints them.
    pub(super) fn one_of(self, member: &str, values: &[&str]) -> Result<Option<&'a str>, AwsError> {
        match self.text(member) {
            Some(text) if !values.contains(&text) => {
                let rule = format!("satisfy enum value set: [{}]", values.join(", "));
                Err(errors::constraint(text, member, &rule))
            }
            text => Ok(text),
        }
    }

    /// A flag, false where absent.
    pub(super) fn flag(self, member: &str) -> bool {
        self.0.get(member).and_then(Value::as_bool) == Some(true)
    }

    /// Members of a list.
    pub(super) fn list(self, member: &str) -> &'a [Value] {
        let list = self.0.get(member).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    /// The name of a thing to make.
    ///
    /// Refuses what the API reference lists: white space, brackets, wildcards, special characters
    /// and control characters.
    pub(super) fn name(self, member: &str) -> Result<&'a str, AwsError> {
        let name = self.required(member)?;
        self.limited(member, 80)?;
        check_name(name)?;
        Ok(name)
    }
}

fn check_name(name: &str) -> Result<(), AwsError> {
    const REFUSED: &str = "<>{}[]?*\"#%\\^|~`$&,;:/";
    let special = ['\u{fffe}', '\u{ffff}', '\u{10ffff}'];
    let refused = |c: char| {
        c.is_whitespace() || c.is_control() || REFUSED.contains(c) || special.contains(&c)
    };
    if name.chars().any(refused) {
        return Err(errors::invalid_name(name));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_refused_as_on_aws() {
        for name in [
            "a#b",
            "a b",
            "a/b",
            "a:b",
            "a\u{1f}",
            "\u{7f}a",
            "a\\b",
            "a*",
            "a\u{ffff}",
        ] {
            let input = json!({ "name": name });
            let error = Input(&input).name("name").unwrap_err();
            assert_eq!(error.code, "InvalidName");
            assert_eq!(error.message, format!("Invalid Name: '{name}'"));
        }
        for name in [
            "ACTIVITY_NAME_ABC",
            "activity-name.1",
            "größe",
            "a@b",
            "(a)",
        ] {
            assert_eq!(Input(&json!({ "name": name })).name("name").unwrap(), name);
        }
    }

    #[test]
    fn constraints_are_worded_as_on_aws() {
        let input = json!({ "maxResults": 1001, "statusFilter": "succeeded" });
        let error = Input(&input).number("maxResults", 0, 1000).unwrap_err();
        assert_eq!(
            error.message,
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy \
             constraint: Member must have value less than or equal to 1000"
        );
        let error = Input(&input)
            .one_of("statusFilter", &["A", "B"])
            .unwrap_err();
        assert!(
            error
                .message
                .ends_with("Member must satisfy enum value set: [A, B]")
        );
    }
}
