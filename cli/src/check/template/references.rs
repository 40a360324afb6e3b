//! Names that lead nowhere, and names that nothing leads to.

use std::collections::BTreeSet;

use document::Node;

use super::function::{self, Reference};
use super::{View, names};
use crate::check::{Checked, Finding};
use crate::ui::suggest;

pub(super) fn check(view: &View<'_>, checked: &mut Checked) {
    let mut check = Check {
        view,
        used: BTreeSet::new(),
        found: Vec::new(),
    };
    for section in ["Conditions", "Rules", "Resources", "Outputs"] {
        for member in view.section(section) {
            check.calls(&member.value, section, &member.key);
        }
    }
    check.conditions();
    for resource in view.section("Resources") {
        check.depends_on(&resource.key, &resource.value);
    }
    let Check { used, found, .. } = check;
    checked.findings.extend(found);
    unused(view, &used, checked);
}

struct Check<'v, 't> {
    view: &'v View<'t>,
    /// Sections and names in them.
    used: BTreeSet<(&'static str, String)>,
    found: Vec<Finding>,
}

impl<'t> Check<'_, 't> {
    fn error(&mut self, node: &Node, code: &'static str, message: String, pointer: String) {
        let finding = self
            .view
            .template
            .file
            .error(node.span.clone(), code, message);
        self.found.push(finding.at(pointer));
    }

    fn undefined(&mut self, node: &Node, message: String, near: Option<&str>, pointer: &str) {
        self.error(node, "UNDEFINED_REFERENCE", message, pointer.to_owned());
        if let (Some(near), Some(last)) = (near, self.found.last_mut()) {
            last.help = Some(format!("did you mean `{near}`?"));
        }
    }

    fn calls(&mut self, root: &'t Node, section: &'static str, name: &str) {
        let pointer = format!("/{section}/{name}");
        let mut calls = Vec::new();
        function::walk(root, &mut |name, argument, node| {
            calls.push((name, argument, node))
        });
        for (name, argument, node) in calls {
            let is_known = function::KNOWN.contains(&name)
                || (section == "Rules" && function::OF_RULES.contains(&name))
                || name.starts_with("Fn::ForEach");
            if !is_known {
                let message = format!("there is no function `{name}`");
                self.error(node, "FUNCTION", message, pointer.clone());
                if let (Some(near), Some(last)) =
                    (suggest(name, function::KNOWN), self.found.last_mut())
                {
                    last.help = Some(format!("did you mean `{near}`?"));
                }
                continue;
            }
            if let Some(count) = function::arguments(name)
                && (!count.contains(&argument.items().len()))
                && function::call(argument).is_none()
            {
                let (least, most) = (count.start(), count.end());
                let many = match least == most {
                    true => format!("{least}"),
                    false => format!("{least} to {most}"),
                };
                let message = format!("{name} takes a list of {many} arguments");
                self.error(node, "FUNCTION", message, pointer.clone());
                continue;
            }
            match function::references(name, argument) {
                Ok(references) => {
                    for reference in references {
                        self.reference(reference, node, section, &pointer);
                    }
                }
                Err(fault) => self.error(node, "FUNCTION", fault, pointer.clone()),
            }
            match (name, argument.items().first().and_then(Node::as_str)) {
                ("Fn::If", Some(condition)) => self.condition(condition, node, &pointer),
                ("Fn::FindInMap", Some(map)) => self.mapping(map, argument, node, &pointer),
                _ => {}
            }
        }
        if section == "Conditions" {
            self.conditions_in(root, &pointer);
        }
    }

    fn reference(
        &mut self,
        reference: Reference,
        node: &Node,
        section: &'static str,
        pointer: &str,
    ) {
        match reference {
            Reference::Name(name) => {
                if self.view.has("Parameters", &name) {
                    self.used.insert(("Parameters", name));
                    return;
                }
                let is_resource = self.view.has("Resources", &name);
                let may_name = !matches!(section, "Conditions" | "Rules");
                if names::PSEUDO.contains(&name.as_str())
                    || (is_resource && may_name)
                    || self.view.has_macros
                {
                    return;
                }
                if is_resource {
                    let message = format!("{section} cannot refer to the resource `{name}`");
                    self.undefined(node, message, None, pointer);
                    return;
                }
                let message = format!("there is no parameter and no resource `{name}`");
                let known = self.view.names("Parameters");
                let known = known
                    .chain(self.view.names("Resources"))
                    .chain(names::PSEUDO);
                let near = suggest(&name, known);
                self.undefined(node, message, near, pointer);
            }
            Reference::Attribute(resource, attribute) => {
                let declared = self.view.section("Resources").iter();
                let mut declared = declared.filter(|member| member.key == resource);
                let Some(declared) = declared.next() else {
                    if !self.view.has_macros {
                        let message = format!("there is no resource `{resource}`");
                        let near = suggest(&resource, self.view.names("Resources"));
                        self.undefined(node, message, near, pointer);
                    }
                    return;
                };
                let kind = declared.value.get("Type").and_then(Node::as_str);
                if let (Some(attribute), Some(kind)) = (attribute, kind) {
                    self.attribute(kind, &attribute, node, pointer);
                }
            }
        }
    }

