//! What a template may refer to without declaring it.

/// Pseudo parameters.
pub(super) const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// Whether the schema of a type is known to nobody but its owner: what a macro makes, modules,
/// types of others.
pub(super) fn is_foreign(kind: &str) -> bool {
    let service = kind.split("::").next().unwrap_or_default();
    !matches!(service, "AWS" | "Custom")
        || kind.starts_with("AWS::Serverless::")
        || kind.ends_with("::MODULE")
}

/// Whether a type gives attributes that no schema names: those of custom resources and of stacks
/// within the stack.
pub(super) fn has_own_attributes(kind: &str) -> bool {
    is_foreign(kind)
        || kind.starts_with("Custom::")
        || matches!(
            kind,
            "AWS::CloudFormation::CustomResource"
                | "AWS::CloudFormation::Stack"
                | "AWS::CloudFormation::Macro"
                | "AWS::ServiceCatalog::CloudFormationProvisionedProduct"
        )
}
