//! The server's side: which operation a request asks for, its parameters, and answers to it.
//!
//! [`route`] finds the operation, [`decode`] its parameters; [`encode`] and [`encode_error`]
//! write what the client expects. Signatures are read for what they name, never checked.

mod answer;
mod chunked;
mod errors;
mod input;
mod rest_match;
mod route;
mod s3;
mod scope;

pub use answer::{encode, encode_written};
pub use errors::encode_error;
pub use input::decode;
pub use route::{Refusal, Routed, route};
