//! The roles of a workflow: of its state machine, and of its functions.

use std::collections::{BTreeMap, BTreeSet};

use cfn::iam;
use document::{Member, Node};

use super::integrations::{Need, needs};
use super::policy::{Statement, covers, statements};
use super::sources::{self, Call};
use crate::check::linked::Linked;
use crate::check::source::{Document, File};
use crate::check::template::function::{self, Reference};
use crate::check::{Checked, Finding};

/// What AWS's services need of any role: logs, traces, keys. Nothing in a definition or source
/// names it.
const SUPPORT: [&str; 7] = [
    "kms:*",
    "logs:*Delivery",
    "logs:Create*",
    "logs:Describe*",
    "logs:ListLogDeliveries",
    "logs:Put*",
    "xray:*",
];

/// Of functions: what calls pass on; without the listing, S3 answers that a missing object is
/// forbidden; queues that Lambda itself reads, and where it sends what failed.
const OF_FUNCTIONS: [&str; 6] = [
    "iam:PassRole",
    "s3:ListBucket",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
];

/// Compares the roles of a workflow with what it calls.
pub(in crate::check) fn check(definition: &Document, linked: &Linked<'_>, checked: &mut Checked) {
    let template = linked.template;
    if let Some(role) = linked
        .property("RoleArn")
        .and_then(|arn| Role::of(template, arn))
    {
        let needs = needs(&definition.root);
        let wanted = needs.needed.iter().map(|need| Wanted {
            action: &need.action,
            file: &definition.file,
            span: need.node.span.clone(),
            about: named_by(linked, need),
            is_certain: true,
        });
        let mut welcome = needs.welcome.clone();
        welcome.extend(SUPPORT);
        role.compare(
            &wanted.collect::<Vec<_>>(),
            &welcome,
            needs.unknown,
            checked,
        );
    }
    functions(template, checked);
}

/// Logical ids that stand behind the substitutions of a need.
fn named_by(linked: &Linked<'_>, need: &Need<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let defined = linked.property("DefinitionSubstitutions");
    for name in &need.about {
        if let Some(value) = defined.and_then(|defined| defined.get(name)) {
            names_in(value, &mut names);
        }
    }
    names
}

/// Functions that share their code share what it calls: which handler calls what is not known, so
/// that all their roles together are compared with all the calls.
fn functions(template: &Document, checked: &mut Checked) {
    let mut by_code: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
    let resources = template.root.get("Resources").map(Node::members);
    for resource in resources.unwrap_or_default() {
        let properties = resource.value.get("Properties");
        let kind = resource.value.get("Type").and_then(Node::as_str);
        let code = properties.and_then(|properties| properties.get("Code")?.as_str());
        if let (Some("AWS::Lambda::Function"), Some(code)) = (kind, code) {
            by_code.entry(code).or_default().push(resource);
        }
    }
    for (code, functions) in by_code {
        let Some(folder) = sources::folder(&template.file.path, code) else {
            continue;
        };
        let calls = sources::calls(&folder, checked);
        let arns = functions
            .iter()
            .filter_map(|function| function.value.get("Properties")?.get("Role"));
        let roles: Vec<_> = arns.filter_map(|arn| Role::of(template, arn)).collect();
        if let (Some(role), false) = (Role::joined(roles), calls.is_empty()) {
            let welcome: Vec<_> = SUPPORT.into_iter().chain(OF_FUNCTIONS).collect();
            let unknown = calls
                .iter()
                .any(|call| call.actions.is_empty() && !is_free(call));
            role.compare(&wanted(&calls), &welcome, unknown, checked);
        }
    }
}

fn wanted(calls: &[Call]) -> Vec<Wanted<'_>> {
    let each = calls.iter().flat_map(|call| {
        call.actions.iter().map(|action| Wanted {
            action,
            file: &call.file,
            span: call.span.clone(),
            about: BTreeSet::new(),
            is_certain: call.is_certain,
        })
    });
    each.collect()
}

