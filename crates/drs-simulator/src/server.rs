//! The HTTP server over a world: the DRS wire, and `/_sim` to steer and to look.
//!
//! It listens on the loopback interface only.

mod accept;
mod callers;
mod control_routes;
mod credential;
mod drs_routes;
mod events;
mod query;
mod security_token;
mod shared;
mod xml;

use crate::scenario::Scenario;
use axum::Router;
use events::Publisher;
use shared::Shared;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How the server is set up.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Where launch results are sent as `EventBridge` events.
    pub events_endpoint: Option<String>,
    /// The source of these events.
    pub events_source: String,
    /// A scale that goes before that of every scenario, also of those that come later.
    pub time_scale: Option<u32>,
}

/// A server that cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or forbidden.
    #[error("port {port} on 127.0.0.1 cannot be used: {source}")]
    Port {
        /// The port.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The address for events is not like `http://127.0.0.1:4566`.
    #[error("the events endpoint must be like http://127.0.0.1:4566, not {0}")]
    EventsEndpoint(String),
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as an endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it; open connections are closed.
    pub async fn stop(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            task.abort();
            // A task that was aborted ends with an error that says just this.
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts a server over a world of this scenario.
pub async fn start(scenario: Scenario, options: Options) -> Result<Running, StartError> {
    let publisher = match &options.events_endpoint {
        Some(endpoint) => Some(
            Publisher::new(endpoint, &options.events_source)
                .ok_or_else(|| StartError::EventsEndpoint(endpoint.clone()))?,
        ),
        None => None,
    };
    let port = options.port;
    let refused = |source| StartError::Port { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let mut tasks = Vec::new();
    let outbox = publisher.map(|publisher| {
        let (outbox, task) = publisher.spawn();
        tasks.push(task);
        outbox
    });
    let shared = Arc::new(Shared::new(scenario, options.time_scale, outbox));
    tasks.push(tokio::spawn(shared::follow_the_clock(Arc::clone(&shared))));
    tasks.push(tokio::spawn(accept::serve(listener, router(shared))));
    Ok(Running { address, tasks })
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .nest("/_sim", control_routes::router())
        .merge(query::router())
        .merge(drs_routes::router())
        .with_state(shared)
}
