//! Statements of policies, wherever a template has them.

use document::{Kind, Node};

/// A statement of a policy.
#[derive(Debug, Clone)]
pub(super) struct Statement<'t> {
    pub(super) node: &'t Node,
    /// What it allows; nothing where it denies, or says what it does not allow.
    pub(super) allows: Vec<(&'t str, &'t Node)>,
    /// Every action that it names.
    pub(super) names: Vec<(&'t str, &'t Node)>,
    /// Whether it allows all but what it names.
    pub(super) allows_others: bool,
    /// What it is about.
    pub(super) resources: Vec<&'t Node>,
}

/// All statements in a value.
pub(super) fn statements<'t>(node: &'t Node, found: &mut Vec<Statement<'t>>) {
    if let Some(statement) = statement(node) {
        found.push(statement);
        return;
    }
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| statements(item, found)),
        Kind::Object(members) => {
            for member in members {
                statements(&member.value, found);
            }
        }
        _ => {}
    }
}

fn statement(node: &Node) -> Option<Statement<'_>> {
    let effect = node.get("Effect")?;
    let (named, others) = match (node.get("Action"), node.get("NotAction")) {
        (Some(action), _) => (action, false),
        (None, Some(others)) => (others, true),
        (None, None) => return None,
    };
    let names: Vec<_> = texts(named).collect();
    let allowing = effect.as_str() != Some("Deny");
    Some(Statement {
        node,
        allows: match allowing && !others {
            true => names.clone(),
            false => Vec::new(),
        },
        names,
        allows_others: allowing && others,
        resources: node.get("Resource").map(each).unwrap_or_default(),
    })
}

fn texts(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let all = each(node).into_iter();
    all.filter_map(|item| Some((item.as_str()?, item)))
}

/// The items of a list, or the one thing.
fn each(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::Array(items) => items.iter().collect(),
        _ => vec![node],
    }
}

/// Whether an action with wildcards covers another, as IAM compares them.
pub(super) fn covers(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    matches(pattern.as_bytes(), action.as_bytes())
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    // Where to go on after the last star: behind it in the pattern, a byte further in the text.
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(one) if *one == b'?' || Some(one) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|one| *one == b'*'))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn wildcards_are_those_of_iam() {
        for (pattern, action, expected) in [
            ("s3:Get*", "s3:getobject", true),
            ("*", "s3:GetObject", true),
            ("s3:*Object", "s3:GetObjectObject", true),
            ("s3:GetObject?", "s3:GetObject", false),
            ("s3:Get", "s3:GetObject", false),
        ] {
            assert_eq!(covers(pattern, action), expected, "{pattern} {action}");
        }
    }
}
