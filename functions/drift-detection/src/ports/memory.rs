//! The ports in memory: what the tests give the functions instead of AWS. Pages hold two items, so that paging shows.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::de::DeserializeOwned;

use super::{Drifts, Files, Page, Resource, ResourceDrift, Stack, Stacks};
use crate::Error;

/// Stacks, their drift and a bucket.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) stacks: Vec<Stack>,
    pub(crate) drifts: Vec<ResourceDrift>,
    pub(crate) resources: Vec<Resource>,
    /// If set, every read of a stack's drift fails with it.
    pub(crate) refuses: Option<&'static str>,
    pub(crate) files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Memory {
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let files = self.files.lock().unwrap();
        files
            .get(key)
            .map(|body| String::from_utf8(body.clone()).unwrap())
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, key: &str) -> T {
        let text = self.text(key).unwrap_or_else(|| panic!("no file {key}"));
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn write(&self, key: &str, body: impl Into<Vec<u8>>) {
        self.files
            .lock()
            .unwrap()
            .insert(key.to_owned(), body.into());
    }

    fn refused(&self) -> Result<(), Error> {
        match self.refuses {
            Some(code) => Err(Error::from_code(
                "cloudformation:ListStackResources",
                code,
                "refused".into(),
            )),
            None => Ok(()),
        }
    }
}

fn page<T: Clone>(all: &[T], token: Option<String>) -> Page<T> {
    let start: usize = token.map_or(0, |t| t.parse().unwrap());
    let end = all.len().min(start + 2);
    Page {
        items: all[start..end].to_vec(),
        next: (end < all.len()).then(|| end.to_string()),
    }
}

impl Stacks for Memory {
    async fn list(&self, token: Option<String>) -> Result<Page<Stack>, Error> {
        let mut page = page(&self.stacks, token);
        page.items.iter_mut().for_each(|stack| stack.tags.clear());
        Ok(page)
    }

    async fn describe(&self, token: Option<String>) -> Result<Page<Stack>, Error> {
        Ok(page(&self.stacks, token))
    }
}

impl Drifts for Memory {
    async fn drifts(&self, _: &str, token: Option<String>) -> Result<Page<ResourceDrift>, Error> {
        self.refused()?;
        Ok(page(&self.drifts, token))
    }

    async fn resources(&self, _: &str, token: Option<String>) -> Result<Page<Resource>, Error> {
        self.refused()?;
        Ok(page(&self.resources, token))
    }
}

impl Files for Memory {
    async fn put(&self, _: &str, key: &str, _: &str, body: Vec<u8>) -> Result<(), Error> {
        self.write(key, body);
        Ok(())
    }

    async fn get(&self, _: &str, key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.files.lock().unwrap().get(key).cloned())
    }
}
