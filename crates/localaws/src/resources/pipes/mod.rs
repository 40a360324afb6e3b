//! EventBridge Pipes.

pub(super) mod pipe;
