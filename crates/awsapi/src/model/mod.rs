//! What AWS's services offer, from the tables in `tables/apis.bin`: services, operations, shapes.
//!
//! Says what a message looks like, not how it is written: the wire formats are in
//! [`crate::server`] and [`crate::client`].

mod archive;
mod operation;
mod parse;
mod service;
mod shape;

pub use operation::Operation;
pub(crate) use operation::OperationData;
pub use service::{Protocol, Service};
pub(crate) use shape::{Body, MemberData, Namespace, ShapeData};
pub use shape::{Kind, Location, Member, Shape, TimestampFormat};

pub(crate) use archive::{Entry, entries};

/// A service by the name of its model, as boto3 and the AWS CLI know it: `stepfunctions`, `sqs`.
///
/// Its table is read at the first call, once.
pub fn service(name: &str) -> Option<&'static Service> {
    archive::load(archive::find(name)?)
}

/// The names of all services, sorted.
pub fn service_names() -> impl Iterator<Item = &'static str> {
    entries().iter().map(|entry| entry.name)
}
