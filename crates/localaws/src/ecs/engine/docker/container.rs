//! A container of the engine.

use std::sync::Arc;

use async_trait::async_trait;
use http::Method;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::super::{Container, Ended, Inside};
use super::api::Api;
use super::logs;
use crate::params::Params;
use crate::process::Journal;

pub(super) struct Running {
    api: Api,
    id: String,
    journal: Option<Arc<Journal>>,
    /// The job that reads its output, from the first look for its end on.
    reader: Option<JoinHandle<()>>,
    ended: Option<Ended>,
}

impl Running {
    pub(super) fn new(api: Api, id: String, journal: Option<Arc<Journal>>) -> Self {
        Self {
            api,
            id,
            journal,
            reader: None,
            ended: None,
        }
    }

    fn read(&mut self) {
        if self.reader.is_some() {
            return;
        }
        let (api, journal) = (self.api.clone(), self.journal.clone());
        let path = format!("/containers/{}/logs?follow=1&stdout=1&stderr=1", self.id);
        self.reader = Some(tokio::spawn(async move {
            match api.open(Method::GET, &path, None).await {
                Ok(body) => logs::follow(body, journal).await,
                Err(error) => tracing::warn!(error, "a container's output is not read"),
            }
        }));
    }

    fn signal(&self, signal: &'static str) {
        let (api, id) = (self.api.clone(), self.id.clone());
        tokio::spawn(async move {
            let path = format!("/containers/{id}/kill?signal={signal}");
            if let Err(error) = api.post(&path, None).await {
                tracing::debug!(id, error, "a container takes no signal");
            }
        });
    }
}

#[async_trait]
impl Container for Running {
    async fn ended(&mut self) -> Ended {
        if let Some(ended) = self.ended {
            return ended;
        }
        self.read();
        let waited = self
            .api
            .post(&format!("/containers/{}/wait", self.id), None)
            .await;
        if let Some(reader) = &mut self.reader {
            // A reader that broke has said so.
            let _ = reader.await;
        }
        let state = self.api.get(&format!("/containers/{}/json", self.id)).await;
        let state = state
            .unwrap_or_default()
            .map("State")
            .cloned()
            .unwrap_or_default();
        let code = state.number("ExitCode");
        let code = code.or_else(|| waited.ok().and_then(|waited| waited.number("StatusCode")));
        let ended = Ended {
            code: code.unwrap_or(255),
            out_of_memory: state.flag("OOMKilled"),
        };
        self.ended = Some(ended);
        ended
    }

    fn inside(&self) -> Box<dyn Inside> {
        Box::new(Room {
            api: self.api.clone(),
            id: self.id.clone(),
        })
    }

    fn mark(&self) -> Option<String> {
        Some(format!("docker/{}", self.id))
    }

    fn terminate(&mut self) {
        self.signal("SIGTERM");
    }

    fn kill(&mut self) {
        self.signal("SIGKILL");
    }
}

/// The inside of a container.
struct Room {
    api: Api,
    id: String,
}

#[async_trait]
impl Inside for Room {
    async fn succeeds(&self, command: &[String]) -> bool {
        let make = json!({ "Cmd": command, "AttachStdout": true, "AttachStderr": true });
        let run = async {
            let made = self
                .api
                .post(&format!("/containers/{}/exec", self.id), Some(&make))
                .await?;
            let id = made.text("Id").unwrap_or_default().to_owned();
            let body = json!({ "Detach": false, "Tty": false });
            let path = format!("/exec/{id}/start");
            let output = self.api.open(Method::POST, &path, Some(&body)).await?;
            // Its end is the command's end.
            output.collect().await.map_err(|error| error.to_string())?;
            self.api.get(&format!("/exec/{id}/json")).await
        };
        run.await
            .is_ok_and(|ran: Value| ran.number("ExitCode") == Some(0))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        remove(self.api.clone(), std::mem::take(&mut self.id));
    }
}

/// Ends a container and removes it, beside the caller.
pub(super) fn remove(api: Api, id: String) {
    // Without a runtime the program ends, and finds the container by its mark when it starts again.
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            let path = format!("/containers/{id}?force=1&v=1");
            if let Err(error) = api.delete(&path).await {
                tracing::debug!(id, error, "a container was not removed");
            }
        });
    }
}
