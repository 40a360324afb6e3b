//! Resource types: one set of handlers for CloudFormation and Cloud Control.
//!
//! A type that an embedded service backs is made there through the service's own API
//! (`handler`); every other known type is recorded (`recorded`): its properties are kept, its
//! ids and attributes made up from its public schema. Templates are not known here, and nothing
//! is decided about order, replacement or rollback: that is CloudFormation's.
//!
//! `AWS::CloudFormation::*` and `Custom::*` have schemas but no handlers: stacks, wait conditions
//! and custom resources are the work of the CloudFormation engine.

mod at;
mod attached;
mod cloudwatch;
mod context;
mod dynamodb;
mod ecr;
mod ecs;
mod events;
mod failure;
mod glue;
mod handler;
mod iam;
mod kms;
mod lambda;
mod logs;
mod pipes;
mod recorded;
mod s3;
mod scheduler;
mod service_policy;
mod sns;
mod sqs;
mod ssm;
mod states;
#[cfg(test)]
mod tests;
mod values;

use serde_json::{Map, Value};

use crate::Aws;

pub use attached::{Sibling, without_attached};
pub(crate) use cfn::type_names;
pub use cfn::{Replacement, Schema, Shape};
pub use context::Context;
pub use failure::{Code, Failure};
pub(crate) use recorded::{Rows, rows};

use at::At;
use handler::Handler;
use recorded::Recorded;

/// The resource providers of a local AWS.
#[derive(Debug)]
pub struct Resources {
    aws: Aws,
    recorded: Recorded,
}

/// A resource that was made or changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// What `Ref` gives.
    pub physical_id: String,
    /// What `GetAtt` gives, by path with dots: `Arn`, `Endpoint.Address`.
    pub attributes: Map<String, Value>,
}

impl Resources {
    /// The providers; state is shared by all that are made of one `aws`.
    pub fn new(aws: &Aws) -> Self {
        Self {
            aws: aws.clone(),
            recorded: Recorded::of(aws),
        }
    }

    /// The schema of a type; `None` for a type that CloudFormation does not know.
    pub fn schema(&self, type_name: &str) -> Option<&'static Schema> {
        Schema::of(type_name)
    }

    /// Whether resources of the type are only recorded, with no service behind them.
    pub fn is_recorded(&self, type_name: &str) -> bool {
        handler::of(type_name).is_none()
    }

    /// Properties as they are wanted live: with the schema's types, and with the stack's tags
    /// where the type takes tags. Drift is measured against this.
    pub fn wanted(&self, cx: &Context, properties: &Value) -> Value {
        match Schema::of(&cx.type_name) {
            Some(schema) => {
                context::with_stack_tags(schema, &cx.tags, schema.normalise(properties))
            }
            None => properties.clone(),
        }
    }

    /// Makes a resource.
    pub async fn create(&self, cx: &Context, properties: &Value) -> Result<Resource, Failure> {
        let schema = self.known(cx)?;
        let wanted = self.wanted(cx, properties);
        let Some(handler) = handler::of(&cx.type_name) else {
            return self.recorded.create(cx, schema, &wanted);
        };
        let at = self.at(cx);
        let marked = context::with_system_tags(schema, cx, wanted.clone());
        let (physical_id, shown_once) = handler.make(&at, &marked).await?;
        if let Err(failure) = handler.configure(&at, &physical_id, &marked).await {
            // Nobody else knows of the half-made resource.
            if let Err(left) = handler.delete(&at, &physical_id, &wanted).await {
                tracing::warn!(physical_id, %left, "a half-made resource stays");
            }
            return Err(failure);
        }
        let mut made = self
            .finished(handler, &at, schema, physical_id, &wanted)
            .await?;
        made.attributes.extend(shown_once);
        Ok(made)
    }

    /// Changes a resource in place. What must be replaced is the caller's to replace. Attributes
    /// that only the making showed (the secret of an access key) are not answered again.
    pub async fn update(
        &self,
        cx: &Context,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<Resource, Failure> {
        let schema = self.known(cx)?;
        let before = self.wanted(cx, before);
        let after = self.wanted(cx, after);
        let Some(handler) = handler::of(&cx.type_name) else {
            return self
                .recorded
                .update(cx, schema, physical_id, &before, &after);
        };
        let at = self.at(cx);
        handler.update(&at, physical_id, &before, &after).await?;
        self.finished(handler, &at, schema, physical_id.to_owned(), &after)
            .await
    }

    /// Deletes a resource. [`Code::NotFound`] where it is gone already: a stack takes that as done.
    pub async fn delete(
        &self,
        cx: &Context,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        self.known(cx)?;
        let Some(handler) = handler::of(&cx.type_name) else {
            return self.recorded.delete(cx, physical_id);
        };
        let properties = self.wanted(cx, properties);
        handler.delete(&self.at(cx), physical_id, &properties).await
    }

    /// The live properties in the shape of the template, read-only ones too, without the tags that
    /// CloudFormation itself sets; `None` where the resource does not exist. `properties` are the declared ones, for types whose physical id
    /// alone does not find them.
    pub async fn read(
        &self,
        cx: &Context,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let schema = self.known(cx)?;
        let Some(handler) = handler::of(&cx.type_name) else {
            return Ok(self.recorded.read(cx, schema, physical_id));
        };
        let live = handler.read(&self.at(cx), physical_id, properties).await?;
        Ok(live.map(|live| context::without_system_tags(schema, schema.normalise(&live))))
    }

    /// Physical ids of the type's resources.
    pub async fn list(&self, cx: &Context) -> Result<Vec<String>, Failure> {
        self.known(cx)?;
        match handler::of(&cx.type_name) {
            Some(handler) => handler.list(&self.at(cx)).await,
            None => Ok(self.recorded.list(cx)),
        }
    }

    /// The resource that Cloud Control knows by this identifier: its physical id, and the
    /// properties that the identifier tells. `None` where a recorded resource does not exist.
    pub fn locate(&self, cx: &Context, identifier: &str) -> Option<(String, Value)> {
        let schema = Schema::of(&cx.type_name)?;
        let names = schema.primary_identifier().iter().cloned();
        let parts = identifier.split('|').map(Value::from);
        let properties = Value::Object(names.zip(parts).collect());
        let physical_id = match handler::of(&cx.type_name) {
            Some(handler) => handler.physical_id(identifier),
            None => self.recorded.physical_id(cx, identifier)?,
        };
        Some((physical_id, properties))
    }

    fn at<'a>(&'a self, cx: &'a Context) -> At<'a> {
        At { aws: &self.aws, cx }
    }

    fn known(&self, cx: &Context) -> Result<&'static Schema, Failure> {
        Schema::of(&cx.type_name).ok_or_else(|| {
            Failure::invalid(format!("Unrecognized resource type: {}", cx.type_name))
        })
    }

    async fn finished(
        &self,
        handler: &dyn Handler,
        at: &At<'_>,
        schema: &Schema,
        physical_id: String,
        properties: &Value,
    ) -> Result<Resource, Failure> {
        let attributes = handler
            .attributes(at, schema, &physical_id, properties)
            .await?;
        Ok(Resource {
            physical_id,
            attributes,
        })
    }
}