    fn attribute(&mut self, kind: &str, attribute: &str, node: &Node, pointer: &str) {
        let Some(schema) = cfn::Schema::of(kind) else {
            return;
        };
        let known: Vec<String> = schema
            .attributes()
            .map(|path| path.replace('/', "."))
            .collect();
        let goes_on = |long: &str, short: &str| {
            long.strip_prefix(short)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_known = known
            .iter()
            .any(|known| goes_on(known, attribute) || goes_on(attribute, known));
        if is_known || names::has_own_attributes(kind) || known.is_empty() {
            return;
        }
        let message = format!("{kind} has no attribute `{attribute}`");
        self.error(node, "UNKNOWN_ATTRIBUTE", message, pointer.to_owned());
        if let Some(last) = self.found.last_mut() {
            let near = suggest(attribute, known.iter().map(String::as_str));
            last.help = Some(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has {}", known.join(", ")),
            });
        }
    }

    fn condition(&mut self, name: &str, node: &Node, pointer: &str) {
        self.used.insert(("Conditions", name.to_owned()));
        if !self.view.has("Conditions", name) && !self.view.has_macros {
            let message = format!("there is no condition `{name}`");
            let near = suggest(name, self.view.names("Conditions"));
            self.undefined(node, message, near, pointer);
        }
    }

    /// `{"Condition": "Name"}` in conditions.
    fn conditions_in(&mut self, node: &'t Node, pointer: &str) {
        if let ([member], Some(name)) =
            (node.members(), node.get("Condition").and_then(Node::as_str))
        {
            self.condition(name, &member.value, pointer);
        }
        for member in node.members() {
            self.conditions_in(&member.value, pointer);
        }
        for item in node.items() {
            self.conditions_in(item, pointer);
        }
    }

    /// `Condition` of resources and outputs.
    fn conditions(&mut self) {
        for section in ["Resources", "Outputs"] {
            for member in self.view.section(section) {
                let condition = member.value.get("Condition");
                if let Some(condition) = condition
                    && let Some(name) = condition.as_str()
                {
                    let pointer = format!("/{section}/{}/Condition", member.key);
                    self.condition(name, condition, &pointer);
                }
            }
        }
    }

    fn mapping(&mut self, name: &str, argument: &Node, node: &Node, pointer: &str) {
        self.used.insert(("Mappings", name.to_owned()));
        let has_default = argument.items().len() > 3;
        if self.view.has_macros || has_default {
            return;
        }
        if !self.view.has("Mappings", name) {
            let message = format!("there is no mapping `{name}`");
            let near = suggest(name, self.view.names("Mappings"));
            self.undefined(node, message, near, pointer);
            return;
        }
        let mut place = self.view.section("Mappings").iter();
        let Some(mut place) = place.find(|one| one.key == name).map(|one| &one.value) else {
            return;
        };
        for key in argument.items().iter().skip(1) {
            let Some(key) = key.as_str() else { return };
            match place.get(key) {
                Some(below) => place = below,
                None => {
                    let message = format!("the mapping `{name}` has no `{key}`");
                    let known = place.members().iter().map(|member| member.key.as_str());
                    let near = suggest(key, known);
                    return self.undefined(node, message, near, pointer);
                }
            }
        }
    }

    fn depends_on(&mut self, name: &str, resource: &Node) {
        let Some(depends_on) = resource.get("DependsOn") else {
            return;
        };
        let one = std::slice::from_ref(depends_on);
        let all = match depends_on.items() {
            [] => one,
            items => items,
        };
        for item in all {
            let Some(target) = item.as_str() else {
                continue;
            };
            if !self.view.has("Resources", target) && !self.view.has_macros {
                let message = format!("there is no resource `{target}`");
                let near = suggest(target, self.view.names("Resources"));
                self.undefined(item, message, near, &format!("/Resources/{name}/DependsOn"));
            }
        }
    }
}

/// Parameters, conditions and mappings that nothing names.
fn unused(view: &View<'_>, used: &BTreeSet<(&'static str, String)>, checked: &mut Checked) {
    if view.has_macros {
        return;
    }
    let kinds = [
        ("Parameters", "UNUSED_PARAMETER", "parameter"),
        ("Conditions", "UNUSED_CONDITION", "condition"),
        ("Mappings", "UNUSED_MAPPING", "mapping"),
    ];
    for (section, code, what) in kinds {
        // A computed name may be that of any mapping.
        if section == "Mappings" && has_computed_mapping(view) {
            continue;
        }
        for member in view.section(section) {
            if !used.contains(&(section, member.key.clone())) {
                let message = format!("nothing uses the {what} `{}`", member.key);
                let span = member.key_span.clone();
                let finding = view.template.file.warning(span, code, message);
                checked
                    .findings
                    .push(finding.at(format!("/{section}/{}", member.key)));
            }
        }
    }
}

fn has_computed_mapping(view: &View<'_>) -> bool {
    let mut found = false;
    function::walk(&view.template.root, &mut |name, argument, _| {
        let map = argument.items().first();
        found |= name == "Fn::FindInMap" && map.is_none_or(|map| map.as_str().is_none());
    });
    found
}
