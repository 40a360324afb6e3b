//! Shapes: the types of parameters and answers.

use std::borrow::Cow;
use std::fmt;

use super::Service;

/// What a shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the model's own type names")]
pub enum Kind {
    Structure,
    List,
    Map,
    String,
    Boolean,
    Integer,
    Long,
    Float,
    Double,
    Timestamp,
    Blob,
}

/// Where in a REST message a member travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Location {
    /// In the body.
    #[default]
    Body,
    /// In the path.
    Uri,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// A map in headers with a common prefix.
    Headers,
    /// It is the status code.
    Status,
}

/// How a point in time is written on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimestampFormat {
    /// `2026-11-22T10:00:00Z`.
    Iso8601,
    /// Seconds since 1970, with a fraction if need be.
    Unix,
    /// `Sun, 22 Nov 2026 10:00:00 GMT`.
    Rfc822,
}

/// An XML namespace: prefix (may be empty) and URI.
pub(crate) type Namespace = (&'static str, &'static str);

/// A shape as the table has it.
#[derive(Debug)]
pub(crate) struct ShapeData {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) body: Body,
    pub(crate) wire_name: Option<&'static str>,
    pub(crate) namespace: Option<Namespace>,
    pub(crate) payload: Option<&'static str>,
    pub(crate) timestamp: Option<TimestampFormat>,
    pub(crate) error_code: Option<&'static str>,
    pub(crate) status: Option<u16>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) exception: bool,
    pub(crate) union: bool,
    pub(crate) document: bool,
    pub(crate) event_stream: bool,
    pub(crate) flattened: bool,
    pub(crate) streaming: bool,
    pub(crate) sparse: bool,
}

/// What a shape is made of.
#[derive(Debug)]
pub(crate) enum Body {
    Structure(Vec<MemberData>),
    List(MemberData),
    Map(MemberData, MemberData),
    Text {
        pattern: &'static str,
        values: Vec<&'static str>,
    },
    Scalar,
}

/// A member of a structure, or the element, key or value of a list or map, as the table has it.
#[derive(Debug, Default)]
pub(crate) struct MemberData {
    pub(crate) name: &'static str,
    pub(crate) shape: u32,
    pub(crate) location: Location,
    pub(crate) wire_name: Option<&'static str>,
    pub(crate) query_name: Option<&'static str>,
    pub(crate) timestamp: Option<TimestampFormat>,
    pub(crate) namespace: Option<Namespace>,
    pub(crate) required: bool,
    pub(crate) flattened: bool,
    pub(crate) idempotency_token: bool,
    pub(crate) json_value: bool,
    pub(crate) xml_attribute: bool,
    pub(crate) streaming: bool,
    pub(crate) host_label: bool,
}

impl Service {
    pub(crate) fn shape(&'static self, index: u32) -> Option<Shape> {
        Some(Shape {
            service: self,
            data: self.shapes.get(index as usize)?,
        })
    }
}

/// A shape. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Shape {
    pub(crate) service: &'static Service,
    pub(crate) data: &'static ShapeData,
}

impl Shape {
    /// The structure's name; empty for every other kind.
    pub fn name(&self) -> &'static str {
        self.data.name
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.data.kind
    }

    /// A structure's members; none for other kinds.
    pub fn members(&self) -> impl Iterator<Item = Member> + use<> {
        let service = self.service;
        let members = match &self.data.body {
            Body::Structure(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(move |data| Member { service, data })
    }

    /// A structure's member by its exact name.
    pub fn member(&self, name: &str) -> Option<Member> {
        self.members().find(|member| member.data.name == name)
    }

    /// A list's element.
    pub fn element(&self) -> Option<Member> {
        match &self.data.body {
            Body::List(data) => Some(self.part(data)),
            _ => None,
        }
    }

    /// A map's key.
    pub fn key(&self) -> Option<Member> {
        match &self.data.body {
            Body::Map(data, _) => Some(self.part(data)),
            _ => None,
        }
    }

    /// A map's value.
    pub fn value(&self) -> Option<Member> {
        match &self.data.body {
            Body::Map(_, data) => Some(self.part(data)),
            _ => None,
        }
    }

    fn part(&self, data: &'static MemberData) -> Member {
        Member {
            service: self.service,
            data,
        }
    }

    /// The values of an enumeration; empty for other shapes.
    pub fn enum_values(&self) -> &'static [&'static str] {
        match &self.data.body {
            Body::Text { values, .. } => values,
            _ => &[],
        }
    }

    /// The regular expression that a string must match, in Java's syntax.
    pub fn pattern(&self) -> Option<Cow<'static, str>> {
        match self.data.body {
            Body::Text { pattern, .. } if !pattern.is_empty() => Some(super::parse::text(pattern)),
            _ => None,
        }
    }

    /// Least length, size or value.
    pub fn min(&self) -> Option<f64> {
        self.data.min
    }

    /// Greatest length, size or value.
    pub fn max(&self) -> Option<f64> {
        self.data.max
    }

    /// Whether exactly one member is set.
    pub fn is_union(&self) -> bool {
        self.data.union
    }

    /// Whether it is any JSON value.
    pub fn is_document(&self) -> bool {
        self.data.document
    }

    /// Whether it is an error.
    pub fn is_exception(&self) -> bool {
        self.data.exception
    }

    /// Whether it is a stream of events, which the codecs do not carry.
    pub fn is_event_stream(&self) -> bool {
        self.data.event_stream
    }

    /// Code of an error on the wire.
    pub fn error_code(&self) -> &'static str {
        self.data.error_code.unwrap_or(self.data.name)
    }

    /// HTTP status of an error, if the model says.
    pub fn status(&self) -> Option<u16> {
        self.data.status
    }

    /// The member that is the whole body of a REST message.
    pub fn payload(&self) -> Option<Member> {
        self.member(self.data.payload?)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({:?} {})", self.kind(), self.name())
    }
}

/// A member of a structure, or the element, key or value of a list or map. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Member {
    pub(crate) service: &'static Service,
    pub(crate) data: &'static MemberData,
}

impl Member {
    /// The member's name; empty for elements, keys and values.
    pub fn name(&self) -> &'static str {
        self.data.name
    }

    /// Its type.
    pub fn shape(&self) -> Shape {
        // The parser refuses tables whose references lead nowhere.
        let fallback = || &self.service.shapes[0];
        Shape {
            service: self.service,
            data: self
                .service
                .shapes
                .get(self.data.shape as usize)
                .unwrap_or_else(fallback),
        }
    }

    /// Whether it must be given.
    pub fn is_required(&self) -> bool {
        self.data.required
    }

    /// Whether clients make up a value when none is given.
    pub fn is_idempotency_token(&self) -> bool {
        self.data.idempotency_token
    }

    /// Where it travels in a REST message.
    pub fn location(&self) -> Location {
        self.data.location
    }

    /// Its name on the wire, where that differs from its name.
    pub fn wire_name(&self) -> Option<&'static str> {
        self.data.wire_name
    }

    /// Whether a list or map has no element of its own around it.
    pub(crate) fn is_flattened(&self) -> bool {
        self.data.flattened || self.shape().data.flattened
    }

    /// How a point in time is written, if the model says.
    pub fn timestamp_format(&self) -> Option<TimestampFormat> {
        self.data.timestamp.or(self.shape().data.timestamp)
    }

    /// The name on the wire, or the name.
    pub(crate) fn serial_name(&self) -> &'static str {
        self.data.wire_name.unwrap_or(self.data.name)
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({} {:?})", self.name(), self.shape())
    }
}
