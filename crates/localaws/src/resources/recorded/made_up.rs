//! Ids and attributes of a resource that no service made, in a plausible form.

use serde_json::{Map, Value, json};

use crate::Ids;

use super::super::{Context, Schema, Shape};
use super::{identifier, ids};

/// What was made up for a resource.
pub(super) struct MadeUp {
    /// What `Ref` gives.
    pub(super) physical_id: String,
    /// The primary identifier, joined with `|`.
    pub(super) identifier: String,
    /// Properties that were not declared, by path.
    pub(super) values: Value,
}

/// Makes up what the service would have set. `number` is what versions and the like are counted
/// with.
pub(super) fn resource(
    cx: &Context,
    schema: &Schema,
    properties: &Map<String, Value>,
    ids: &Ids,
    number: u64,
) -> MadeUp {
    let mut maker = Maker {
        cx,
        schema,
        ids,
        name: String::new(),
        number,
    };
    maker.name = maker.own_name(properties);
    let declared = Value::Object(properties.clone());
    let mut values = json!({});
    // The parts of the identifier first, so that ARNs are made of them.
    for name in schema.primary_identifier() {
        if at(&declared, name).is_some() {
            continue;
        }
        let told = identifier::told(cx, schema, name, properties);
        let value = match told.map(Value::String) {
            Some(told) => told,
            None if schema.read_only().contains(name) => maker.value(name),
            None => json!(maker.name),
        };
        set(&mut values, name, value);
    }
    for path in schema.read_only() {
        let is_declared = !path.contains('/') && properties.contains_key(path);
        if !is_declared && at(&values, path).is_none() {
            let value = maker.value(path);
            set(&mut values, path, value);
        }
    }
    let part = |name: &str| {
        let value = at(&declared, name).or_else(|| at(&values, name));
        value.map(text).unwrap_or_default()
    };
    let parts: Vec<String> = schema
        .primary_identifier()
        .iter()
        .map(|one| part(one))
        .collect();
    let identifier = match parts.is_empty() {
        true => maker.name.clone(),
        false => parts.join("|"),
    };
    let own = ids::reference(schema);
    // An id that follows from other properties is no name of the resource.
    let own = own.filter(|name| identifier::told(cx, schema, name, properties).is_none());
    let physical_id = match own {
        Some(name) => part(name),
        None => identifier.clone(),
    };
    MadeUp {
        physical_id,
        identifier,
        values,
    }
}

/// The value at a path of names with slashes between.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.pointer(&format!("/{path}"))
}

struct Maker<'a> {
    cx: &'a Context,
    schema: &'a Schema,
    ids: &'a Ids,
    /// The resource's name or id, of which ARNs and addresses are made.
    name: String,
    number: u64,
}

