//! PutDashboard, GetDashboard, ListDashboards, DeleteDashboards. Dashboards are global.

use serde_json::{Value, json};

use super::Inner;
use super::state::{Dashboard, not_found};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(super) fn put_dashboard(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("DashboardName").unwrap_or_default();
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let body = call.input.text("DashboardBody").unwrap_or_default();
        let parsed = serde_json::from_str::<Value>(body);
        let refuse = |message: &str| {
            let problems = json!([{ "Message": message }]);
            Err(AwsError::new("InvalidParameterInput", message)
                .with_field("dashboardValidationMessages", problems))
        };
        if name.is_empty() || name.len() > 255 || !name.bytes().all(good) {
            return refuse("The value for field DashboardName contains invalid characters.");
        }
        if !parsed.is_ok_and(|parsed| parsed.is_object()) {
            return refuse("The field DashboardBody must be a valid JSON object");
        }
        let given = crate::tags::given(&call.input);
        let now = self.aws.clock().now();
        self.dashboards.edit(&key(call, name), |dashboard| {
            // Tags are set only when a dashboard is made.
            let tags = dashboard.take().map_or(given, |before| before.tags);
            *dashboard = Some(Dashboard {
                body: body.to_owned(),
                modified: now,
                tags,
            });
        });
        Ok(json!({ "DashboardValidationMessages": [] }))
    }

    pub(super) fn get_dashboard(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("DashboardName").unwrap_or_default();
        let found = self.dashboards.get(&key(call, name));
        let found = found.ok_or_else(|| missing(name))?;
        Ok(json!({
            "DashboardArn": arn(call, name),
            "DashboardBody": found.body,
            "DashboardName": name,
        }))
    }

    pub(super) fn list_dashboards(&self, call: &Call) -> Result<Value, AwsError> {
        let prefix = key(
            call,
            call.input.text("DashboardNamePrefix").unwrap_or_default(),
        );
        let start = key(call, "").len();
        let all = self.dashboards.scan(&prefix);
        let entries = all.iter().map(|(key, dashboard)| {
            let name = key.get(start..).unwrap_or_default();
            json!({
                "DashboardName": name,
                "DashboardArn": arn(call, name),
                "LastModified": dashboard.modified,
                "Size": dashboard.body.len(),
            })
        });
        Ok(json!({ "DashboardEntries": entries.collect::<Vec<_>>() }))
    }

    pub(super) fn delete_dashboards(&self, call: &Call) -> Result<Value, AwsError> {
        let names = call.input.texts("DashboardNames");
        for name in &names {
            if !self.dashboards.contains(&key(call, name)) {
                return Err(missing(name));
            }
        }
        for name in names {
            self.dashboards.remove(&key(call, &name));
        }
        Ok(json!({}))
    }
}

pub(super) fn key(call: &Call, name: &str) -> String {
    format!("{}/{name}", call.scope.account)
}

fn arn(call: &Call, name: &str) -> String {
    call.scope
        .global_arn("cloudwatch", &format!("dashboard/{name}"))
}

fn missing(name: &str) -> AwsError {
    not_found(format!("Dashboard {name} does not exist"))
}
