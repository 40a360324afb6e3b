//! DeleteObject and DeleteObjects: a version is gone, or a delete marker hides what is kept.

use serde_json::{Map, Value, json};

use super::state::{Bucket, Object, Version, Versioning, object_prefix, whole_second};
use super::{S3, condition, error, lock, object_name};
use crate::params::Params;
use crate::{AwsError, Call};

/// What a delete did.
#[derive(Default)]
struct Done {
    /// A delete marker was made or deleted.
    delete_marker: bool,
    version: Option<String>,
}

impl S3 {
    pub(super) fn delete_object(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let (key, id) = (object_name(call), call.input.text("VersionId"));
        let done = self.delete_one_object(call, &bucket, key, id)?;
        let mut output = json!({});
        if done.delete_marker {
            output["DeleteMarker"] = json!(true);
        }
        if let Some(version) = done.version {
            output["VersionId"] = json!(version);
        }
        Ok(output)
    }

    pub(super) fn delete_objects(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let delete = call.input.get("Delete").ok_or_else(error::malformed_xml)?;
        let wanted = delete.items("Objects");
        if wanted.is_empty() || wanted.len() > 1000 {
            return Err(error::malformed_xml());
        }
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for one in wanted {
            let (key, id) = (one.text("Key").unwrap_or_default(), one.text("VersionId"));
            let mut shown = json!({ "Key": key });
            if let Some(id) = id {
                shown["VersionId"] = json!(id);
            }
            match self.delete_one_object(call, &bucket, key, id) {
                Ok(done) => {
                    if done.delete_marker {
                        shown["DeleteMarker"] = json!(true);
                        shown["DeleteMarkerVersionId"] = json!(done.version);
                    }
                    deleted.push(shown);
                }
                Err(error) => {
                    shown["Code"] = json!(error.code);
                    shown["Message"] = json!(error.message);
                    errors.push(shown);
                }
            }
        }
        let mut output = Map::new();
        if !delete.flag("Quiet") && !deleted.is_empty() {
            output.insert("Deleted".to_owned(), json!(deleted));
        }
        if !errors.is_empty() {
            output.insert("Errors".to_owned(), json!(errors));
        }
        Ok(Value::Object(output))
    }

    fn delete_one_object(
        &self,
        call: &Call,
        bucket: &Bucket,
        key: &str,
        id: Option<&str>,
    ) -> Result<Done, AwsError> {
        let row = object_prefix(&call.scope, &bucket.name) + key;
        let mut gone = Vec::new();
        let now = whole_second(self.aws.clock().now());
        let result = self.objects.edit(&row, |object| {
            let current = object.as_ref().and_then(|object| object.versions.first());
            if id.is_none() && call.input.text("IfMatch").is_some() {
                condition::check_write(call, current)?;
            }
            let versions = match object {
                Some(object) => &mut object.versions,
                None if id.is_none() && bucket.versioning() != Versioning::Off => {
                    let empty = Object {
                        versions: Vec::new(),
                    };
                    &mut object.insert(empty).versions
                }
                None => return Ok(Done::default()),
            };
            let done = match id {
                Some(id) => {
                    for version in versions.iter().filter(|version| version.id == id) {
                        lock::check_delete(call, version, now)?;
                    }
                    gone.extend(versions.extract_if(.., |version| version.id == id));
                    Done {
                        delete_marker: gone.first().is_some_and(|one| one.delete_marker),
                        version: Some(id.to_owned()),
                    }
                }
                None => {
                    if bucket.versioning() != Versioning::Enabled {
                        gone.extend(versions.extract_if(.., |version| version.id == "null"));
                    }
                    if bucket.versioning() == Versioning::Off && versions.is_empty() {
                        Done::default()
                    } else {
                        let marker = self.marker(bucket, now);
                        let version = Some(marker.id.clone());
                        versions.insert(0, marker);
                        Done {
                            delete_marker: true,
                            version,
                        }
                    }
                }
            };
            if versions.is_empty() {
                *object = None;
            }
            Ok(done)
        });
        for version in &gone {
            self.data.remove(&version.blob);
        }
        if let Ok(done) = &result {
            let marker = done.delete_marker && id.is_none();
            let event = if marker {
                "ObjectRemoved:DeleteMarkerCreated"
            } else {
                "ObjectRemoved:Delete"
            };
            let about = if marker { None } else { gone.first() };
            if marker || about.is_some() {
                self.notify_removed(call, bucket, key, about, done.version.as_deref(), event);
            }
        }
        result
    }

    fn marker(&self, bucket: &Bucket, now: jiff::Timestamp) -> Version {
        let id = match bucket.versioning() {
            Versioning::Enabled => self.aws.ids().hex(32),
            Versioning::Off | Versioning::Suspended => "null".to_owned(),
        };
        Version {
            id,
            modified: now,
            delete_marker: true,
            etag: String::new(),
            size: 0,
            blob: String::new(),
            members: Map::new(),
            checksums: Map::new(),
            tags: Vec::new(),
            parts: Vec::new(),
            acl: None,
        }
    }
}
