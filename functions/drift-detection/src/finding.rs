//! What a check of one stack found: the JSON that `collect` writes and `report` reads.

use serde::{Deserialize, Serialize};

/// How the check of a stack ended. A stack counts as in sync only if something of it was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// At least one resource differs from the template.
    Drifted,
    /// The check did not come to an end, and what it saw until then was in sync.
    Failed,
    /// CloudFormation can compare none of the stack's resources.
    NotCovered,
    /// Everything that was compared is in sync.
    InSync,
}

/// The result for one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Name of the stack.
    pub stack_name: String,
    /// ARN of the stack.
    pub stack_id: String,
    /// ARN of the stack that this one is nested in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// How the check ended.
    pub outcome: Outcome,
    /// Why the check is not complete; absent if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How many resources were checked, and how many not and why.
    pub coverage: Coverage,
    /// The differences, a deleted resource being one of its own.
    pub differences: Vec<Difference>,
    /// The resources that were not compared.
    pub uncovered: Vec<Uncovered>,
}

/// A difference between the template and the live resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Logical id of the resource.
    pub logical_id: String,
    /// Physical id of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_id: Option<String>,
    /// Type of the resource.
    pub resource_type: String,
    /// JSON pointer to the property; absent for a deleted resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What kind of difference it is.
    pub difference: DifferenceType,
    /// The template's value, as CloudFormation words it; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The live value, as CloudFormation words it; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Whether something in the values was replaced by a fingerprint because it looks secret.
    pub masked: bool,
    /// The rule that accepts this difference. There are no such rules yet, so it is always null.
    pub ignored_by: Option<String>,
    /// Who made the change. Nobody looks that up yet, so it is always null.
    pub changed_by: Option<String>,
}

/// Kind of a difference, in CloudFormation's words and one more for a deleted resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DifferenceType {
    /// The live resource has a value that the template does not have.
    Add,
    /// The live resource lacks a value that the template has.
    Remove,
    /// Both have a value and they differ.
    NotEqual,
    /// The resource is gone.
    Deleted,
}

/// How much of a stack, or of a whole run, was compared. Counts resources; the parts add up to `resources`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Resources in all.
    pub resources: u32,
    /// Compared and in sync.
    pub in_sync: u32,
    /// Compared and modified or deleted.
    pub drifted: u32,
    /// Nested stacks, which are checked as stacks of their own.
    pub nested: u32,
    /// Of a type that CloudFormation cannot compare.
    pub unsupported: u32,
    /// Left out by CloudFormation, or not reached before the check failed.
    pub not_checked: u32,
    /// The comparison failed, for example for want of a permission.
    pub failed: u32,
}

impl Coverage {
    /// Resources that were compared.
    pub fn checked(&self) -> u32 {
        self.in_sync + self.drifted
    }

    /// Adds the counts of another stack.
    pub fn add(&mut self, other: &Self) {
        self.resources += other.resources;
        self.in_sync += other.in_sync;
        self.drifted += other.drifted;
        self.nested += other.nested;
        self.unsupported += other.unsupported;
        self.not_checked += other.not_checked;
        self.failed += other.failed;
    }
}

/// A resource that was not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Uncovered {
    /// Logical id of the resource.
    pub logical_id: String,
    /// Type of the resource.
    pub resource_type: String,
    /// Why it was not compared.
    pub why: Why,
    /// CloudFormation's reason, where it gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why a resource was not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// CloudFormation cannot compare this type.
    Unsupported,
    /// CloudFormation left it out, or the check ended before.
    NotChecked,
    /// The comparison failed.
    Failed,
}
