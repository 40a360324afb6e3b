//! The ports on the table: lock, queue, history.
//!
//! The lock is one item with a version; whoever changes it says which version they have read. The
//! workflow takes a free lock with an update of its own, which raises the version, too.

use serde_json::{Value, json};

use super::attributes::{item, plain};
use super::{Aws, Locks, Notes};
use crate::Error;
use crate::lock::{Lock, Waiter};

const LOCK: &str = "lock";
const QUEUE: &str = "queue";
const REFUSED: &str = "ConditionalCheckFailedException";

impl Aws {
    async fn get_item(&self, table: &str, pk: &str, sk: &str) -> Result<Option<Value>, Error> {
        let input = json!({
            "TableName": table, "Key": key(pk, sk), "ConsistentRead": true,
        });
        let answer = self.api.call("dynamodb:GetItem", &input).await?;
        Ok(answer.get("Item").map(plain))
    }

    /// False where the condition does not hold.
    async fn put_item(&self, input: &Value) -> Result<bool, Error> {
        match self.api.call("dynamodb:PutItem", input).await {
            Ok(_) => Ok(true),
            Err(error) if error.is(REFUSED) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn delete_item(&self, table: &str, pk: &str, sk: &str) -> Result<(), Error> {
        let input = json!({ "TableName": table, "Key": key(pk, sk) });
        let deleted = self.api.call("dynamodb:DeleteItem", &input).await;
        deleted.map(drop)
    }
}

impl Locks for Aws {
    async fn lock(&self, table: &str) -> Result<Lock, Error> {
        let found = self.get_item(table, LOCK, LOCK).await?;
        found.map_or_else(|| Ok(Lock::default()), read)
    }

    async fn swap(&self, table: &str, version: u64, lock: &Lock) -> Result<bool, Error> {
        let mut row = written(lock)?;
        row["pk"] = json!(LOCK);
        row["sk"] = json!(LOCK);
        let mut input = json!({ "TableName": table, "Item": item(&row) });
        if version == 0 {
            input["ConditionExpression"] = json!("attribute_not_exists(pk)");
        } else {
            input["ConditionExpression"] = json!("version = :version");
            input["ExpressionAttributeValues"] = item(&json!({ ":version": version }));
        }
        self.put_item(&input).await
    }

    async fn drop_lock(&self, table: &str, key: &str) -> Result<(), Error> {
        self.delete_item(table, key, key).await
    }

    async fn first_waiter(&self, table: &str) -> Result<Option<Waiter>, Error> {
        let input = json!({
            "TableName": table, "ConsistentRead": true, "Limit": 1,
            "KeyConditionExpression": "pk = :queue",
            "ExpressionAttributeValues": item(&json!({ ":queue": QUEUE })),
        });
        let answer = self.api.call("dynamodb:Query", &input).await?;
        let items = answer["Items"].as_array();
        let first = items.and_then(|items| items.first());
        first.map(|first| read(plain(first))).transpose()
    }

    async fn waiter(&self, table: &str, key: &str) -> Result<Option<Waiter>, Error> {
        let found = self.get_item(table, QUEUE, key).await?;
        found.map(read).transpose()
    }

    async fn put_waiter(&self, table: &str, waiter: &Waiter) -> Result<(), Error> {
        let mut row = written(waiter)?;
        row["pk"] = json!(QUEUE);
        let input = json!({ "TableName": table, "Item": item(&row) });
        self.put_item(&input).await.map(drop)
    }

    async fn delete_waiter(&self, table: &str, key: &str) -> Result<(), Error> {
        self.delete_item(table, QUEUE, key).await
    }
}

impl Notes for Aws {
    async fn put_row(&self, table: &str, row: &Value, only_new: bool) -> Result<bool, Error> {
        let mut input = json!({ "TableName": table, "Item": item(row) });
        if only_new {
            input["ConditionExpression"] = json!("attribute_not_exists(pk)");
        }
        self.put_item(&input).await
    }

    async fn row(&self, table: &str, pk: &str, sk: &str) -> Result<Option<Value>, Error> {
        self.get_item(table, pk, sk).await
    }
}

fn key(pk: &str, sk: &str) -> Value {
    item(&json!({ "pk": pk, "sk": sk }))
}

fn read<T: serde::de::DeserializeOwned>(row: Value) -> Result<T, Error> {
    serde_json::from_value(row)
        .map_err(|e| Error::BrokenRun(format!("a row of the table cannot be read: {e}")))
}

fn written(value: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|e| Error::BrokenRun(e.to_string()))
}
