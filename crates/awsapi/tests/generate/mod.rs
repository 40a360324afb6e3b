//! Values for shapes, drawn at random, as far as wire formats can carry them.

use awsapi::{Kind, Location, Member, Operation, Protocol, Shape, TimestampFormat};
use base64::Engine;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Map, Value};

/// A source of values.
pub(crate) struct Generator {
    rng: TestRng,
    protocol: Protocol,
}

impl Generator {
    /// The same values at every run.
    pub(crate) fn new(protocol: Protocol) -> Self {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Self { rng, protocol }
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.rng.next_u32() % bound
    }

    /// A value for parameters or an answer, and the raw payload if there is one.
    pub(crate) fn message(&mut self, shape: Option<Shape>) -> (Value, Vec<u8>) {
        let Some(shape) = shape else {
            return (Value::Object(Map::new()), Vec::new());
        };
        let mut members = self.members(shape, 0);
        let mut raw = Vec::new();
        if let Some(payload) = shape.payload().filter(|p| p.shape().kind() == Kind::Blob) {
            members.remove(payload.name());
            raw = (0..self.below(20))
                .map(|_| self.rng.next_u32() as u8)
                .collect();
        }
        if let Some(payload) = shape.payload() {
            // A body of no bytes is no body.
            let empty = members.get(payload.name()) == Some(&Value::from(""));
            if empty {
                members.remove(payload.name());
            }
        }
        (Value::Object(members), raw)
    }

    fn members(&mut self, shape: Shape, depth: u32) -> Map<String, Value> {
        let mut out = Map::new();
        let all: Vec<Member> = shape.members().collect();
        if all.is_empty() {
            return out;
        }
        let chosen = self.below(all.len() as u32) as usize;
        for (index, member) in all.iter().enumerate() {
            let wanted = match shape.is_union() {
                true => index == chosen,
                false => {
                    let bound = if depth < 2 { 3 } else { 8 };
                    member.is_required()
                        || matches!(member.location(), Location::Uri | Location::Status)
                        || index == chosen
                        || self.below(bound) == 0
                }
            };
            let kind = member.shape().kind();
            // Deep down only what must be, and no new branches of recursive shapes.
            let leaf = !matches!(kind, Kind::Structure | Kind::List | Kind::Map);
            let affordable = depth < 4 || leaf || member.is_required() && depth < 12;
            if wanted
                && affordable
                && let Some(value) = self.member(*member, depth)
            {
                out.insert(member.name().to_owned(), value);
            }
        }
        out
    }

    fn member(&mut self, member: Member, depth: u32) -> Option<Value> {
        let shape = member.shape();
        match member.location() {
            Location::Status => return Some(Value::from(200 + self.below(5))),
            Location::Headers => {
                let keys = ["colour", "x-size"];
                let mut pair = |key: &str| (key.to_owned(), Value::from(self.header_text()));
                return Some(Value::Object(keys.iter().map(|key| pair(key)).collect()));
            }
            _ => {}
        }
        let narrow = matches!(member.location(), Location::Header);
        Some(match shape.kind() {
            Kind::Structure if shape.is_event_stream() => return None,
            Kind::Structure if shape.is_document() => serde_json::json!({"a": [1, "b", {}]}),
            Kind::Structure => {
                let members = self.members(shape, depth + 1);
                // What has no members leaves no trace among form parameters.
                if members.is_empty() && self.is_form() {
                    return None;
                }
                Value::Object(members)
            }
            Kind::List => {
                let element = shape.element()?;
                let count = 1 + self.below(2);
                let item = |_| match narrow && element.shape().kind() == Kind::String {
                    true => Some(self.text(element.shape(), true)),
                    false => self.member(element, depth + 1),
                };
                let items: Vec<Value> = (0..count).filter_map(item).collect();
                if items.is_empty() {
                    return None;
                }
                Value::Array(items)
            }
            Kind::Map => {
                let (key, value) = (shape.key()?, shape.value()?);
                let mut map = Map::new();
                for index in 0..1 + self.below(2) {
                    let key = match self.text(key.shape(), false) {
                        Value::String(key) if key.is_empty() => format!("k{index}"),
                        Value::String(key) => key,
                        _ => continue,
                    };
                    map.insert(key, self.member(value, depth + 1)?);
                }
                Value::Object(map)
            }
            Kind::String => {
                if member.location() == Location::Uri {
                    let text = self.text(shape, true);
                    return Some(text);
                }
                self.text(shape, narrow)
            }
            Kind::Boolean => Value::from(self.below(2) == 0),
            Kind::Integer => Value::from(self.rng.next_u32() as i32),
            Kind::Long => Value::from(self.rng.next_u64() as i64),
            // Never whole, so that it is a float in every notation.
            Kind::Float | Kind::Double => Value::from(f64::from(self.rng.next_u32() as i16) + 0.25),
            Kind::Timestamp => {
                let whole = narrow || format(member) == Some(TimestampFormat::Rfc822);
                let seconds = 1_600_000_000 + self.below(400_000_000);
                let nanos = if whole {
                    0
                } else {
                    self.below(1000) as i32 * 1_000_000
                };
                let time = jiff::Timestamp::new(i64::from(seconds), nanos).unwrap();
                let digits = if nanos == 0 { 0 } else { 3 };
                Value::from(format!("{time:.digits$}"))
            }
            Kind::Blob => {
                let bytes: Vec<u8> = (0..self.below(9))
                    .map(|_| self.rng.next_u32() as u8)
                    .collect();
                Value::from(base64::engine::general_purpose::STANDARD.encode(bytes))
            }
        })
    }

    fn is_form(&self) -> bool {
        matches!(self.protocol, Protocol::Query | Protocol::Ec2)
    }

    fn text(&mut self, shape: Shape, narrow: bool) -> Value {
        let values = shape.enum_values();
        if !values.is_empty() {
            let index = self.below(values.len() as u32) as usize;
            return Value::from(values[index]);
        }
        if narrow {
            return Value::from(self.header_text());
        }
        const LETTERS: &[char] = &[
            'a', 'Z', '0', ' ', '&', '<', '>', '"', '\'', '+', '%', '/', '=', '.', '\n', '\t', 'ä',
            '€', '😀', '{', '}', ';', '#', '?', '\\',
        ];
        let count = self.below(10);
        let letter = |_| LETTERS[self.below(LETTERS.len() as u32) as usize];
        Value::from((0..count).map(letter).collect::<String>())
    }

    fn header_text(&mut self) -> String {
        const LETTERS: &[char] = &['a', 'Z', '0', '-', '_', '/', '.', ':', '=', '+', '&', '%'];
        let count = 1 + self.below(8);
        let letter = |_| LETTERS[self.below(LETTERS.len() as u32) as usize];
        let text: String = (0..count).map(letter).collect();
        format!("x{text}")
    }
}

fn format(member: Member) -> Option<TimestampFormat> {
    member.timestamp_format()
}

/// Whether the codecs carry an operation. Those with streams of events are left out, and so are
/// S3's oldest, whose answers have one element for two members.
pub(crate) fn is_carried(operation: &Operation) -> bool {
    let stream = |shape: Shape| shape.members().any(|m| m.shape().is_event_stream());
    let shapes = [operation.input(), operation.output()];
    !shapes.into_iter().flatten().any(stream) && !operation.is_deprecated()
}
