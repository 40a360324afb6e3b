//! `TestState`.

use std::sync::Arc;

use serde_json::Value;

use crate::states::input::Input;
use crate::states::{States, test_state};
use crate::{AwsError, Scope};

pub(super) async fn run(
    states: &Arc<States>,
    scope: &Scope,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    test_state::run(states, scope, input).await
}
