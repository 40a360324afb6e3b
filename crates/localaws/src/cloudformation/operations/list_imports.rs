//! `ListImports`.

use awsapi::AwsError;
use serde_json::Value;

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::request::required;
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "ExportName")?;
    if cfn.state.exporter(&call.scope, name).is_none() {
        return Err(invalid(format!("Export '{name}' does not exist.")));
    }
    let importers = cfn.state.importers(&call.scope, name);
    if importers.is_empty() {
        return Err(invalid(format!(
            "Export '{name}' is not imported by any stack."
        )));
    }
    let imports = importers.into_iter().map(Value::from).collect();
    page(&call.input, "Imports", imports, 100)
}
