//! IAM: who there is and what their policies say. Policies are checked for their form and kept;
//! nobody is refused a call because of one.
//!
//! Global: the region of a call does not matter. Not here: passwords, MFA, SAML, server
//! certificates, policy simulation and reports.

mod access_keys;
mod account;
mod attached_policies;
mod document;
mod entity;
mod groups;
mod inline_policies;
mod instance_profiles;
mod managed_policies;
mod names;
mod oidc_providers;
mod policy_versions;
mod roles;
mod service_linked_roles;
mod tags;
#[cfg(test)]
mod tests;
mod users;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use crate::{Aws, AwsError, Call, Reply, Service, Table};

use access_keys::AccessKey;
use entity::{Entity, Kind};
use instance_profiles::InstanceProfile;
use managed_policies::ManagedPolicy;
use oidc_providers::OidcProvider;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Iam {
        roles: aws.store().table("iam.roles"),
        users: aws.store().table("iam.users"),
        groups: aws.store().table("iam.groups"),
        policies: aws.store().table("iam.policies"),
        profiles: aws.store().table("iam.instance_profiles"),
        keys: aws.store().table("iam.access_keys"),
        providers: aws.store().table("iam.oidc_providers"),
        aliases: aws.store().table("iam.account_aliases"),
        aws: aws.clone(),
    })
}

/// All tables have keys of account and name; names are in lower case there, because IAM lets no
/// two names differ by case alone.
struct Iam {
    aws: Aws,
    roles: Table<Entity>,
    users: Table<Entity>,
    groups: Table<Entity>,
    policies: Table<ManagedPolicy>,
    profiles: Table<InstanceProfile>,
    /// By the key's id.
    keys: Table<AccessKey>,
    /// By the part of the ARN after the slash.
    providers: Table<OidcProvider>,
    aliases: Table<String>,
}

#[async_trait]
impl Service for Iam {
    fn name(&self) -> &'static str {
        "iam"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        self.answer(&call).map(Reply::from)
    }
}

