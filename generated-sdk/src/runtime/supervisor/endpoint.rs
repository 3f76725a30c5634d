//! The endpoint that says how the accounts are: 200 if all are online, else 503, and the same JSON either way.

use super::builder::Supervisor;
use super::health::{Health, State};
use crate::runtime::codec::json::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use std::io;
use tokio::net::{TcpListener, ToSocketAddrs};

impl Supervisor {
    /// Serves the endpoint of [`router`](Self::router) until the task is dropped.
    ///
    /// # Errors
    ///
    /// If the address cannot be listened on, or the listener fails.
    pub async fn serve(&self, address: impl ToSocketAddrs) -> io::Result<()> {
        axum::serve(TcpListener::bind(address).await?, self.router()).await
    }

    /// `GET /health`, to be merged into a server of yours: `{"ok":true,"accounts":[{"account":"alice","state":"online",…}]}`.
    /// It tells neither tokens nor codes, but names: show it to people who may know them.
    pub fn router(&self) -> Router {
        let supervisor = self.clone();
        Router::new().route(
            "/health",
            get(move || {
                let supervisor = supervisor.clone();
                async move {
                    let accounts = supervisor.health();
                    let ok = accounts
                        .iter()
                        .all(|account| account.state == State::Online);
                    let status = match ok {
                        true => StatusCode::OK,
                        false => StatusCode::SERVICE_UNAVAILABLE,
                    };
                    let accounts = accounts.iter().map(Health::to_json);
                    let body =
                        Json::object([("ok", Json::from(ok)), ("accounts", Json::array(accounts))]);
                    let headers = [
                        (CONTENT_TYPE, "application/json; charset=utf-8"),
                        (CACHE_CONTROL, "no-store"),
                    ];
                    (status, headers, body.as_str().to_owned()).into_response()
                }
            }),
        )
    }
}
