//! The client's side: requests for operations, and what their answers say.
//!
//! Requests are complete but not signed; sending them, and trying again, is the caller's.

mod answer;
mod errors;
mod request;
mod tokens;

pub use answer::decode;
pub use request::encode;
pub use tokens::fill_tokens;
