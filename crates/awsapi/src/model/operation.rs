//! An operation of a service.

use std::fmt;

use super::{Namespace, Service, Shape};

/// An operation as the table has it.
#[derive(Debug, Default)]
pub(crate) struct OperationData {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) uri: &'static str,
    pub(crate) status: u16,
    pub(crate) input: Option<u32>,
    pub(crate) output: Option<u32>,
    pub(crate) errors: Vec<u32>,
    pub(crate) input_name: Option<&'static str>,
    pub(crate) input_namespace: Option<Namespace>,
    pub(crate) result_wrapper: Option<&'static str>,
    pub(crate) host_prefix: Option<&'static str>,
    pub(crate) unsigned: bool,
    pub(crate) checksum: bool,
    pub(crate) deprecated: bool,
}

/// An operation: how it is addressed, and the shapes of its messages. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Operation {
    pub(crate) service: &'static Service,
    pub(crate) data: &'static OperationData,
}

impl Operation {
    /// Its name: `StartExecution`.
    pub fn name(self) -> &'static str {
        self.data.name
    }

    /// The service it belongs to.
    pub fn service(self) -> &'static Service {
        self.service
    }

    /// HTTP method.
    pub fn method(self) -> &'static str {
        self.data.method
    }

    /// Path template with fixed query: `/{Bucket}/{Key+}?tagging`.
    pub fn uri(self) -> &'static str {
        self.data.uri
    }

    /// Status of a successful answer.
    pub fn status(self) -> u16 {
        self.data.status
    }

    /// Shape of the request, if it has parameters.
    pub fn input(self) -> Option<Shape> {
        self.service.shape(self.data.input?)
    }

    /// Shape of the answer, if it has members.
    pub fn output(self) -> Option<Shape> {
        self.service.shape(self.data.output?)
    }

    /// Shapes of the errors that the model lists.
    pub fn errors(self) -> impl Iterator<Item = Shape> {
        let shape = move |&index| self.service.shape(index);
        self.data.errors.iter().filter_map(shape)
    }

    /// What a client puts before the host name, if anything: `{AccountId}.`.
    pub fn host_prefix(self) -> Option<&'static str> {
        self.data.host_prefix
    }

    /// Whether AWS takes this request without a signature.
    pub fn is_unsigned(self) -> bool {
        self.data.unsigned
    }

    /// Whether a newer operation has taken its place.
    pub fn is_deprecated(self) -> bool {
        self.data.deprecated
    }

    /// Whether the request must carry a checksum of its body.
    pub fn needs_checksum(self) -> bool {
        self.data.checksum
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.data, other.data)
    }
}

impl Eq for Operation {}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Operation({}.{})", self.service.name(), self.name())
    }
}
