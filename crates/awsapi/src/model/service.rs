//! A service of AWS.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use crate::codec::uri::Template;

use super::archive::Entry;
use super::{Operation, OperationData, Shape, ShapeData};

/// How a service's messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// JSON bodies, the operation in `X-Amz-Target`.
    Json,
    /// JSON bodies, the operation in method and path.
    RestJson,
    /// XML bodies, the operation in method and path.
    RestXml,
    /// Form parameters in, XML out.
    Query,
    /// EC2's dialect of [`Protocol::Query`].
    Ec2,
    /// CBOR bodies (Smithy RPC v2), the operation in the path.
    Cbor,
}

impl Protocol {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "json" => Self::Json,
            "rest-json" => Self::RestJson,
            "rest-xml" => Self::RestXml,
            "query" => Self::Query,
            "ec2" => Self::Ec2,
            "smithy-rpc-v2-cbor" => Self::Cbor,
            _ => return None,
        })
    }

    /// Whether operations are told apart by method and path.
    pub fn is_rest(self) -> bool {
        matches!(self, Self::RestJson | Self::RestXml)
    }
}

/// A service: its names, operations and shapes.
pub struct Service {
    pub(super) entry: &'static Entry,
    pub(super) operations: Vec<OperationData>,
    pub(super) by_name: HashMap<&'static str, usize>,
    pub(super) shapes: Vec<ShapeData>,
    pub(super) structures: HashMap<&'static str, usize>,
    pub(super) routes: OnceLock<Vec<(Template, usize)>>,
}

impl Service {
    /// Name of the model, as boto3 and the AWS CLI know it: `stepfunctions`.
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// `SFN`, `CloudWatch Logs`.
    pub fn service_id(&self) -> &'static str {
        self.entry.service_id
    }

    /// The service's name in signatures: `states`.
    pub fn signing_name(&self) -> &'static str {
        self.entry.signing_name
    }

    /// First label of the service's host names: `states`.
    pub fn endpoint_prefix(&self) -> &'static str {
        self.entry.endpoint_prefix
    }

    /// The protocol to speak to the service: of those it offers, the one that AWS's Python SDK
    /// prefers.
    pub fn protocol(&self) -> Protocol {
        let order = [
            Protocol::Json,
            Protocol::RestJson,
            Protocol::RestXml,
            Protocol::Cbor,
            Protocol::Query,
            Protocol::Ec2,
        ];
        let offered = |wanted: &&Protocol| self.entry.protocols.contains(wanted);
        order.iter().find(offered).copied().unwrap_or(order[0])
    }

    /// All protocols that the service offers.
    pub fn protocols(&self) -> &'static [Protocol] {
        &self.entry.protocols
    }

    /// `2016-11-23`.
    pub fn api_version(&self) -> &'static str {
        self.entry.api_version
    }

    /// `1.0` or `1.1` for services that speak JSON.
    pub fn json_version(&self) -> &'static str {
        match self.entry.json_version {
            "" => "1.1",
            version => version,
        }
    }

    /// What stands before the operation in `X-Amz-Target`: `AWSStepFunctions`.
    pub fn target_prefix(&self) -> &'static str {
        self.entry.target_prefix
    }

    /// Namespace of XML answers, empty if there is none.
    pub fn xml_namespace(&self) -> &'static str {
        self.entry.xml_namespace
    }

    /// Whether clients of the old query protocol expect its error codes also from the newer one.
    pub fn query_compatible(&self) -> bool {
        self.entry.query_compatible
    }

    /// Host of a service that has one endpoint for all regions: `iam.amazonaws.com`.
    pub fn global_endpoint(&self) -> Option<&'static str> {
        Some(self.entry.global_endpoint).filter(|host| !host.is_empty())
    }

    /// An operation by its exact name.
    pub fn operation(&'static self, name: &str) -> Option<Operation> {
        let data = self.operations.get(*self.by_name.get(name)?)?;
        Some(Operation {
            service: self,
            data,
        })
    }

    /// All operations, in the model's order.
    pub fn operations(&'static self) -> impl Iterator<Item = Operation> {
        self.operations.iter().map(move |data| Operation {
            service: self,
            data,
        })
    }

    pub(crate) fn operation_at(&'static self, index: usize) -> Option<Operation> {
        Some(Operation {
            service: self,
            data: self.operations.get(index)?,
        })
    }

    /// The path templates, each with its operation's index, taken apart at the first use.
    pub(crate) fn routes(&self) -> &[(Template, usize)] {
        self.routes.get_or_init(|| {
            let all = self.operations.iter().enumerate();
            all.map(|(index, op)| (Template::parse(op.uri), index))
                .collect()
        })
    }

    /// A structure by its name. Other shapes have no names of their own in the tables.
    pub fn structure(&'static self, name: &str) -> Option<Shape> {
        let data = self.shapes.get(*self.structures.get(name)?)?;
        Some(Shape {
            service: self,
            data,
        })
    }

    /// All modelled errors.
    pub fn exceptions(&'static self) -> Vec<Shape> {
        let all = self.shapes.iter().filter(|data| data.exception);
        let shape = |data| Shape {
            service: self,
            data,
        };
        all.map(shape).collect()
    }

    /// The modelled error with this code: the code it has on the wire, or the shape's name.
    pub fn error(&'static self, code: &str) -> Option<Shape> {
        let named = self.structure(code).filter(Shape::is_exception);
        named.or_else(|| {
            let data = self.shapes.iter().find(|s| s.error_code == Some(code))?;
            Some(Shape {
                service: self,
                data,
            })
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Service").field(&self.name()).finish()
    }
}