/// Everybody may ask who they are.
fn is_free(call: &Call) -> bool {
    call.name == "get_caller_identity"
}

struct Wanted<'a> {
    action: &'a str,
    file: &'a File,
    span: std::ops::Range<usize>,
    /// Logical ids of what it is about.
    about: BTreeSet<String>,
    /// Whether it is called for sure.
    is_certain: bool,
}

/// A role of the template, or several that are compared as one.
struct Role<'t> {
    template: &'t Document,
    name: String,
    statements: Vec<Statement<'t>>,
    /// Whether it has policies that the template does not show.
    has_others: bool,
}

impl<'t> Role<'t> {
    /// The role behind an ARN, if the template has it.
    fn of(template: &'t Document, arn: &Node) -> Option<Self> {
        let mut names = BTreeSet::new();
        names_in(arn, &mut names);
        let resources = template.root.get("Resources")?;
        let role = resources.members().iter().find(|resource| {
            names.contains(&resource.key)
                && resource.value.get("Type").and_then(Node::as_str) == Some("AWS::IAM::Role")
        })?;
        let properties = role.value.get("Properties");
        let mut found = Self {
            template,
            name: role.key.clone(),
            statements: Vec::new(),
            has_others: false,
        };
        if let Some(policies) = properties.and_then(|properties| properties.get("Policies")) {
            statements(policies, &mut found.statements);
        }
        let mut attached = BTreeSet::new();
        if let Some(arns) = properties.and_then(|properties| properties.get("ManagedPolicyArns")) {
            names_in(arns, &mut attached);
            let known = |name: &String| resources.get(name).is_some();
            found.has_others = !attached.iter().all(known) || attached.is_empty();
        }
        for policy in resources.members() {
            let kind = policy
                .value
                .get("Type")
                .and_then(Node::as_str)
                .unwrap_or_default();
            if !kind.starts_with("AWS::IAM::") || !kind.ends_with("Policy") {
                continue;
            }
            let Some(properties) = policy.value.get("Properties") else {
                continue;
            };
            let mut roles = BTreeSet::new();
            for place in ["Roles", "RoleName"] {
                if let Some(place) = properties.get(place) {
                    names_in(place, &mut roles);
                }
            }
            if attached.contains(&policy.key) || roles.contains(&role.key) {
                statements(properties, &mut found.statements);
            }
        }
        Some(found)
    }

    /// Several roles as one.
    fn joined(roles: Vec<Self>) -> Option<Self> {
        let mut seen = BTreeSet::new();
        roles
            .into_iter()
            .filter(|role| seen.insert(role.name.clone()))
            .reduce(|mut one, other| {
                one.name = format!("{}`, `{}", one.name, other.name);
                one.statements.extend(other.statements);
                one.has_others |= other.has_others;
                one
            })
    }

