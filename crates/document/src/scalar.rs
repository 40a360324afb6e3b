//! What a plain scalar of YAML is.

use crate::Kind;

mod core;
mod yaml_1_1;

/// The rules by which plain scalars get their types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalars {
    /// The core schema of YAML 1.2, which the tools that turn definitions into JSON read.
    Core,
    /// YAML 1.1, which CloudFormation reads.
    Yaml11,
}

impl Scalars {
    /// The value of an unquoted scalar.
    pub(crate) fn plain(self, text: &str) -> Kind {
        let number = match self {
            Self::Core => core::number,
            Self::Yaml11 => yaml_1_1::number,
        };
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
            "true" | "True" | "TRUE" => Kind::Bool(true),
            "false" | "False" | "FALSE" => Kind::Bool(false),
            _ => match (self, text) {
                (Self::Yaml11, "yes" | "Yes" | "YES" | "on" | "On" | "ON") => Kind::Bool(true),
                (Self::Yaml11, "no" | "No" | "NO" | "off" | "Off" | "OFF") => Kind::Bool(false),
                _ => number(text).map_or_else(|| Kind::String(text.to_owned()), Kind::Number),
            },
        }
    }
}
