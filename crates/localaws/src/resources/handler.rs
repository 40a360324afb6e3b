//! What a handler of a resource type is, and which types have one.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::at::At;
use super::{
    Code, Failure, Schema, cloudwatch, dynamodb, ecr, ecs, events, glue, iam, kms, lambda, logs,
    pipes, s3, scheduler, sns, sqs, ssm, states,
};

/// Makes, changes, deletes and reads resources of one type through the API of its service.
///
/// Properties have the schema's types and hold the stack's tags.
#[async_trait]
pub(super) trait Handler: Send + Sync {
    /// Makes the resource and answers its physical id.
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure>;

    /// Like [`Handler::create`], with attributes that only the making shows, such as secrets.
    async fn make(
        &self,
        at: &At<'_>,
        properties: &Value,
    ) -> Result<(String, Map<String, Value>), Failure> {
        Ok((self.create(at, properties).await?, Map::new()))
    }

    /// Sets what making the resource did not set. When this fails, the resource is deleted again.
    async fn configure(&self, _: &At<'_>, _: &str, _: &Value) -> Result<(), Failure> {
        Ok(())
    }

    /// Changes the resource in place.
    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let _ = (physical_id, before, after);
        Err(Failure::new(
            Code::NotUpdatable,
            format!(
                "Resource type {} does not support UPDATE action",
                at.cx.type_name
            ),
        ))
    }

    /// Deletes the resource.
    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure>;

    /// Live properties in the template's shape, read-only ones included; `None` where the
    /// resource does not exist.
    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let _ = (physical_id, properties);
        Err(Failure::invalid(format!(
            "Resource type {} does not support READ action",
            at.cx.type_name
        )))
    }

    /// Physical ids of all resources of the type.
    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        Err(Failure::invalid(format!(
            "Resource type {} does not support LIST action",
            at.cx.type_name
        )))
    }

    /// What `GetAtt` gives: the read-only properties, unless the type knows more.
    async fn attributes(
        &self,
        at: &At<'_>,
        schema: &Schema,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Map<String, Value>, Failure> {
        // Types that cannot be read have nothing to show but their id.
        let live = if schema.supports_drift() {
            self.read(at, physical_id, properties)
                .await?
                .unwrap_or_default()
        } else {
            json!({ "Id": physical_id })
        };
        Ok(attributes_of(schema, &live))
    }

    /// The physical id of the resource that Cloud Control knows by this identifier.
    fn physical_id(&self, identifier: &str) -> String {
        identifier.to_owned()
    }
}

/// The handler of a type; `None` for types that are only recorded.
pub(super) fn of(type_name: &str) -> Option<&'static dyn Handler> {
    Some(match type_name {
        "AWS::CloudWatch::Alarm" => &cloudwatch::alarm::METRIC,
        "AWS::CloudWatch::CompositeAlarm" => &cloudwatch::alarm::COMPOSITE,
        "AWS::CloudWatch::Dashboard" => &cloudwatch::dashboard::Dashboard,
        "AWS::DynamoDB::Table" => &dynamodb::table::Table,
        "AWS::ECR::Repository" => &ecr::repository::Repository,
        "AWS::ECS::Cluster" => &ecs::cluster::Cluster,
        "AWS::ECS::TaskDefinition" => &ecs::task_definition::TaskDefinition,
        "AWS::Events::Connection" => &events::connection::Connection,
        "AWS::Events::EventBus" => &events::event_bus::EventBus,
        "AWS::Events::EventBusPolicy" => &events::event_bus_policy::EventBusPolicy,
        "AWS::Events::Rule" => &events::rule::Rule,
        "AWS::Glue::Job" => &glue::job::Job,
        "AWS::IAM::AccessKey" => &iam::access_key::AccessKey,
        "AWS::IAM::Group" => &iam::group::Group,
        "AWS::IAM::GroupPolicy" => &iam::inline_policy::GROUP_POLICY,
        "AWS::IAM::InstanceProfile" => &iam::instance_profile::InstanceProfile,
        "AWS::IAM::ManagedPolicy" => &iam::managed_policy::ManagedPolicy,
        "AWS::IAM::OIDCProvider" => &iam::oidc_provider::OidcProvider,
        "AWS::IAM::Policy" => &iam::policy::Policy,
        "AWS::IAM::Role" => &iam::role::Role,
        "AWS::IAM::RolePolicy" => &iam::inline_policy::ROLE_POLICY,
        "AWS::IAM::ServiceLinkedRole" => &iam::service_linked_role::ServiceLinkedRole,
        "AWS::IAM::User" => &iam::user::User,
        "AWS::IAM::UserPolicy" => &iam::inline_policy::USER_POLICY,
        "AWS::KMS::Alias" => &kms::alias::Alias,
        "AWS::KMS::Key" => &kms::key::Key,
        "AWS::Lambda::Alias" => &lambda::alias::Alias,
        "AWS::Lambda::EventInvokeConfig" => &lambda::event_invoke_config::EventInvokeConfig,
        "AWS::Lambda::EventSourceMapping" => &lambda::event_source_mapping::EventSourceMapping,
        "AWS::Lambda::Function" => &lambda::function::Function,
        "AWS::Lambda::Permission" => &lambda::permission::Permission,
        "AWS::Lambda::Url" => &lambda::url::Url,
        "AWS::Lambda::Version" => &lambda::version::Version,
        "AWS::Logs::LogGroup" => &logs::log_group::LogGroup,
        "AWS::Logs::LogStream" => &logs::log_stream::LogStream,
        "AWS::Logs::MetricFilter" => &logs::metric_filter::MetricFilter,
        "AWS::Logs::ResourcePolicy" => &logs::resource_policy::ResourcePolicy,
        "AWS::Pipes::Pipe" => &pipes::pipe::Pipe,
        "AWS::S3::Bucket" => &s3::bucket::Bucket,
        "AWS::S3::BucketPolicy" => &s3::bucket_policy::BucketPolicy,
        "AWS::SNS::Subscription" => &sns::subscription::Subscription,
        "AWS::SNS::Topic" => &sns::topic::Topic,
        "AWS::SNS::TopicPolicy" => &sns::topic_policy::TOPIC_POLICY,
        "AWS::SQS::Queue" => &sqs::queue::Queue,
        "AWS::SQS::QueuePolicy" => &sqs::queue_policy::QUEUE_POLICY,
        "AWS::SSM::Parameter" => &ssm::parameter::Parameter,
        "AWS::Scheduler::Schedule" => &scheduler::schedule::Schedule,
        "AWS::Scheduler::ScheduleGroup" => &scheduler::schedule_group::ScheduleGroup,
        "AWS::StepFunctions::Activity" => &states::activity::Activity,
        "AWS::StepFunctions::StateMachine" => &states::state_machine::StateMachine,
        "AWS::StepFunctions::StateMachineAlias" => &states::state_machine_alias::StateMachineAlias,
        "AWS::StepFunctions::StateMachineVersion" => {
            &states::state_machine_version::StateMachineVersion
        }
        _ => return None,
    })
}

/// What `GetAtt` gives, by path with dots.
pub(super) fn attributes_of(schema: &Schema, live: &Value) -> Map<String, Value> {
    let paths = schema.attributes();
    paths
        .filter_map(|path| {
            let value = live.pointer(&format!("/{path}"))?;
            Some((path.replace('/', "."), value.clone()))
        })
        .collect()
}
