//! The embedded engine: opening databases, and operations by their names.

use std::sync::{Arc, PoisonError};

use dynoxide::storage_backend::Clock as EngineClock;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{DynamoDb, error};
use crate::{AwsError, Clock, Scope};

pub(super) type Database = dynoxide::Database;

/// Our clock, as the engine asks for it.
struct OurClock(Clock);

impl EngineClock for OurClock {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.0.now().as_second()).unwrap_or(0)
    }

    fn now_unix_secs_f64(&self) -> f64 {
        // Milliseconds since 1970 fit a float exactly.
        self.0.now().as_millisecond() as f64 / 1000.0
    }
}

impl DynamoDb {
    /// The database of an account and region, made at first use.
    pub(super) fn database(&self, scope: &Scope) -> Result<Database, AwsError> {
        let mut databases = self
            .databases
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let key = scope.prefix();
        if let Some(database) = databases.get(&key) {
            return Ok(database.clone());
        }
        let opened = match self.aws.store().directory() {
            Some(directory) => {
                let name = format!("dynamodb-{}-{}.sqlite", scope.account, scope.region);
                Database::new(&directory.join(name).to_string_lossy())
            }
            None => {
                let clock = OurClock(self.aws.clock().clone());
                Database::memory_with_clock(Arc::new(clock))
            }
        };
        let database = opened.map_err(|failure| error::of_engine(&failure))?;
        databases.insert(key, database.clone());
        Ok(database)
    }

    /// Takes out items whose time to live is over.
    pub(super) fn sweep(&self) {
        let databases = self
            .databases
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let databases: Vec<_> = databases.values().cloned().collect();
        for database in databases {
            if let Err(error) = database.sweep_ttl() {
                tracing::warn!(%error, "items not swept");
            }
        }
    }
}

/// Runs one operation.
pub(super) fn run(db: &Database, action: &str, input: Value) -> Result<Value, AwsError> {
    match action {
        "CreateTable" => with(input, |request| db.create_table(request)),
        "DeleteTable" => with(input, |request| db.delete_table(request)),
        "DescribeTable" => with(input, |request| db.describe_table(request)),
        "UpdateTable" => with(input, |request| db.update_table(request)),
        "ListTables" => with(input, |request| db.list_tables(request)),
        "TagResource" => nothing(with(input, |request| db.tag_resource(request))),
        "UntagResource" => nothing(with(input, |request| db.untag_resource(request))),
        "ListTagsOfResource" => with(input, |request| db.list_tags_of_resource(request)),
        "PutItem" => with(input, |request| db.put_item(request)),
        "GetItem" => with(input, |request| db.get_item(request)),
        "DeleteItem" => with(input, |request| db.delete_item(request)),
        "UpdateItem" => with(input, |request| db.update_item(request)),
        "BatchGetItem" => with(input, |request| db.batch_get_item(request)),
        "BatchWriteItem" => with(input, |request| db.batch_write_item(request)),
        "Query" => with(input, |request| db.query(request)),
        "Scan" => with(input, |request| db.scan(request)),
        "TransactWriteItems" => with(input, |request| db.transact_write_items(request)),
        "TransactGetItems" => with(input, |request| db.transact_get_items(request)),
        "ExecuteStatement" => with(input, |request| db.execute_statement(request)),
        "ExecuteTransaction" => with(input, |request| db.execute_transaction(request)),
        "BatchExecuteStatement" => with(input, |request| db.batch_execute_statement(request)),
        "ListStreams" => with(input, |request| db.list_streams(request)),
        "DescribeStream" => with(input, |request| db.describe_stream(request)),
        "GetShardIterator" => with(input, |request| db.get_shard_iterator(request)),
        "GetRecords" => with(input, |request| db.get_records(request)),
        "UpdateTimeToLive" => with(input, |request| db.update_time_to_live(request)),
        "DescribeTimeToLive" => with(input, |request| db.describe_time_to_live(request)),
        _ => Err(AwsError::not_implemented("dynamodb", action)),
    }
}

fn with<I: DeserializeOwned, O: Serialize>(
    input: Value,
    operation: impl FnOnce(I) -> dynoxide::Result<O>,
) -> Result<Value, AwsError> {
    let request = serde_json::from_value(input).map_err(|failure| error::of_input(&failure))?;
    let output = operation(request).map_err(|failure| error::of_engine(&failure))?;
    serde_json::to_value(output).map_err(|failure| AwsError::internal(failure.to_string()))
}

/// Operations without output members must not show any.
fn nothing(output: Result<Value, AwsError>) -> Result<Value, AwsError> {
    output.map(|_| serde_json::json!({}))
}