    fn compare(
        &self,
        wanted: &[Wanted<'_>],
        welcome: &[&str],
        unknown: bool,
        checked: &mut Checked,
    ) {
        let mut told = BTreeSet::new();
        for wanted in wanted {
            if told.insert(wanted.action)
                && let Some(finding) = self.missing(wanted)
            {
                checked.findings.push(finding);
            }
        }
        for statement in &self.statements {
            for (pattern, node) in &statement.allows {
                let is_wanted = wanted.iter().any(|wanted| covers(pattern, wanted.action));
                let is_welcome = welcome
                    .iter()
                    .any(|welcome| covers(welcome, pattern) || covers(pattern, welcome));
                if !is_wanted && !is_welcome && !unknown {
                    let message = format!("nothing calls what `{pattern}` allows");
                    let file = &self.template.file;
                    let finding = file.warning(node.span.clone(), "IAM_UNUSED", message);
                    checked
                        .findings
                        .push(finding.help("leave it out of the policy"));
                }
            }
            self.broad(statement, checked);
        }
        self.twice(checked);
    }

    fn missing(&self, wanted: &Wanted<'_>) -> Option<Finding> {
        let allowing: Vec<_> = self
            .statements
            .iter()
            .filter(|statement| {
                let named = statement.allows.iter();
                statement.allows_others
                    || named
                        .clone()
                        .any(|(pattern, _)| covers(pattern, wanted.action))
            })
            .collect();
        let action = wanted.action;
        let finding = |message: String| {
            let span = wanted.span.clone();
            if self.has_others {
                // A policy of AWS, perhaps, or one that is a parameter.
                let finding = wanted.file.warning(span, "IAM_MISSING", message);
                return finding.help("unless a managed policy outside the template allows it");
            }
            let help = format!("add a statement that allows `{action}`");
            if !wanted.is_certain {
                return wanted.file.warning(span, "IAM_MISSING", message).help(help);
            }
            wanted.file.error(span, "IAM_MISSING", message).help(help)
        };
        if allowing.is_empty() {
            return Some(finding(format!(
                "`{action}` is allowed by no statement of `{}`",
                self.name
            )));
        }
        let mut about = BTreeSet::new();
        for statement in allowing {
            let mut names = BTreeSet::new();
            for resource in &statement.resources {
                names_in(resource, &mut names);
            }
            // A pattern may be about anything.
            if names.is_empty() {
                return None;
            }
            about.extend(names);
        }
        let is_about = wanted.about.is_empty() || !about.is_disjoint(&wanted.about);
        let names = wanted.about.iter().map(|name| format!("`{name}`"));
        (!is_about).then(|| {
            finding(format!(
                "`{action}` is allowed by `{}`, but not on {}",
                self.name,
                names.collect::<Vec<_>>().join(" or ")
            ))
        })
    }

    /// `*` where all that is allowed could name its resource.
    fn broad(&self, statement: &Statement<'t>, checked: &mut Checked) {
        let Some(star) = statement
            .resources
            .iter()
            .find(|resource| resource.as_str() == Some("*"))
        else {
            return;
        };
        let names_one = |action: &str| {
            let (service, name) = action.split_once(':').unwrap_or_default();
            iam::action(service, name).is_some_and(|action| action.has_resources)
        };
        let all = statement.allows.iter().all(|(action, _)| names_one(action));
        let is_bound = statement.node.get("Condition").is_some();
        if statement.allows.is_empty() || !all || is_bound {
            return;
        }
        let message = "all that is allowed here could name what it is about";
        let span = star.span.clone();
        let finding = self.template.file.warning(span, "IAM_BROAD", message);
        checked
            .findings
            .push(finding.help("name the resource, or a pattern of its ARN"));
    }

    /// The same action on the same thing.
    fn twice(&self, checked: &mut Checked) {
        let mut seen = BTreeSet::new();
        for statement in &self.statements {
            let condition = statement.node.get("Condition").map(Node::to_value);
            let resources: Vec<_> = statement
                .resources
                .iter()
                .map(|one| one.to_value())
                .collect();
            let on = format!("{resources:?} {condition:?}");
            for (action, node) in &statement.allows {
                // Roles that are compared as one say the same each.
                if !seen.insert((action.to_ascii_lowercase(), on.clone())) && !self.is_several() {
                    let message = format!("`{action}` is allowed on this more than once");
                    let file = &self.template.file;
                    let finding = file.warning(node.span.clone(), "IAM_TWICE", message);
                    checked
                        .findings
                        .push(finding.help("leave it out of one statement"));
                }
            }
        }
    }

    fn is_several(&self) -> bool {
        self.name.contains("`, `")
    }
}

/// Names of everything of the template that a value refers to; not of AWS's own.
fn names_in(node: &Node, names: &mut BTreeSet<String>) {
    function::walk(node, &mut |name, argument, _| {
        for reference in function::references(name, argument).unwrap_or_default() {
            let (Reference::Name(name) | Reference::Attribute(name, _)) = reference;
            if !name.starts_with("AWS::") {
                names.insert(name);
            }
        }
    });
}
