//! A template with its parameters: conditions decided, `Fn::If` gone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::resolve::Nothing;
use super::{
    Faults, Output, Parameter, Resolver, Resource, Template, check, conditions, functions, graph,
    references, resolve, rules,
};
use crate::Scope;

/// What the pseudo parameters stand for.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) scope: Scope,
    pub(crate) stack_name: String,
    pub(crate) stack_id: String,
    pub(crate) notification_arns: Vec<String>,
}

impl World {
    /// The value of a pseudo parameter, except `AWS::NoValue`, which has none.
    pub(super) fn pseudo(&self, name: &str) -> Option<Value> {
        let china = self.scope.partition() == "aws-cn";
        Some(match name {
            "AWS::AccountId" => Value::from(self.scope.account.as_str()),
            "AWS::Region" => Value::from(self.scope.region.as_str()),
            "AWS::Partition" => Value::from(self.scope.partition()),
            "AWS::StackName" => Value::from(self.stack_name.as_str()),
            "AWS::StackId" => Value::from(self.stack_id.as_str()),
            "AWS::NotificationARNs" => Value::from(self.notification_arns.clone()),
            "AWS::URLSuffix" if china => Value::from("amazonaws.com.cn"),
            "AWS::URLSuffix" => Value::from("amazonaws.com"),
            _ => return None,
        })
    }

    /// Three zones a region; the own region where none is named.
    pub(super) fn zones(&self, region: &str) -> Value {
        let region = if region.is_empty() {
            &self.scope.region
        } else {
            region
        };
        ["a", "b", "c"]
            .map(|zone| format!("{region}{zone}"))
            .into_iter()
            .collect()
    }
}

/// What a stack consists of.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) world: World,
    /// What `Ref` gives for each parameter.
    pub(crate) parameters: BTreeMap<String, Value>,
    pub(crate) mappings: Map<String, Value>,
    pub(crate) resources: BTreeMap<String, Resource>,
    pub(crate) outputs: BTreeMap<String, Output>,
    /// For every resource those that must be there before it.
    pub(crate) dependencies: BTreeMap<String, BTreeSet<String>>,
}

impl Instance {
    /// Decides conditions, checks rules, and finds what refers to resources that are not there.
    pub(crate) fn new(
        template: &Template,
        parameters: &BTreeMap<String, Parameter>,
        world: World,
    ) -> Result<Self, Faults> {
        let parameters: BTreeMap<String, Value> = parameters
            .iter()
            .filter_map(|(name, parameter)| {
                let declaration = template.parameters.get(name)?;
                Some((name.clone(), parameter.reference(declaration)))
            })
            .collect();
        let resolver = Resolver {
            world: &world,
            parameters: &parameters,
            mappings: &template.mappings,
            lookup: &Nothing,
        };
        let mut faults = Faults::default();
        rules::check(template, &resolver, &mut faults);
        let conditions = match conditions::decide(template, &resolver) {
            Ok(conditions) => conditions,
            Err(more) => {
                more.0.into_iter().for_each(|fault| faults.add(fault));
                return Err(faults);
            }
        };
        let holds = |condition: &Option<String>| {
            let decided = condition.as_ref().and_then(|name| conditions.get(name));
            decided.copied().unwrap_or(true)
        };
        let mut resources = BTreeMap::new();
        for (name, resource) in &template.resources {
            if holds(&resource.condition) {
                let mut kept = resource.clone();
                kept.properties = prune_object(&resource.properties, &conditions);
                kept.metadata = resource
                    .metadata
                    .as_ref()
                    .and_then(|value| prune(value, &conditions));
                resources.insert(name.clone(), kept);
            }
        }
        let mut outputs = BTreeMap::new();
        for (name, output) in &template.outputs {
            if let (true, Some(value)) =
                (holds(&output.condition), prune(&output.value, &conditions))
            {
                let export = output.export.as_ref();
                let export = export.and_then(|export| prune(export, &conditions));
                let mut kept = output.clone();
                (kept.value, kept.export) = (value, export);
                outputs.insert(name.clone(), kept);
            }
        }
        let mut instance = Self {
            world,
            parameters,
            mappings: template.mappings.clone(),
            resources,
            outputs,
            dependencies: BTreeMap::new(),
        };
        instance.check(&mut faults);
        if faults.0.is_empty() {
            instance.evaluate(&mut faults);
        }
        instance.dependencies = graph::dependencies(&instance.resources);
        if let Some(cycle) = graph::cycle(&instance.dependencies) {
            faults.add(format!(
                "Circular dependency between resources: [{}]",
                cycle.join(", ")
            ));
        }
        faults.or(instance)
    }

