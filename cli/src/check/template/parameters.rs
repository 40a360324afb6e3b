//! Declarations of parameters: types, constraints, and defaults that break them.

use document::{Member, Node};
use regex::Regex;

use super::View;
use crate::check::Checked;
use crate::ui::suggest;

const MEMBERS: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

pub(super) fn check(view: &View<'_>, checked: &mut Checked) {
    for parameter in view.section("Parameters") {
        let declared = Declared {
            view,
            parameter,
            text: &view.template.file.text,
        };
        for (place, message) in declared.faults() {
            let span = place.map_or(parameter.key_span.clone(), |node| node.span.clone());
            let finding = view
                .template
                .file
                .error(span, "TEMPLATE_PARAMETER", message);
            checked
                .findings
                .push(finding.at(format!("/Parameters/{}", parameter.key)));
        }
    }
}

struct Declared<'v, 't> {
    view: &'v View<'t>,
    parameter: &'t Member,
    text: &'t str,
}

type Faults<'t> = Vec<(Option<&'t Node>, String)>;

impl<'t> Declared<'_, 't> {
    fn get(&self, name: &str) -> Option<(&'t Node, &'t str)> {
        let node = self.parameter.value.get(name)?;
        Some((node, node.scalar(self.text)?))
    }

    fn faults(&self) -> Faults<'t> {
        let mut faults: Faults<'t> = Vec::new();
        for member in self.parameter.value.members() {
            let name = member.key.as_str();
            if !MEMBERS.contains(&name) {
                let near = suggest(name, MEMBERS);
                let near = near.map_or_else(String::new, |near| format!("; `{near}`, perhaps"));
                faults.push((
                    Some(&member.value),
                    format!("parameters have no `{name}`{near}"),
                ));
            }
        }
        let Some((place, kind)) = self.get("Type") else {
            let message = format!("the parameter `{}` has no Type", self.parameter.key);
            faults.push((None, message));
            return faults;
        };
        if !is_known(kind) && !self.view.has_macros {
            faults.push((Some(place), format!("there is no parameter type `{kind}`")));
            return faults;
        }
        let is_number = matches!(kind, "Number" | "List<Number>");
        for (least, most, fits) in [
            ("MinLength", "MaxLength", kind == "String"),
            ("MinValue", "MaxValue", is_number),
        ] {
            let bounds = [least, most].map(|name| self.number(name, kind, fits, &mut faults));
            if let [Some(min), Some(max)] = bounds
                && min > max
            {
                let place = self.get(least).map(|(node, _)| node);
                faults.push((place, format!("{least} is greater than {most}")));
            }
        }
        let pattern = self.get("AllowedPattern");
        if pattern.is_some() && is_number {
            let place = pattern.map(|(node, _)| node);
            faults.push((place, format!("AllowedPattern has no meaning for a {kind}")));
        }
        self.default(kind, is_number, &mut faults);
        faults
    }

    fn number(&self, name: &str, kind: &str, fits: bool, faults: &mut Faults<'t>) -> Option<f64> {
        let (node, text) = self.get(name)?;
        if !fits {
            faults.push((Some(node), format!("{name} has no meaning for a {kind}")));
            return None;
        }
        let number = text.trim().parse().ok();
        if number.is_none() {
            faults.push((Some(node), format!("{name} is a number")));
        }
        number
    }

    fn default(&self, kind: &str, is_number: bool, faults: &mut Faults<'t>) {
        let Some((place, default)) = self.get("Default") else {
            return;
        };
        let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
        let elements: Vec<&str> = match is_list {
            true => default.split(',').map(str::trim).collect(),
            false => vec![default],
        };
        let mut wrong = |what: String| faults.push((Some(place), what));
        let allowed = self.parameter.value.get("AllowedValues");
        let bound = |name: &str| {
            self.get(name)
                .and_then(|(_, text)| text.trim().parse::<f64>().ok())
        };
        // The whole value must match, and AWS's patterns may be such as this crate does not know.
        let pattern = self.get("AllowedPattern");
        let pattern = pattern.and_then(|(_, text)| Regex::new(&format!("^(?:{text})$")).ok());
        for element in elements {
            if let Some(allowed) = allowed
                && !allowed.items().iter().any(|one| self.is_same(one, element))
            {
                wrong(format!(
                    "the default `{element}` is not among AllowedValues"
                ));
            }
            if is_number {
                let Ok(number) = element.trim().parse::<f64>() else {
                    wrong(format!("the default `{element}` is no number"));
                    continue;
                };
                let low = bound("MinValue").is_some_and(|least| number < least);
                let high = bound("MaxValue").is_some_and(|most| number > most);
                if low || high {
                    wrong(format!(
                        "the default `{element}` is outside MinValue and MaxValue"
                    ));
                }
            } else if pattern
                .as_ref()
                .is_some_and(|pattern| !pattern.is_match(element))
            {
                wrong(format!(
                    "the default `{element}` does not match AllowedPattern"
                ));
            }
        }
        if kind == "String" {
            let length = default.chars().count() as f64;
            let short = bound("MinLength").is_some_and(|least| length < least);
            let long = bound("MaxLength").is_some_and(|most| length > most);
            if short || long {
                wrong(format!(
                    "the default `{default}` is outside MinLength and MaxLength"
                ));
            }
        }
    }

    /// Numbers are the same however they are written.
    fn is_same(&self, allowed: &Node, element: &str) -> bool {
        let Some(allowed) = allowed.scalar(self.text) else {
            return true;
        };
        allowed == element
            || matches!((allowed.parse::<f64>(), element.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
    }
}

/// Types as CloudFormation has them; those of AWS's resources are not looked up one by one.
fn is_known(kind: &str) -> bool {
    let inside = |before: &str| kind.strip_prefix(before)?.strip_suffix('>');
    if let Some(inner) = inside("AWS::SSM::Parameter::Value<").or_else(|| inside("List<")) {
        return matches!(inner, "String" | "Number" | "CommaDelimitedList") || is_known(inner);
    }
    matches!(kind, "String" | "Number" | "CommaDelimitedList")
        || (kind.starts_with("AWS::")
            && !kind.contains(['<', '>'])
            && kind.matches("::").count() >= 2)
}
