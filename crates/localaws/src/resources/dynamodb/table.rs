//! `AWS::DynamoDB::Table`. `Ref` is the table's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::extras;
use crate::resources::handler::Handler;
use crate::resources::values::{
    any_differs, differs, document, drop_filled_in, extend, items, pick, rename, set, set_some,
    text, texts, without_empty,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Table;

/// Properties that the API takes as they are, both when a table is made and when it is changed.
const SAME: [&str; 6] = [
    "BillingMode",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "TableClass",
    "WarmThroughput",
];

const UNSUPPORTED: [&str; 2] = ["ImportSourceSpecification", "VectorIndexes"];

/// Members of an index that the API takes.
const INDEX: [&str; 6] = [
    "IndexName",
    "KeySchema",
    "OnDemandThroughput",
    "Projection",
    "ProvisionedThroughput",
    "WarmThroughput",
];

#[async_trait]
impl Handler for Table {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        at.refuse(properties, &UNSUPPORTED)?;
        let name = at.name_or(text(properties, "TableName"), 255);
        let mut input = pick(properties, &SAME);
        let lists = [
            "AttributeDefinitions",
            "KeySchema",
            "LocalSecondaryIndexes",
            "Tags",
        ];
        extend(&mut input, without_empty(pick(properties, &lists)));
        set(&mut input, "TableName", name.as_str());
        let indexes = items(properties, "GlobalSecondaryIndexes").iter();
        let indexes: Vec<Value> = indexes.map(|index| pick(index, &INDEX)).collect();
        if !indexes.is_empty() {
            set(&mut input, "GlobalSecondaryIndexes", indexes);
        }
        if let Some(stream) = properties.get("StreamSpecification") {
            set(&mut input, "StreamSpecification", stream_to_api(stream));
        }
        if let Some(sse) = properties.get("SSESpecification") {
            set(&mut input, "SSESpecification", sse_to_api(sse));
        }
        let policy = properties.pointer("/ResourcePolicy/PolicyDocument");
        set_some(
            &mut input,
            "ResourcePolicy",
            policy.map(|policy| json!(document(policy))),
        );
        at.call("dynamodb", "CreateTable", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        active(at, physical_id).await?;
        extras::change(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        at.refuse(after, &UNSUPPORTED)?;
        let mut input = json!({});
        for name in SAME {
            if differs(before, after, name) {
                set_some(&mut input, name, after.get(name).cloned());
            }
        }
        // Capacity may be given only for the mode that is, or becomes, the table's.
        if text(after, "BillingMode") == "PROVISIONED" && differs(before, after, "BillingMode") {
            set_some(
                &mut input,
                "ProvisionedThroughput",
                after.get("ProvisionedThroughput").cloned(),
            );
        }
        if differs(before, after, "SSESpecification") {
            let off = json!({ "SSEEnabled": false });
            let sse = after.get("SSESpecification").unwrap_or(&off);
            set(&mut input, "SSESpecification", sse_to_api(sse));
        }
        if input != json!({}) {
            change(at, physical_id, input).await?;
        }
        change_stream(at, physical_id, before, after).await?;
        change_indexes(at, physical_id, before, after).await?;
        extras::change(at, physical_id, before, after).await?;
        let arn = at.cx.scope.arn("dynamodb", &format!("table/{physical_id}"));
        at.retag("dynamodb", ("ResourceArn", &arn), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "dynamodb",
            "DeleteTable",
            json!({ "TableName": physical_id }),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let named = json!({ "TableName": physical_id });
        let Some(found) = at.find("dynamodb", "DescribeTable", named.clone()).await? else {
            return Ok(None);
        };
        let table = found.get("Table").cloned().unwrap_or_default();
        let mut live = pick(
            &table,
            &[
                "AttributeDefinitions",
                "DeletionProtectionEnabled",
                "KeySchema",
                "OnDemandThroughput",
                "TableName",
            ],
        );
        extend(
            &mut live,
            rename(
                &table,
                &[("TableArn", "Arn"), ("LatestStreamArn", "StreamArn")],
            ),
        );
        let mode = table
            .pointer("/BillingModeSummary/BillingMode")
            .and_then(Value::as_str);
        let mode = mode.unwrap_or("PROVISIONED");
        set(&mut live, "BillingMode", mode);
        if mode == "PROVISIONED" {
            set_some(
                &mut live,
                "ProvisionedThroughput",
                table.get("ProvisionedThroughput").map(capacity),
            );
        }
        let class = table.pointer("/TableClassSummary/TableClass").cloned();
        set(&mut live, "TableClass", class.unwrap_or(json!("STANDARD")));
        let indexes = items(&table, "LocalSecondaryIndexes").iter();
        let indexes = indexes.map(|index| pick(index, &["IndexName", "KeySchema", "Projection"]));
        set(
            &mut live,
            "LocalSecondaryIndexes",
            indexes.collect::<Value>(),
        );
        let indexes = items(&table, "GlobalSecondaryIndexes").iter().map(|index| {
            let mut one = pick(
                index,
                &["IndexName", "KeySchema", "OnDemandThroughput", "Projection"],
            );
            if mode == "PROVISIONED" {
                set_some(
                    &mut one,
                    "ProvisionedThroughput",
                    index.get("ProvisionedThroughput").map(capacity),
                );
            }
            one
        });
        set(
            &mut live,
            "GlobalSecondaryIndexes",
            indexes.collect::<Value>(),
        );
        if table.pointer("/StreamSpecification/StreamEnabled") == Some(&json!(true)) {
            let view = table.pointer("/StreamSpecification/StreamViewType");
            set(
                &mut live,
                "StreamSpecification",
                json!({ "StreamViewType": view }),
            );
        }
        let sse = table.get("SSEDescription").cloned().unwrap_or_default();
        let mut specification = rename(
            &sse,
            &[
                ("KMSMasterKeyArn", "KMSMasterKeyId"),
                ("SSEType", "SSEType"),
            ],
        );
        set(
            &mut specification,
            "SSEEnabled",
            text(&sse, "Status") == "ENABLED",
        );
        if sse.is_object() {
            set(&mut live, "SSESpecification", specification);
        } else {
            set(
                &mut live,
                "SSESpecification",
                json!({ "SSEEnabled": false }),
            );
        }
        extras::read(at, physical_id, text(&table, "TableArn"), &mut live).await?;
        let filled = [
            (
                "/PointInTimeRecoverySpecification/RecoveryPeriodInDays",
                json!(35),
            ),
            ("/SSESpecification/KMSMasterKeyId", Value::Null),
            ("/SSESpecification/SSEType", json!("KMS")),
        ];
        drop_filled_in(&mut live, properties, &filled);
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        let mut input = json!({});
        loop {
            let page = at.call("dynamodb", "ListTables", input.clone()).await?;
            names.extend(texts(&page, "TableNames"));
            match text(&page, "LastEvaluatedTableName") {
                "" => return Ok(names),
                last => set(&mut input, "ExclusiveStartTableName", last),
            }
        }
    }
}

/// The units alone, without how often they were changed.
fn capacity(throughput: &Value) -> Value {
    pick(throughput, &["ReadCapacityUnits", "WriteCapacityUnits"])
}

fn stream_to_api(stream: &Value) -> Value {
    let mut api = pick(stream, &["StreamViewType"]);
    set(&mut api, "StreamEnabled", true);
    api
}

fn sse_to_api(sse: &Value) -> Value {
    let names = [
        ("KMSMasterKeyId", "KMSMasterKeyId"),
        ("SSEEnabled", "Enabled"),
        ("SSEType", "SSEType"),
    ];
    rename(sse, &names)
}

async fn active(at: &At<'_>, table: &str) -> Result<(), Failure> {
    let input = json!({ "TableName": table });
    at.settle("dynamodb", "DescribeTable", input, |found| {
        let indexes = found
            .pointer("/Table/GlobalSecondaryIndexes")
            .and_then(Value::as_array);
        let ready = |status: Option<&Value>| status == Some(&json!("ACTIVE"));
        ready(found.pointer("/Table/TableStatus"))
            && indexes
                .into_iter()
                .flatten()
                .all(|index| ready(index.get("IndexStatus")))
    })
    .await
}

async fn change(at: &At<'_>, table: &str, mut input: Value) -> Result<(), Failure> {
    set(&mut input, "TableName", table);
    at.call("dynamodb", "UpdateTable", input).await?;
    active(at, table).await
}

/// A stream cannot be changed: it is switched off and on again.
async fn change_stream(
    at: &At<'_>,
    table: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    if !differs(before, after, "StreamSpecification") {
        return Ok(());
    }
    if before.get("StreamSpecification").is_some() {
        let off = json!({ "StreamSpecification": { "StreamEnabled": false } });
        change(at, table, off).await?;
    }
    if let Some(stream) = after.get("StreamSpecification") {
        change(
            at,
            table,
            json!({ "StreamSpecification": stream_to_api(stream) }),
        )
        .await?;
    }
    Ok(())
}

/// DynamoDB makes or deletes one index a call.
async fn change_indexes(
    at: &At<'_>,
    table: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    let (old, new) = (
        items(before, "GlobalSecondaryIndexes"),
        items(after, "GlobalSecondaryIndexes"),
    );
    let named = |list: &[Value], name: &str| {
        list.iter()
            .find(|one| text(one, "IndexName") == name)
            .cloned()
    };
    let shape = ["KeySchema", "Projection"];
    for index in old {
        let name = text(index, "IndexName");
        let stays = named(new, name).is_some_and(|other| !any_differs(index, &other, &shape));
        if !stays {
            let input =
                json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": name } }] });
            change(at, table, input).await?;
        }
    }
    for index in new {
        let name = text(index, "IndexName");
        let same = named(old, name).filter(|other| !any_differs(index, other, &shape));
        let update = match same {
            None => json!({ "Create": pick(index, &INDEX) }),
            Some(other) if other == *index => continue,
            Some(_) => json!({ "Update": pick(
                index,
                &["IndexName", "OnDemandThroughput", "ProvisionedThroughput", "WarmThroughput"],
            ) }),
        };
        let input = json!({
            "AttributeDefinitions": items(after, "AttributeDefinitions"),
            "GlobalSecondaryIndexUpdates": [update],
        });
        change(at, table, input).await?;
    }
    Ok(())
}
