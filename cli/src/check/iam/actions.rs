//! Actions in policies that do not exist.

use cfn::iam;

use super::policy::{covers, statements};
use crate::check::Checked;
use crate::check::source::Document;
use crate::ui::suggest;

/// Tells every action of a template's policies that IAM does not know.
pub(in crate::check) fn check(template: &Document, checked: &mut Checked) {
    let Some(resources) = template.root.get("Resources") else {
        return;
    };
    for resource in resources.members() {
        let mut found = Vec::new();
        statements(&resource.value, &mut found);
        for (action, node) in found.iter().flat_map(|statement| &statement.names) {
            let Some((message, near)) = fault(action) else {
                continue;
            };
            let finding = template
                .file
                .error(node.span.clone(), "IAM_UNKNOWN_ACTION", message);
            let finding = finding.at(format!("/Resources/{}", resource.key));
            checked.findings.push(match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            });
        }
    }
}

/// What is wrong with an action, and what is meant, perhaps.
fn fault(action: &str) -> Option<(String, Option<String>)> {
    if action == "*" {
        return None;
    }
    let Some((service, name)) = action.split_once(':') else {
        return Some((format!("`{action}` is no action: it has no service"), None));
    };
    if service.contains(['*', '?']) {
        return None;
    }
    let Some(actions) = iam::actions(service) else {
        let near = suggest(service, iam::services());
        let near = near.map(|near| format!("{near}:{name}"));
        return Some((format!("IAM knows no service `{service}`"), near));
    };
    let is_known = match name.contains(['*', '?']) {
        true => actions.iter().any(|known| covers(name, &known.name)),
        false => iam::action(service, name).is_some(),
    };
    if is_known {
        return None;
    }
    let known = actions.iter().map(|action| action.name.as_str());
    let near = suggest(&name.to_ascii_lowercase(), known);
    let near = near.map(|near| format!("{service}:{near}"));
    Some((format!("IAM knows no action `{action}`"), near))
}
