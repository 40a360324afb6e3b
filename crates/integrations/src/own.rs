//! Parameters that are Step Functions' own: those of integrations that call no API of AWS's
//! models, or one in words of their own.
//!
//! "Call API Gateway REST APIs", "Call HTTPS APIs", "Create and manage Amazon EKS clusters" and
//! "Invoke and customize Amazon Bedrock models" in the developer guide. The sentence for `Headers` of API Gateway is recorded; the others follow
//! what AWS says of parameters of its APIs.

use awsapi::states::Fault;
use serde_json::Value;

use crate::is_computed;

/// What an integration takes.
pub(crate) struct Own {
    service: &'static str,
    action: &'static str,
    fields: &'static [Field],
}

struct Field {
    name: &'static str,
    required: bool,
    kind: Kind,
}

enum Kind {
    Text,
    Flag,
    Any,
    Object,
    /// An object of lists of texts.
    Lists,
    OneOf(&'static [&'static str]),
    /// The names of some headers are the service's own.
    Headers,
    /// Either of two objects with a `ConnectionArn`.
    Connection,
    Transform,
    /// An object with an `S3Uri`.
    Place,
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        required: true,
        kind,
    }
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        required: false,
        kind,
    }
}

const METHODS: Kind = Kind::OneOf(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

#[rustfmt::skip] // a table
static ALL: &[Own] = &[
    Own { service: "apigateway", action: "invoke", fields: &[
        required("ApiEndpoint", Kind::Text),
        required("Method", METHODS),
        optional("Headers", Kind::Lists),
        optional("Stage", Kind::Text),
        optional("Path", Kind::Text),
        optional("QueryParameters", Kind::Lists),
        optional("RequestBody", Kind::Any),
        optional("AllowNullValues", Kind::Flag),
        optional("AuthType", Kind::OneOf(&["NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"])),
    ]},
    Own { service: "bedrock", action: "invokeModel", fields: &[
        required("ModelId", Kind::Text),
        optional("Body", Kind::Any),
        optional("Accept", Kind::Text),
        optional("ContentType", Kind::Text),
        optional("Input", Kind::Place),
        optional("Output", Kind::Place),
        optional("GuardrailIdentifier", Kind::Text),
        optional("GuardrailVersion", Kind::Text),
        optional("PerformanceConfigLatency", Kind::Text),
        optional("ServiceTier", Kind::Text),
        optional("Trace", Kind::Text),
    ]},
    Own { service: "eks", action: "call", fields: &[
        required("ClusterName", Kind::Text),
        required("CertificateAuthority", Kind::Text),
        required("Endpoint", Kind::Text),
        required("Method", METHODS),
        required("Path", Kind::Text),
        optional("QueryParameters", Kind::Lists),
        optional("RequestBody", Kind::Any),
    ]},
    Own { service: "eks", action: "runJob", fields: &[
        required("ClusterName", Kind::Text),
        required("CertificateAuthority", Kind::Text),
        required("Endpoint", Kind::Text),
        optional("Namespace", Kind::Text),
        optional("LogOptions", Kind::Object),
        required("Job", Kind::Object),
    ]},
    Own { service: "http", action: "invoke", fields: &[
        required("ApiEndpoint", Kind::Text),
        required("Method", METHODS),
        optional("Authentication", Kind::Connection),
        optional("InvocationConfig", Kind::Connection),
        optional("Headers", Kind::Headers),
        optional("QueryParameters", Kind::Object),
        optional("RequestBody", Kind::Any),
        optional("Transform", Kind::Transform),
    ]},
];

/// Headers that a state must not set. Nor those that begin with `X-Amz`.
const RESERVED: [&str; 17] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-md5",
    "date",
    "expect",
    "host",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "www-authenticate",
];

/// The integration, if its parameters are Step Functions' own.
pub(crate) fn of(service: &str, action: &str) -> Option<&'static Own> {
    ALL.iter()
        .find(|own| own.service == service && own.action == action)
}

impl Own {
    /// All that is wrong with the parameters.
    pub(crate) fn check(&self, parameters: &Value) -> Vec<Fault> {
        let Value::Object(members) = parameters else {
            return match is_computed(parameters) {
                true => Vec::new(),
                false => vec![fault("", "The value for the field '' must be an OBJECT")],
            };
        };
        let mut faults = Vec::new();
        for (name, value) in members {
            match self.fields.iter().find(|field| field.name == name) {
                Some(field) => field.check(value, &mut faults),
                None => faults.push(fault(
                    name,
                    format!("The field \"{name}\" is not supported by Step Functions"),
                )),
            }
        }
        let needed = self.fields.iter().filter(|field| field.required);
        let mut missing: Vec<&str> = needed.map(|field| field.name).collect();
        missing.retain(|name| members.get(*name).is_none_or(Value::is_null));
        if self.service == "http" && !has_connection(parameters) {
            missing.push("ConnectionArn");
        }
        let given = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
        if self.service == "bedrock" && given("Body") == given("Input") {
            let message = "Exactly one of the fields 'Body' and 'Input' is required";
            faults.push(fault("", message));
        }
        for name in missing {
            let message = format!("The field '{name}' is required but was missing");
            faults.push(fault("", message));
        }
        faults
    }
}

