//! The service through its calls.

use serde_json::{Value, json};

use crate::{Aws, Clock, Config, Ids, Scope, Store};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

struct World(Aws);

impl World {
    fn new() -> Self {
        Self(Aws::start(Config {
            clock: Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap()),
            store: Store::memory(),
            ids: Ids::seeded(1),
            endpoint: "http://127.0.0.1:4566".to_owned(),
        }))
    }

    async fn call(&self, action: &str, input: Value) -> Result<Value, String> {
        let answer = self
            .0
            .call(&Scope::new("eu-west-1"), "iam", action, input)
            .await;
        answer.map_err(|error| error.code)
    }

    async fn ok(&self, action: &str, input: Value) -> Value {
        let answer = self.call(action, input.clone()).await;
        answer.unwrap_or_else(|code| panic!("{action} {input}: {code}"))
    }

    async fn role(&self, name: &str) -> Value {
        let input = json!({ "RoleName": name, "AssumeRolePolicyDocument": TRUST });
        self.ok("CreateRole", input).await["Role"].clone()
    }
}

#[tokio::test]
async fn a_role_is_the_same_in_every_region_and_goes_when_it_is_bare() {
    let world = World::new();
    let role = world.role("app").await;
    assert_eq!(role["Arn"], "arn:aws:iam::000000000000:role/app");
    let document = role["AssumeRolePolicyDocument"].as_str().unwrap();
    assert!(
        document.starts_with("%7B%22Version%22%3A%222012-10-17%22"),
        "{document}"
    );
    let named = json!({ "RoleName": "app" });
    let there = world
        .0
        .call(&Scope::new("us-east-1"), "iam", "GetRole", named.clone())
        .await;
    assert_eq!(there.unwrap()["Role"]["RoleId"], role["RoleId"]);

    let inline = json!({ "RoleName": "app", "PolicyName": "p", "PolicyDocument": ALLOW });
    world.ok("PutRolePolicy", inline.clone()).await;
    let managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    let attach = json!({ "RoleName": "app", "PolicyArn": managed });
    world.ok("AttachRolePolicy", attach.clone()).await;
    let attached = world.ok("ListAttachedRolePolicies", named.clone()).await;
    let expected = json!([{ "PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": managed }]);
    assert_eq!(attached["AttachedPolicies"], expected);

    let conflict = Err("DeleteConflict".to_owned());
    assert_eq!(world.call("DeleteRole", named.clone()).await, conflict);
    world.ok("DetachRolePolicy", attach).await;
    assert_eq!(world.call("DeleteRole", named.clone()).await, conflict);
    world.ok("DeleteRolePolicy", inline).await;
    let profile = json!({ "InstanceProfileName": "ip", "RoleName": "app" });
    world.ok("CreateInstanceProfile", profile.clone()).await;
    world.ok("AddRoleToInstanceProfile", profile.clone()).await;
    assert_eq!(world.call("DeleteRole", named.clone()).await, conflict);
    world.ok("RemoveRoleFromInstanceProfile", profile).await;
    world.ok("DeleteRole", named.clone()).await;
    assert_eq!(
        world.call("GetRole", named).await,
        Err("NoSuchEntity".to_owned())
    );
}

#[tokio::test]
async fn managed_policies_have_versions() {
    let world = World::new();
    let made = json!({ "PolicyName": "p", "Path": "/team/", "PolicyDocument": ALLOW });
    let made = world.ok("CreatePolicy", made).await;
    let arn = made["Policy"]["Arn"].clone();
    assert_eq!(arn, "arn:aws:iam::000000000000:policy/team/p");
    let next = ALLOW.replace("GetObject", "PutObject");
    let version = json!({ "PolicyArn": arn, "PolicyDocument": next, "SetAsDefault": true });
    world.ok("CreatePolicyVersion", version).await;
    let policy = world.ok("GetPolicy", json!({ "PolicyArn": arn })).await;
    assert_eq!(policy["Policy"]["DefaultVersionId"], "v2");
    let second = json!({ "PolicyArn": arn, "VersionId": "v2" });
    let shown = world.ok("GetPolicyVersion", second.clone()).await;
    assert!(
        shown["PolicyVersion"]["Document"]
            .as_str()
            .unwrap()
            .contains("s3%3APutObject")
    );
    let conflict = Err("DeleteConflict".to_owned());
    assert_eq!(world.call("DeletePolicyVersion", second).await, conflict);
    assert_eq!(
        world
            .call("DeletePolicy", json!({ "PolicyArn": arn }))
            .await,
        conflict
    );
    world
        .ok(
            "DeletePolicyVersion",
            json!({ "PolicyArn": arn, "VersionId": "v1" }),
        )
        .await;
    world.role("app").await;
    let attach = json!({ "RoleName": "app", "PolicyArn": arn });
    world.ok("AttachRolePolicy", attach.clone()).await;
    assert_eq!(
        world
            .call("DeletePolicy", json!({ "PolicyArn": arn }))
            .await,
        conflict
    );
    let entities = world
        .ok("ListEntitiesForPolicy", json!({ "PolicyArn": arn }))
        .await;
    assert_eq!(entities["PolicyRoles"][0]["RoleName"], "app");
    world.ok("DetachRolePolicy", attach).await;
    world.ok("DeletePolicy", json!({ "PolicyArn": arn })).await;
}