    /// Resolves with what `lookup` knows.
    pub(crate) fn resolver<'a>(&'a self, lookup: &'a dyn resolve::Lookup) -> Resolver<'a> {
        Resolver {
            world: &self.world,
            parameters: &self.parameters,
            mappings: &self.mappings,
            lookup,
        }
    }

    /// References into a branch that the conditions leave out.
    fn check(&self, faults: &mut Faults) {
        let gone = |value: &Value| -> Vec<String> {
            let names = references(value).into_iter();
            names
                .map(|reference| reference.name().to_owned())
                .filter(|name| {
                    !resolve::is_pseudo(name)
                        && !self.parameters.contains_key(name)
                        && !self.resources.contains_key(name)
                })
                .collect()
        };
        let resources = self.resources.values();
        let unresolved = resources
            .flat_map(|resource| resource.properties.values().flat_map(gone))
            .collect();
        check::block(unresolved, "Resources", faults);
        let unresolved = self.outputs.values().flat_map(|output| {
            let parts = std::iter::once(&output.value).chain(&output.export);
            parts.flat_map(gone)
        });
        check::block(unresolved.collect(), "Outputs", faults);
    }

    /// Faults of what depends on parameters alone, so that nothing is made before they show.
    fn evaluate(&self, faults: &mut Faults) {
        let resolver = self.resolver(&Nothing);
        for resource in self.resources.values() {
            for value in resource.properties.values().chain(&resource.metadata) {
                self.known_in(&resolver, value, faults);
            }
        }
        for (name, output) in &self.outputs {
            for value in std::iter::once(&output.value).chain(&output.export) {
                self.known_in(&resolver, value, faults);
            }
            if self.is_known(&output.value)
                && let Ok(Some(Value::Array(_) | Value::Object(_))) = resolver.value(&output.value)
            {
                faults.add(resolve::not_text(name));
            }
        }
    }

    /// Resolves the outermost calls that need no resource.
    fn known_in(&self, resolver: &Resolver<'_>, value: &Value, faults: &mut Faults) {
        if functions::call(value).is_some() && self.is_known(value) {
            if let Err(fault) = resolver.value(value) {
                faults.add(fault);
            }
            return;
        }
        match value {
            Value::Array(list) => list
                .iter()
                .for_each(|one| self.known_in(resolver, one, faults)),
            Value::Object(map) => map
                .values()
                .for_each(|one| self.known_in(resolver, one, faults)),
            _ => {}
        }
    }

    /// Whether a value refers to no resource and no other stack.
    fn is_known(&self, value: &Value) -> bool {
        let mut imports = false;
        functions::walk(value, &mut |name, _| imports |= name == "Fn::ImportValue");
        !imports
            && references(value)
                .iter()
                .all(|reference| !self.resources.contains_key(reference.name()))
    }
}

fn prune_object(
    map: &Map<String, Value>,
    conditions: &BTreeMap<String, bool>,
) -> Map<String, Value> {
    let entries = map.iter();
    entries
        .filter_map(|(key, value)| Some((key.clone(), prune(value, conditions)?)))
        .collect()
}

/// Takes the branch of each `Fn::If` that holds; `None` where that is `AWS::NoValue`.
fn prune(value: &Value, conditions: &BTreeMap<String, bool>) -> Option<Value> {
    match functions::call(value) {
        Some(("Ref", Value::String(name))) if name == "AWS::NoValue" => return None,
        Some(("Fn::If", Value::Array(parts))) => {
            if let [Value::String(condition), yes, no] = parts.as_slice() {
                let holds = conditions.get(condition).copied().unwrap_or_default();
                return prune(if holds { yes } else { no }, conditions);
            }
        }
        _ => {}
    }
    Some(match value {
        Value::Array(list) => list
            .iter()
            .filter_map(|value| prune(value, conditions))
            .collect(),
        Value::Object(map) => Value::Object(prune_object(map, conditions)),
        scalar => scalar.clone(),
    })
}