impl Maker<'_> {
    /// The declared name where there is one, else the id of the type's kind, else a generated name.
    fn own_name(&self, properties: &Map<String, Value>) -> String {
        let identifier = self.schema.primary_identifier();
        // A name that only says where the resource belongs is not its own.
        let open = identifier
            .iter()
            .any(|name| !properties.contains_key(name) && !self.schema.read_only().contains(name));
        let declared = identifier
            .iter()
            .filter(|name| !open && !name.ends_with("Arn"));
        if let [only] = identifier
            && let Some(Value::String(name)) = properties.get(only)
        {
            return name.clone();
        }
        for name in declared.map(String::as_str).chain(["Name"]) {
            let own = name.ends_with("Name") || name.ends_with("Identifier");
            if let (true, Some(Value::String(name))) = (own, properties.get(name)) {
                return name.clone();
            }
        }
        if let Some(prefix) = ids::prefix(&self.cx.type_name) {
            return self.prefixed(prefix);
        }
        let short = self.cx.type_name.rsplit("::").next().unwrap_or_default();
        if let Some(Value::String(name)) = properties.get(&format!("{short}Name")) {
            return name.clone();
        }
        let name = self.cx.generated_name(self.ids, 63);
        if ids::is_lowercase(&self.cx.type_name) {
            name.to_lowercase()
        } else {
            name
        }
    }

    fn value(&self, path: &str) -> Value {
        match self.shape(path) {
            Some(shape) => self.of_shape(path, shape, 0),
            None => Value::Null,
        }
    }

    fn shape(&self, path: &str) -> Option<&Shape> {
        let mut steps = path.split('/');
        let mut shape = self.schema.property(steps.next()?)?;
        for step in steps {
            shape = match self.schema.resolve(shape) {
                Shape::Structure(structure) => structure.members.get(step)?,
                Shape::Map(value) => value,
                _ => return None,
            };
        }
        Some(self.schema.resolve(shape))
    }

    fn of_shape(&self, path: &str, shape: &Shape, depth: usize) -> Value {
        let name = path.rsplit('/').next().unwrap_or(path);
        match self.schema.resolve(shape) {
            Shape::Text | Shape::Any | Shape::Definition(_) => json!(self.text(name)),
            Shape::Choice(choices) => {
                let good = [
                    "ACTIVE",
                    "Active",
                    "active",
                    "AVAILABLE",
                    "available",
                    "READY",
                    "SUCCEEDED",
                ];
                let found = good
                    .into_iter()
                    .find(|one| choices.iter().any(|choice| choice == one));
                json!(found.or(choices.first().map(String::as_str)))
            }
            Shape::Integer | Shape::Number if name.ends_with("Port") => json!(443),
            Shape::Integer | Shape::Number => json!(self.number),
            Shape::Boolean => json!(false),
            Shape::List(item) => match self.schema.resolve(item) {
                Shape::Text => json!(self.texts(name)),
                _ => json!([]),
            },
            Shape::Structure(structure) if depth < 2 => {
                let members = structure.members.iter();
                let members = members.filter(|(name, _)| structure.required.contains(name));
                let members = members
                    .map(|(name, shape)| (name.clone(), self.of_shape(name, shape, depth + 1)));
                Value::Object(members.collect())
            }
            Shape::Document | Shape::Object | Shape::Map(_) | Shape::Structure(_) => json!({}),
            Shape::Union(shapes) => match shapes.first() {
                Some(first) if depth < 2 => self.of_shape(path, first, depth + 1),
                _ => json!({}),
            },
        }
    }

    fn text(&self, name: &str) -> String {
        let cx = self.cx;
        let service = ids::service(&cx.type_name);
        let kind = ids::kind(&cx.type_name);
        let region = &cx.scope.region;
        let own = self.name.to_lowercase();
        if cx.type_name == "AWS::SecretsManager::Secret" && name == "Id" {
            let random = self.ids.upper(6);
            let resource = format!("secret:{}-{random}", self.name);
            return cx.scope.arn("secretsmanager", &resource);
        }
        if name == "Id" && ids::prefix(&cx.type_name).is_some() {
            return self.name.clone();
        }
        if self.schema.primary_identifier() == [name] && !name.ends_with("Arn") {
            return self.name.clone();
        }
        if let Some(prefix) = ids::attribute_prefix(name) {
            return self.prefixed(prefix);
        }
        if name.ends_with("Arn") || name.ends_with("ARN") {
            return cx.scope.arn(&service, &format!("{kind}/{}", self.name));
        }
        if name.ends_with("HostedZoneId") || name.ends_with("HostedZoneID") {
            return format!("Z{}", self.ids.upper(20));
        }
        if name == "PublicIp" {
            return format!("203.0.113.{}", self.ids.u64() % 254 + 1);
        }
        if name.ends_with("IpAddress") || name == "PrivateIp" {
            return format!("10.0.0.{}", self.ids.u64() % 250 + 4);
        }
        if name == "AvailabilityZone" {
            return format!("{region}a");
        }
        if name.ends_with("Url") || name.ends_with("URL") || name.ends_with("Uri") {
            return format!("https://{own}.{service}.{region}.amazonaws.com");
        }
        if name.ends_with("Port") {
            return "443".to_owned();
        }
        let lower = name.to_lowercase();
        if ["endpoint", "address", "dnsname", "domainname", "hostname"]
            .iter()
            .any(|end| lower.ends_with(end))
        {
            return format!(
                "{own}.{}.{region}.{service}.amazonaws.com",
                self.ids.hex(12)
            );
        }
        if ["createdat", "updatedat", "time", "date", "timestamp"]
            .iter()
            .any(|end| lower.ends_with(end))
        {
            // Made up for ever: a resource that shows another time at each look would drift.
            return "2026-01-01T00:00:00Z".to_owned();
        }
        if lower.ends_with("status") || lower.ends_with("state") {
            return "ACTIVE".to_owned();
        }
        if lower.ends_with("version") || lower.ends_with("versionnumber") {
            return self.number.to_string();
        }
        if lower.ends_with("owner") || lower.ends_with("ownerid") || lower.ends_with("accountid") {
            return cx.scope.account.clone();
        }
        if lower.ends_with("name") {
            return self.name.clone();
        }
        if lower.ends_with("id") {
            return self.ids.hex(10);
        }
        self.name.clone()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        match name {
            "NameServers" => (0..4)
                .map(|n| format!("ns-{}.awsdns-{:02}.org", self.ids.u64() % 2048, n * 16))
                .collect(),
            "Ipv6CidrBlocks" => vec![format!(
                "2600:1f18:{}:{}00::/56",
                self.ids.hex(4),
                self.ids.hex(2)
            )],
            _ => Vec::new(),
        }
    }

    fn prefixed(&self, prefix: &str) -> String {
        format!("{prefix}0{}", self.ids.hex(16))
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Sets a value at a path, making the objects on the way.
fn set(target: &mut Value, path: &str, value: Value) {
    let Value::Object(members) = target else {
        return;
    };
    match path.split_once('/') {
        // Below a list there is nothing to set: lists are made up whole.
        Some((_, rest)) if rest.split('/').any(|step| step == "*") => {}
        Some((first, rest)) => {
            let inner = members
                .entry(first)
                .or_insert_with(|| Value::Object(Map::new()));
            set(inner, rest, value);
        }
        None if value.is_null() => {}
        None => {
            members.insert(path.to_owned(), value);
        }
    }
}

/// Puts in what is missing.
pub(super) fn merge(target: &mut Value, more: &Value) {
    let (Value::Object(target), Value::Object(more)) = (target, more) else {
        return;
    };
    for (name, value) in more {
        match target.get_mut(name) {
            Some(inner) => merge(inner, value),
            None => {
                target.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Takes out the value at a path; `*` stands for all items of a list.
pub(super) fn remove(members: &mut Map<String, Value>, path: &str) {
    match path.split_once('/') {
        None => {
            members.remove(path);
        }
        Some((first, rest)) => match members.get_mut(first) {
            Some(Value::Object(inner)) => remove(inner, rest),
            Some(Value::Array(items)) => {
                let rest = rest.strip_prefix("*/").unwrap_or(rest);
                for item in items.iter_mut().filter_map(Value::as_object_mut) {
                    remove(item, rest);
                }
            }
            _ => {}
        },
    }
}
