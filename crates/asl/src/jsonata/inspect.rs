//! What an expression names: variables, parts of `$states`, functions, and what AWS's JSONata
//! does not offer. Walks the tree; evaluates nothing.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

/// The findings of one expression.
#[derive(Debug, Default)]
pub(crate) struct Inspection {
    /// Names after `$` that the expression does not bind itself, without those of functions that
    /// it calls.
    pub(crate) variables: BTreeSet<String>,
    /// Functions that it calls and does not define.
    pub(crate) functions: BTreeSet<String>,
    /// Names that are read from the context item, of which there is none.
    pub(crate) unqualified: BTreeSet<String>,
    /// Members of `$states` that it reads.
    pub(crate) states: BTreeSet<String>,
    /// Operators of later versions of JSONata.
    pub(crate) newer: BTreeSet<&'static str>,
}

impl Inspection {
    pub(super) fn of(ast: &AstNode) -> Self {
        let mut walk = Walk::default();
        walk.node(ast, false);
        walk.found
    }
}

#[derive(Default)]
struct Walk {
    found: Inspection,
    /// Names that are bound where the walk stands.
    bound: Vec<String>,
}

impl Walk {
    /// `context`: whether there is something that a bare name could be read from.
    fn node(&mut self, node: &AstNode, context: bool) {
        match node {
            AstNode::Variable(name) => self.variable(name, context),
            AstNode::ParentVariable(_) => self.unqualified("$$"),
            AstNode::Name(name) if !context => self.unqualified(name),
            AstNode::Wildcard if !context => self.unqualified("*"),
            AstNode::Descendant if !context => self.unqualified("**"),
            AstNode::Path { steps } => self.path(steps, context),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs, context),
            AstNode::Unary { operand, .. } => self.node(operand, context),
            AstNode::Function { name, args, .. } => {
                if !self.bound.contains(name) {
                    self.found.functions.insert(name.clone());
                }
                self.all(args, context);
            }
            AstNode::Call { procedure, args } => {
                self.node(procedure, context);
                self.all(args, context);
            }
            AstNode::Lambda { params, body, .. } => {
                let outside = self.bound.len();
                self.bound.extend(params.iter().cloned());
                self.node(body, context);
                self.bound.truncate(outside);
            }
            AstNode::Block(items) => {
                let outside = self.bound.len();
                self.all(items, context);
                self.bound.truncate(outside);
            }
            AstNode::Array(items) | AstNode::ArrayGroup(items) => self.all(items, context),
            AstNode::Object(pairs) => self.pairs(pairs, context),
            AstNode::ObjectTransform { input, pattern } => {
                self.node(input, context);
                self.pairs(pattern, true);
            }
            AstNode::Conditional {
                condition,
                then_branch,
                else_branch,
            } => {
                self.node(condition, context);
                self.node(then_branch, context);
                if let Some(other) = else_branch {
                    self.node(other, context);
                }
            }
            AstNode::FunctionApplication(inner) => self.node(inner, true),
            AstNode::Sort { input, terms } => {
                self.node(input, context);
                for (term, _) in terms {
                    self.node(term, true);
                }
            }
            AstNode::Transform {
                location,
                update,
                delete,
            } => {
                self.node(location, true);
                self.node(update, true);
                if let Some(delete) = delete {
                    self.node(delete, true);
                }
            }
            _ => {}
        }
    }

    fn all(&mut self, nodes: &[AstNode], context: bool) {
        for node in nodes {
            self.node(node, context);
        }
    }

    fn pairs(&mut self, pairs: &[(AstNode, AstNode)], context: bool) {
        for (key, value) in pairs {
            self.node(key, context);
            self.node(value, context);
        }
    }

    fn variable(&mut self, name: &str, context: bool) {
        match name {
            "" if !context => self.unqualified("$"),
            "" => {}
            _ if self.bound.iter().any(|bound| bound == name) => {}
            _ => {
                self.found.variables.insert(name.to_owned());
            }
        }
    }

    fn unqualified(&mut self, name: &str) {
        self.found.unqualified.insert(name.to_owned());
    }

    fn path(&mut self, steps: &[PathStep], context: bool) {
        if let [first, second, ..] = steps
            && matches!(&first.node, AstNode::Variable(name) if name == "states")
            && let AstNode::Name(member) | AstNode::String(member) = &second.node
        {
            self.found.states.insert(member.clone());
        }
        let mut inside = context;
        for step in steps {
            self.node(&step.node, inside);
            inside = true;
            let named = step.focus.iter().chain(&step.index_var);
            self.bound.extend(named.cloned());
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.node(filter, true),
                    Stage::Index(name) => self.bound.push(name.clone()),
                    Stage::KeepArray => {}
                }
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: &AstNode, rhs: &AstNode, context: bool) {
        match (op, lhs) {
            (BinaryOp::ColonEqual, AstNode::Variable(name)) => {
                // Bound before its value: a function may call itself.
                self.bound.push(name.clone());
                self.node(rhs, context);
                return;
            }
            (BinaryOp::Coalesce, _) => {
                self.found.newer.insert("??");
            }
            (BinaryOp::Default, _) => {
                self.found.newer.insert("?:");
            }
            _ => {}
        }
        self.node(lhs, context);
        self.node(rhs, context);
    }
}

/// Whether `$name` is a function of JSONata 2.0.6 or of Step Functions.
pub(crate) fn is_function(name: &str) -> bool {
    FUNCTIONS.binary_search(&name).is_ok()
}

/// In alphabetical order.
const FUNCTIONS: [&str; 70] = [
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "eval",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

#[cfg(test)]
mod tests {
    use super::Inspection;

    fn inspect(source: &str) -> Inspection {
        Inspection::of(&jsonata_core::parser::parse(source).unwrap_or(super::AstNode::Null))
    }

    fn list<'a>(names: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a)>) -> String {
        let names: Vec<&str> = names.into_iter().map(AsRef::as_ref).collect();
        names.join(" ")
    }

    #[test]
    fn free_variables() {
        for (source, expected) in [
            ("$a + $b.c[$d = 1]", "a b d"),
            ("( $a := 1; $a + $b )", "b"),
            ("$map($xs, function($x, $i) { $x + $i + $y })", "xs y"),
            (
                "( $f := function($n) { $n = 0 ? 0 : $f($n - 1) }; $f(3) )",
                "",
            ),
            ("$states.input.list@$l#$i.{ 'n': $l, 'at': $i }", "states"),
            ("$sum($numbers)", "numbers"),
            ("'$notOne' & $one", "one"),
        ] {
            assert_eq!(list(&inspect(source).variables), expected, "{source}");
        }
    }

    #[test]
    fn names_without_a_context() {
        for (source, expected) in [
            ("phone", "phone"),
            ("phone.number & $states.input.name", "phone"),
            ("$states.input.orders[price > 3].name", ""),
            ("$states.input.orders.{ 'n': name }", ""),
            ("$states.input.orders{ name: price }", ""),
            ("$states.input.orders^(price)", ""),
            ("$map($xs, function($x) { $x.name })", ""),
            ("{ 'a': b }", "b"),
            ("$", "$"),
            ("$$.a", "$$"),
            ("[1, 2][$ > 1]", ""),
        ] {
            assert_eq!(list(&inspect(source).unqualified), expected, "{source}");
        }
    }

    #[test]
    fn later_operators_and_members_of_states() {
        assert_eq!(list(&inspect("$a ?? $b").newer), "??");
        assert_eq!(list(&inspect("$a ?: $b").newer), "?:");
        let found = inspect("$states.result.x & $states.context.Task.Token");
        assert_eq!(list(&found.states), "context result");
    }
}
