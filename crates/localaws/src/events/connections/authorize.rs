//! The authorisation of a connection: at once where the secret is enough, by asking the
//! authorisation server for a token where it is OAuth.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::Connection;
use crate::events::Inner;
use crate::http_client::{self, NoAnswer, PATIENCE};
use crate::params::Params;

impl Inner {
    /// Takes up the authorisations that were under way when the store was last in use.
    pub(in crate::events) fn resume_connections(self: &Arc<Self>) {
        for (key, connection) in self.connections.scan("") {
            if connection.state == "AUTHORIZING" {
                self.authorize(&key);
            }
        }
    }

    /// Authorises a connection and answers it as it is now; OAuth takes a while.
    pub(super) fn authorize(self: &Arc<Self>, key: &str) -> Option<Connection> {
        let kind = self
            .connections
            .with(key, |connection| connection.kind.clone())?;
        if kind == "OAUTH_CLIENT_CREDENTIALS" {
            let (inner, key) = (Arc::clone(self), key.to_owned());
            self.aws.spawn(async move {
                let parameters = inner.secrets.get(&key).unwrap_or_default();
                let token = inner.token(&parameters).await;
                inner.authorized(&key, token.err());
            });
        } else {
            self.authorized(key, None);
        }
        self.connections.get(key)
    }

    fn authorized(&self, key: &str, refused: Option<String>) {
        let now = self.aws.clock().now();
        self.connections.update(key, |connection| {
            let state = match refused {
                None => "AUTHORIZED",
                Some(_) => "DEAUTHORIZED",
            };
            state.clone_into(&mut connection.state);
            if refused.is_none() {
                connection.authorized = Some(now);
            }
            connection.reason = refused;
        });
    }

    /// A token from the authorisation server of OAuth parameters; the error is why there is none.
    pub(super) async fn token(&self, parameters: &Value) -> Result<String, String> {
        let oauth = parameters.member("OAuthParameters").cloned();
        let oauth = oauth.unwrap_or_default();
        let endpoint = oauth.text("AuthorizationEndpoint").unwrap_or_default();
        http_client::check_loopback(endpoint)?;
        let client = oauth.map("ClientParameters");
        let client = |name: &str| {
            client
                .and_then(|client| client.text(name))
                .unwrap_or_default()
        };
        let http = oauth.member("OAuthHttpParameters").cloned();
        let http = http.unwrap_or_default();
        let pairs = |list: &str| {
            let items = http.items(list).iter();
            let pair =
                |item: &Value| Some((item.text("Key")?.to_owned(), item.text("Value")?.to_owned()));
            items.filter_map(pair).collect::<Vec<_>>()
        };
        let mut body = vec![
            ("grant_type".to_owned(), "client_credentials".to_owned()),
            ("client_id".to_owned(), client("ClientID").to_owned()),
            (
                "client_secret".to_owned(),
                client("ClientSecret").to_owned(),
            ),
        ];
        body.extend(pairs("BodyParameters"));
        let url = http_client::with_query(endpoint, &pairs("QueryStringParameters"));
        let both = format!("{}:{}", client("ClientID"), client("ClientSecret"));
        let mut request = Request::builder()
            .method(oauth.text("HttpMethod").unwrap_or("POST"))
            .uri(url)
            .header("authorization", format!("Basic {}", STANDARD.encode(both)))
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in pairs("HeaderParameters") {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(http_client::form(&body)));
        let request = request.map_err(|error| error.to_string())?;
        let _busy = self.aws.clock().busy();
        let answer = self.http.send(request, PATIENCE).await;
        let answer = answer.map_err(|why| match why {
            NoAnswer::TimedOut => "the authorization endpoint does not answer in time".to_owned(),
            NoAnswer::Broken(why) => format!("the authorization endpoint does not answer: {why}"),
        })?;
        if !answer.status().is_success() {
            return Err(format!(
                "the authorization endpoint answered {}",
                answer.status()
            ));
        }
        let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let token = answer.text("access_token");
        token
            .map(str::to_owned)
            .ok_or_else(|| "the authorization endpoint answered no access_token".to_owned())
    }
}
