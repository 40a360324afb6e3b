//! `ListResources`

use serde_json::{Value, json};

use super::{CloudControl, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) async fn list_resources(&self, call: &Call) -> Result<Value, AwsError> {
        let (cx, schema) = self.context(call, "LIST")?;
        let model = call
            .input
            .text("ResourceModel")
            .map(serde_json::from_str::<Value>);
        let model = model.transpose();
        let model =
            model.map_err(|_| AwsError::validation("ResourceModel must be a JSON object"))?;
        let model = model.unwrap_or_else(|| json!({}));
        let mut descriptions = Vec::new();
        for physical_id in self.resources.list(&cx).await.map_err(error::of)? {
            let live = self
                .resources
                .read(&cx, &physical_id, &model)
                .await
                .map_err(error::of)?;
            // Gone since the list was made.
            let Some(live) = live else { continue };
            descriptions.push(json!({
                "Identifier": schema.identifier(&live),
                "Properties": live.to_string(),
            }));
        }
        let page = page(call, descriptions)?;
        let mut output = page.output("ResourceDescriptions");
        output["TypeName"] = json!(cx.type_name);
        Ok(output)
    }
}

/// A part of a list.
pub(super) struct Page {
    items: Vec<Value>,
    next: Option<String>,
}

impl Page {
    /// The part under the name of the list, with the token of the next part where there is one.
    pub(super) fn output(self, list: &str) -> Value {
        match self.next {
            Some(next) => json!({ list: self.items, "NextToken": next }),
            None => json!({ list: self.items }),
        }
    }
}

/// The part of a list that `MaxResults` and `NextToken` ask for. The token is the number of items
/// before it.
pub(super) fn page(call: &Call, mut items: Vec<Value>) -> Result<Page, AwsError> {
    let invalid = || AwsError::validation("Invalid NextToken");
    let start = call
        .input
        .filled("NextToken")
        .map(str::parse::<usize>)
        .transpose();
    let start = start.map_err(|_| invalid())?.unwrap_or_default();
    if start > items.len() {
        return Err(invalid());
    }
    let most = call
        .input
        .number("MaxResults")
        .and_then(|most| usize::try_from(most).ok());
    let most = most.unwrap_or(100).clamp(1, 100);
    let mut items = items.split_off(start);
    let next = (items.len() > most).then(|| (start + most).to_string());
    items.truncate(most);
    Ok(Page { items, next })
}
