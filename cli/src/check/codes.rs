//! Every code that a finding can have, and what it means.

/// Codes of the language, first those of AWS's `ValidateStateMachineDefinition`, then of warnings.
const LANGUAGE: &[(&str, &str)] = &[
    (
        "SCHEMA_VALIDATION_FAILED",
        "a field is missing, unknown, of the wrong type, or out of its limits; a parameter that the API does not have",
    ),
    (
        "INVALID_JSON_DESCRIPTION",
        "the definition is no JSON or YAML, or has a key twice",
    ),
    (
        "MISSING_TRANSITION_TARGET",
        "`Next`, `Default` or `StartAt` names no state of the same level",
    ),
    ("MISSING_END_STATE", "no state ends the machine or branch"),
    ("DUPLICATE_STATE_NAME", "two states have one name"),
    (
        "DUPLICATE_LABEL_NAME",
        "two distributed Maps have one label",
    ),
    ("INVALID_STATE_NAME", "a state's name is too long or empty"),
    (
        "INVALID_LABEL_NAME",
        "a label has characters that it may not have",
    ),
    ("TOO_DEEPLY_NESTED", "states lie within too many others"),
    (
        "INVALID_JSONATA_EXPRESSION",
        "an expression does not compile",
    ),
    (
        "UNSUPPORTED_JSONATA_EXPRESSION",
        "an expression uses what Step Functions does not have",
    ),
    (
        "UNAVAILABLE_FUNCTION",
        "an expression calls a function that is not there",
    ),
    ("UNREACHABLE_STATE", "no state leads to it"),
    (
        "VARIABLE_NEVER_SET",
        "a variable is read that nothing on the way sets",
    ),
    (
        "ERROR_NEVER_MATCHES",
        "a Retry or Catch names an error that another one takes before",
    ),
    (
        "NO_DOLLAR",
        "a value looks like a path, but its key does not end with `.$`",
    ),
    (
        "NO_PATH",
        "a value looks like a path where the field with `Path` at its end is meant",
    ),
    (
        "PASS_RESULT_IS_STATIC",
        "`Result` looks like a path, and is taken literally",
    ),
    (
        "TOKEN_NOT_PASSED",
        "a task waits for a token that it gives to nobody",
    ),
    (
        "WAIT_WITHOUT_TIMEOUT",
        "a task waits for a token for ever if nobody answers",
    ),
];

/// Codes of everything around a definition.
const PROJECT: &[(&str, &str)] = &[
    (
        "NOTHING_TO_CHECK",
        "a path has no definition and no template",
    ),
    (
        "UNREADABLE",
        "a file is not UTF-8, too large, a folder, or may not be read",
    ),
    ("JSON", "an input, a schema or a file of a case is no JSON"),
    (
        "DUPLICATE_KEY",
        "a key of an object is there twice; the last one would count",
    ),
    (
        "UNDEFINED_SUBSTITUTION",
        "nothing defines a `${Name}` of the definition",
    ),
    (
        "UNUSED_SUBSTITUTION",
        "the definition has no such `${Name}`",
    ),
    ("SCHEMA", "the input schema is no JSON Schema"),
    ("INPUT", "an input in `examples/` does not fit the schema"),
    (
        "CASE",
        "a case cannot be played: an answer for a call that is never made, a call without an answer, a result that the API does not give",
    ),
];

/// Codes of templates.
const TEMPLATE: &[(&str, &str)] = &[
    (
        "TEMPLATE_SYNTAX",
        "the template is neither JSON nor YAML, or has an unknown tag",
    ),
    (
        "TEMPLATE_SECTION",
        "a section does not exist, is empty, or an output has no value",
    ),
    (
        "TEMPLATE_PARAMETER",
        "a parameter's type or constraint is wrong, or its default breaks one",
    ),
    ("UNKNOWN_RESOURCE_TYPE", "there is no such resource type"),
    (
        "RESOURCE_PROPERTY",
        "a property does not exist, is missing, or has the wrong type",
    ),
    (
        "RESOURCE_ATTRIBUTE",
        "a resource or output has a part that it cannot have, or no Type",
    ),
    (
        "UNDEFINED_REFERENCE",
        "a Ref, GetAtt, Sub, Condition, FindInMap or DependsOn leads nowhere",
    ),
    (
        "UNKNOWN_ATTRIBUTE",
        "GetAtt names an attribute that the type does not have",
    ),
    (
        "FUNCTION",
        "an intrinsic function does not exist, or has the wrong arguments",
    ),
    ("CIRCULAR_DEPENDENCY", "resources wait for one another"),
    ("UNUSED_PARAMETER", "nothing uses a parameter"),
    ("UNUSED_CONDITION", "nothing uses a condition"),
    ("UNUSED_MAPPING", "nothing uses a mapping"),
];

/// Codes of permissions.
const PERMISSIONS: &[(&str, &str)] = &[
    ("IAM_UNKNOWN_ACTION", "IAM has no such action"),
    (
        "IAM_MISSING",
        "the definition or a function calls what its role does not allow, or not on this resource",
    ),
    ("IAM_UNUSED", "a role allows what nothing calls"),
    (
        "IAM_BROAD",
        "a statement is about `*` where it could name a resource",
    ),
    (
        "IAM_TWICE",
        "a role allows an action on the same resource more than once",
    ),
];

/// Codes by what they are about.
pub const CODES: &[(&str, &[(&str, &str)])] = &[
    ("Definitions", LANGUAGE),
    ("Files beside them", PROJECT),
    ("Templates", TEMPLATE),
    ("Permissions", PERMISSIONS),
];

/// What a code means.
pub(super) fn meaning(code: &str) -> Option<&'static str> {
    let mut all = CODES.iter().flat_map(|(_, codes)| codes.iter());
    all.find(|(known, _)| *known == code)
        .map(|(_, meaning)| *meaning)
}
