//! `dynamodb:getItem`, `putItem`, `updateItem`, `deleteItem`.

use super::Task;
use super::failure::Failure;
use super::optimised::Service;

const DYNAMODB: Service = Service {
    name: "dynamodb",
    prefix: "DynamoDB",
    client: "AmazonDynamoDBv2",
    base: "AmazonDynamoDBException",
};

pub(super) async fn call(task: &Task, action: &str) -> Result<String, Failure> {
    match action {
        "getItem" | "putItem" | "updateItem" | "deleteItem" => {
            DYNAMODB.call(task, action, |_| {}).await
        }
        _ => Err(Failure::not_built("dynamodb", action)),
    }
}
