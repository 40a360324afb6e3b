//! The dynamodb service on an embedded engine (`dynoxide-rs`, SQLite below): one database per
//! account and region.
//!
//! The engine knows items, expressions, indexes, transactions, PartiQL and streams; here it gets
//! our ARNs, our clock's times and our errors. Backups, global tables, exports and imports are not
//! built.

mod backup;
mod database;
mod error;
mod shape;
mod stream;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use crate::{Aws, AwsError, Call, Reply, Service, Table};
use database::Database;
use table::Extra;

pub(crate) use stream::service as streams_service;

/// How often items whose time is over are taken out. AWS takes up to a few days.
const SWEEP: Duration = Duration::from_secs(3600);

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(DynamoDb {
        aws: aws.clone(),
        databases: Mutex::new(BTreeMap::new()),
        extras: aws.store().table("dynamodb.tables"),
    })
}

struct DynamoDb {
    aws: Aws,
    databases: Mutex<BTreeMap<String, Database>>,
    /// What the engine does not keep of a table.
    extras: Table<Extra>,
}

#[async_trait]
impl Service for DynamoDb {
    fn name(&self) -> &'static str {
        "dynamodb"
    }

    async fn call(&self, mut call: Call) -> Result<Reply, AwsError> {
        shape::to_engine(&mut call.input);
        let output = match call.action.as_str() {
            "CreateTable" => self.create_table(&call),
            "UpdateTable" => self.update_table(&call),
            "DescribeTable" => self.describe_table(&call),
            "DeleteTable" => self.delete_table(&call),
            "DescribeContinuousBackups" => self.describe_continuous_backups(&call),
            "UpdateContinuousBackups" => self.update_continuous_backups(&call),
            _ => self.engine(&call, call.input.clone()),
        };
        let mut output = output.map_err(|error| shape::error_from_engine(error, &call.scope))?;
        if !shape::has_items(&call.action) {
            shape::prune(&call.action, &mut output);
            shape::from_engine(&mut output, &call.scope);
        }
        Ok(Reply::from(output))
    }

    fn start(self: Arc<Self>) {
        let aws = self.aws.clone();
        aws.clone().spawn(async move {
            loop {
                let next = aws.clock().now().saturating_add(SWEEP);
                let next = next.unwrap_or(jiff::Timestamp::MAX);
                aws.clock().sleep_until_background(next).await;
                self.sweep();
            }
        });
    }
}

impl DynamoDb {
    /// Hands a call to the engine as it is.
    fn engine(&self, call: &Call, input: Value) -> Result<Value, AwsError> {
        let database = self.database(&call.scope)?;
        database::run(&database, &call.action, input)
    }
}