#[tokio::test]
async fn users_have_groups_and_keys() {
    let world = World::new();
    let both = json!({ "UserName": "ann", "GroupName": "ops" });
    world.ok("CreateUser", both.clone()).await;
    world.ok("CreateGroup", both.clone()).await;
    world.ok("AddUserToGroup", both.clone()).await;
    let members = world.ok("GetGroup", both.clone()).await;
    assert_eq!(members["Users"][0]["UserName"], "ann");
    let key = world.ok("CreateAccessKey", both.clone()).await["AccessKey"].clone();
    let conflict = Err("DeleteConflict".to_owned());
    assert_eq!(world.call("DeleteUser", both.clone()).await, conflict);
    world.ok("RemoveUserFromGroup", both.clone()).await;
    assert_eq!(world.call("DeleteUser", both.clone()).await, conflict);
    let gone = json!({ "UserName": "ann", "AccessKeyId": key["AccessKeyId"] });
    world.ok("DeleteAccessKey", gone).await;
    world.ok("DeleteUser", both.clone()).await;
    world.ok("DeleteGroup", both).await;
}

#[tokio::test]
async fn lists_come_in_pages() {
    let world = World::new();
    for name in ["a", "b", "c"] {
        world.role(name).await;
    }
    let first = world.ok("ListRoles", json!({ "MaxItems": 2 })).await;
    assert_eq!(
        (
            &first["IsTruncated"],
            first["Roles"].as_array().unwrap().len()
        ),
        (&json!(true), 2)
    );
    let rest = world
        .ok("ListRoles", json!({ "Marker": first["Marker"] }))
        .await;
    assert_eq!(rest["Roles"][0]["RoleName"], "c");
    assert_eq!(rest["IsTruncated"], false);
}

#[tokio::test]
async fn identity_providers_and_service_linked_roles() {
    let world = World::new();
    let made = json!({
        "Url": "https://token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"],
    });
    let arn = world.ok("CreateOpenIDConnectProvider", made.clone()).await;
    let arn = &arn["OpenIDConnectProviderArn"];
    assert_eq!(
        *arn,
        "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"
    );
    let exists = world.call("CreateOpenIDConnectProvider", made).await;
    assert_eq!(exists, Err("EntityAlreadyExists".to_owned()));
    let tags = json!({ "OpenIDConnectProviderArn": arn, "Tags": [{ "Key": "k", "Value": "v" }] });
    world.ok("TagOpenIDConnectProvider", tags).await;
    let shown = world
        .ok(
            "GetOpenIDConnectProvider",
            json!({ "OpenIDConnectProviderArn": arn }),
        )
        .await;
    assert_eq!(shown["Tags"], json!([{ "Key": "k", "Value": "v" }]));

    let service = json!({ "AWSServiceName": "ecs.amazonaws.com" });
    let role = world.ok("CreateServiceLinkedRole", service).await["Role"].clone();
    let path =
        "arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    assert_eq!(role["Arn"], path);
    let named = json!({ "RoleName": "AWSServiceRoleForECS" });
    assert_eq!(
        world.call("DeleteRole", named).await,
        Err("UnmodifiableEntity".to_owned())
    );
}

#[tokio::test]
async fn wrong_calls_are_refused_as_on_aws() {
    let world = World::new();
    world.role("app").await;
    let role =
        |name: &str, trust: &str| json!({ "RoleName": name, "AssumeRolePolicyDocument": trust });
    let table = [
        ("CreateRole", role("app", TRUST), "EntityAlreadyExists"),
        ("CreateRole", role("APP", TRUST), "EntityAlreadyExists"),
        ("CreateRole", role("a b", TRUST), "ValidationError"),
        (
            "CreateRole",
            role(&"x".repeat(65), TRUST),
            "ValidationError",
        ),
        ("CreateRole", role("new", ALLOW), "MalformedPolicyDocument"),
        ("GetRole", json!({ "RoleName": "none" }), "NoSuchEntity"),
        (
            "GetRolePolicy",
            json!({ "RoleName": "app", "PolicyName": "p" }),
            "NoSuchEntity",
        ),
        (
            "PutRolePolicy",
            json!({ "RoleName": "app", "PolicyName": "p", "PolicyDocument": "{" }),
            "MalformedPolicyDocument",
        ),
        (
            "AttachRolePolicy",
            json!({ "RoleName": "app", "PolicyArn": "arn:aws:iam::000000000000:policy/none" }),
            "NoSuchEntity",
        ),
        (
            "AttachRolePolicy",
            json!({ "RoleName": "app", "PolicyArn": "none" }),
            "ValidationError",
        ),
        (
            "UpdateRole",
            json!({ "RoleName": "app", "MaxSessionDuration": 1 }),
            "ValidationError",
        ),
        ("CreateSAMLProvider", json!({}), "NotImplemented"),
    ];
    for (action, input, code) in table {
        let answer = world.call(action, input.clone()).await;
        assert_eq!(answer, Err(code.to_owned()), "{action} {input}");
    }
}