impl Iam {
    fn answer(&self, call: &Call) -> Result<Value, AwsError> {
        use Kind::{Group, Role, User};
        match call.action.as_str() {
            "CreateRole" => self.create_role(call),
            "DeleteRole" => self.delete_role(call),
            "GetRole" => self.get_role(call),
            "ListRoles" => self.list_roles(call),
            "UpdateAssumeRolePolicy" => self.update_assume_role_policy(call),
            "UpdateRole" => self.update_role(call),
            "UpdateRoleDescription" => self.update_role_description(call),
            "CreateServiceLinkedRole" => self.create_service_linked_role(call),
            "DeleteServiceLinkedRole" => self.delete_service_linked_role(call),
            "GetServiceLinkedRoleDeletionStatus" => self.get_deletion_status(call),

            "CreateUser" => self.create_user(call),
            "DeleteUser" => self.delete_user(call),
            "GetUser" => self.get_user(call),
            "ListUsers" => self.list_users(call),
            "CreateAccessKey" => self.create_access_key(call),
            "DeleteAccessKey" => self.delete_access_key(call),
            "ListAccessKeys" => self.list_access_keys(call),
            "UpdateAccessKey" => self.update_access_key(call),

            "CreateGroup" => self.create_group(call),
            "DeleteGroup" => self.delete_group(call),
            "GetGroup" => self.get_group(call),
            "ListGroups" => self.list_groups(call),
            "AddUserToGroup" => self.add_user_to_group(call),
            "RemoveUserFromGroup" => self.remove_user_from_group(call),
            "ListGroupsForUser" => self.list_groups_for_user(call),

            "DeleteGroupPolicy" => self.delete_inline_policy(Group, call),
            "DeleteRolePolicy" => self.delete_inline_policy(Role, call),
            "DeleteUserPolicy" => self.delete_inline_policy(User, call),
            "GetGroupPolicy" => self.get_inline_policy(Group, call),
            "GetRolePolicy" => self.get_inline_policy(Role, call),
            "GetUserPolicy" => self.get_inline_policy(User, call),
            "ListGroupPolicies" => self.list_inline_policies(Group, call),
            "ListRolePolicies" => self.list_inline_policies(Role, call),
            "ListUserPolicies" => self.list_inline_policies(User, call),
            "PutGroupPolicy" => self.put_inline_policy(Group, call),
            "PutRolePolicy" => self.put_inline_policy(Role, call),
            "PutUserPolicy" => self.put_inline_policy(User, call),

            "AttachGroupPolicy" => self.attach_policy(Group, call),
            "AttachRolePolicy" => self.attach_policy(Role, call),
            "AttachUserPolicy" => self.attach_policy(User, call),
            "DetachGroupPolicy" => self.detach_policy(Group, call),
            "DetachRolePolicy" => self.detach_policy(Role, call),
            "DetachUserPolicy" => self.detach_policy(User, call),
            "ListAttachedGroupPolicies" => self.list_attached_policies(Group, call),
            "ListAttachedRolePolicies" => self.list_attached_policies(Role, call),
            "ListAttachedUserPolicies" => self.list_attached_policies(User, call),
            "ListEntitiesForPolicy" => self.list_entities_for_policy(call),
            "DeleteRolePermissionsBoundary" => self.delete_permissions_boundary(Role, call),
            "DeleteUserPermissionsBoundary" => self.delete_permissions_boundary(User, call),
            "PutRolePermissionsBoundary" => self.put_permissions_boundary(Role, call),
            "PutUserPermissionsBoundary" => self.put_permissions_boundary(User, call),

            "CreatePolicy" => self.create_policy(call),
            "DeletePolicy" => self.delete_policy(call),
            "GetPolicy" => self.get_policy(call),
            "ListPolicies" => self.list_policies(call),
            "CreatePolicyVersion" => self.create_policy_version(call),
            "DeletePolicyVersion" => self.delete_policy_version(call),
            "GetPolicyVersion" => self.get_policy_version(call),
            "ListPolicyVersions" => self.list_policy_versions(call),
            "SetDefaultPolicyVersion" => self.set_default_policy_version(call),

            "AddRoleToInstanceProfile" => self.add_role_to_instance_profile(call),
            "CreateInstanceProfile" => self.create_instance_profile(call),
            "DeleteInstanceProfile" => self.delete_instance_profile(call),
            "GetInstanceProfile" => self.get_instance_profile(call),
            "ListInstanceProfiles" => self.list_instance_profiles(call),
            "ListInstanceProfilesForRole" => self.list_instance_profiles_for_role(call),
            "RemoveRoleFromInstanceProfile" => self.remove_role_from_instance_profile(call),

            "AddClientIDToOpenIDConnectProvider" => self.add_client_id(call),
            "CreateOpenIDConnectProvider" => self.create_oidc_provider(call),
            "DeleteOpenIDConnectProvider" => self.delete_oidc_provider(call),
            "GetOpenIDConnectProvider" => self.get_oidc_provider(call),
            "ListOpenIDConnectProviders" => self.list_oidc_providers(call),
            "RemoveClientIDFromOpenIDConnectProvider" => self.remove_client_id(call),
            "UpdateOpenIDConnectProviderThumbprint" => self.update_thumbprints(call),

            "ListInstanceProfileTags"
            | "ListOpenIDConnectProviderTags"
            | "ListPolicyTags"
            | "ListRoleTags"
            | "ListUserTags" => self.list_tags(call),
            "TagInstanceProfile"
            | "TagOpenIDConnectProvider"
            | "TagPolicy"
            | "TagRole"
            | "TagUser" => self.tag(call),
            "UntagInstanceProfile"
            | "UntagOpenIDConnectProvider"
            | "UntagPolicy"
            | "UntagRole"
            | "UntagUser" => self.untag(call),

            "CreateAccountAlias" => self.create_account_alias(call),
            "DeleteAccountAlias" => self.delete_account_alias(call),
            "GetAccountSummary" => self.get_account_summary(call),
            "ListAccountAliases" => self.list_account_aliases(call),
            _ => Err(AwsError::not_implemented("iam", &call.action)),
        }
    }
}