fn has_connection(parameters: &Value) -> bool {
    ["Authentication", "InvocationConfig"].iter().any(|holder| {
        parameters.get(holder).is_some_and(|holder| {
            is_computed(holder) || holder.get("ConnectionArn").is_some_and(Value::is_string)
        })
    })
}

impl Field {
    fn check(&self, value: &Value, faults: &mut Vec<Fault>) {
        if value.is_null() || is_computed(value) {
            return;
        }
        let name = self.name;
        let mut wrong = |wanted: &str| {
            let message = format!("The value for the field '{name}' must be {wanted}");
            faults.push(fault(name, message));
        };
        match &self.kind {
            Kind::Any => {}
            Kind::Text if !value.is_string() => wrong("a STRING"),
            Kind::Flag if !value.is_boolean() => wrong("a BOOLEAN"),
            Kind::Object | Kind::Headers | Kind::Connection | Kind::Transform | Kind::Place
                if !value.is_object() =>
            {
                wrong("an OBJECT");
            }
            Kind::Lists if !is_lists(value) => faults.push(fault(
                name,
                format!("The value of the field '{name}' has an invalid format"),
            )),
            Kind::OneOf(values) if !value.as_str().is_some_and(|text| values.contains(&text)) => {
                let given = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                let message = format!("The value of the field '{name}' is not valid: {given}");
                faults.push(fault(name, message));
            }
            Kind::Headers => reserved(value, faults),
            Kind::Transform => transform(value, faults),
            Kind::Place if value.get("S3Uri").is_none() => {
                faults.push(fault(name, "The field 'S3Uri' is required but was missing"))
            }
            Kind::Text
            | Kind::Flag
            | Kind::Object
            | Kind::Lists
            | Kind::OneOf(_)
            | Kind::Connection
            | Kind::Place => {}
        }
    }
}

fn is_lists(value: &Value) -> bool {
    let Value::Object(members) = value else {
        return false;
    };
    members.values().all(|items| match items {
        Value::Array(_) => true,
        other => is_computed(other),
    })
}

fn reserved(headers: &Value, faults: &mut Vec<Fault>) {
    for (name, _) in headers.as_object().into_iter().flatten() {
        let lower = name.to_ascii_lowercase();
        if RESERVED.contains(&lower.as_str()) || lower.starts_with("x-amz") {
            let message = format!("The header '{name}' is not allowed in an HTTP Task");
            faults.push(fault("Headers", message));
        }
    }
}

fn transform(value: &Value, faults: &mut Vec<Fault>) {
    let mut one_of = |name: &str, value: Option<&Value>, values: &[&str]| {
        let given = value.filter(|value| !value.is_null() && !is_computed(value));
        if given.is_some_and(|given| !given.as_str().is_some_and(|text| values.contains(&text))) {
            let message = format!("The value of the field '{name}' is not valid");
            faults.push(fault("Transform", message));
        }
    };
    let encoding = value.get("RequestBodyEncoding");
    one_of("RequestBodyEncoding", encoding, &["NONE", "URL_ENCODED"]);
    let format = value.pointer("/RequestEncodingOptions/ArrayFormat");
    let formats = ["INDICES", "REPEAT", "COMMAS", "BRACKETS"];
    one_of("ArrayFormat", format, &formats);
}

fn fault(member: &str, message: impl Into<String>) -> Fault {
    Fault {
        pointer: match member {
            "" => String::new(),
            member => format!("/{member}"),
        },
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_of_their_own_are_checked() {
        let told = |service: &str, action: &str, parameters: Value| {
            let faults = of(service, action).unwrap().check(&parameters);
            faults
                .into_iter()
                .map(|fault| fault.message)
                .collect::<Vec<_>>()
        };
        let right = json!({ "ApiEndpoint": "a", "Method": "GET", "Headers": { "a": ["b"] } });
        assert_eq!(told("apigateway", "invoke", right), [""; 0]);
        let wrong =
            json!({ "ApiEndpoint": "a", "Method": "FETCH", "Headers": { "a": "b" }, "Url": 1 });
        assert_eq!(
            told("apigateway", "invoke", wrong),
            [
                "The value of the field 'Method' is not valid: FETCH",
                "The value of the field 'Headers' has an invalid format",
                "The field \"Url\" is not supported by Step Functions",
            ]
        );
        let computed = json!({
            "ApiEndpoint": crate::COMPUTED, "Method": crate::COMPUTED, "Authentication": crate::COMPUTED,
        });
        assert_eq!(told("http", "invoke", computed), [""; 0]);
        let wrong = json!({ "Method": "GET", "Headers": { "Host": "h" }, "Transform": {
            "RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": { "ArrayFormat": "X" } } });
        assert_eq!(
            told("http", "invoke", wrong),
            [
                "The header 'Host' is not allowed in an HTTP Task",
                "The value of the field 'ArrayFormat' is not valid",
                "The field 'ApiEndpoint' is required but was missing",
                "The field 'ConnectionArn' is required but was missing",
            ]
        );
    }
}
