//! The interface that a Lambda function's program polls for its events (the runtime API,
//! version 2018-06-01), so that a program is measured as the service would run it.

use std::future::pending;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};

use crate::processes;

/// No program needs this long for anything that is measured here.
const PATIENCE: Duration = Duration::from_mins(1);
/// Later than any event of a measurement: 1 January 2100, in milliseconds.
const DEADLINE: &str = "4102444800000";

/// A running program of a function, and the interface that it polls.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// From the start of the process to its first poll.
    pub start: Duration,
    events: mpsc::Sender<String>,
    answers: mpsc::Receiver<Result<Bytes, Bytes>>,
}

#[derive(Debug)]
struct Interface {
    events: Mutex<mpsc::Receiver<String>>,
    answers: mpsc::Sender<Result<Bytes, Bytes>>,
    polls: mpsc::UnboundedSender<Instant>,
}

impl Program {
    /// Starts a program with these variables alone and waits for its first poll.
    pub async fn start(file: &Path, variables: &[(String, String)]) -> Result<Self> {
        let (events, receiver) = mpsc::channel(1);
        let (sender, answers) = mpsc::channel(1);
        let (polls, mut polled) = mpsc::unbounded_channel();
        let interface = Arc::new(Interface {
            events: Mutex::new(receiver),
            answers: sender,
            polls,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.context("a port")?;
        let address = listener.local_addr().context("the port")?.to_string();
        tokio::spawn(axum::serve(listener, router(interface)).into_future());
        let mut command = Command::new(file);
        command
            .env_clear()
            .envs(variables.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let begun = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("{} cannot be started", file.display()))?;
        let first = tokio::select! {
            first = tokio::time::timeout(PATIENCE, polled.recv()) => first.ok().flatten(),
            ended = child.wait() => bail!("{} ended: {ended:?}", file.display()),
        };
        let first = first.with_context(|| format!("{} does not poll", file.display()))?;
        Ok(Self {
            child,
            start: first.duration_since(begun),
            events,
            answers,
        })
    }

    /// Hands an event to the program and waits for what it answers.
    pub async fn invoke(&mut self, event: String) -> Result<Bytes> {
        self.events
            .send(event)
            .await
            .context("the interface ended")?;
        tokio::select! {
            answer = self.answers.recv() => match answer.context("the interface ended")? {
                Ok(body) => Ok(body),
                Err(error) => bail!("the program failed: {}", String::from_utf8_lossy(&error)),
            },
            ended = self.child.wait() => bail!("the program ended: {ended:?}"),
            () = tokio::time::sleep(PATIENCE) => bail!("no answer within a minute"),
        }
    }

    /// The most memory that the process ever held, in KiB.
    pub fn peak_memory_kib(&self) -> Result<u64> {
        let id = self.child.id().context("the program has ended")?;
        processes::peak_memory_kib(id)
    }

    /// Ends the program.
    pub async fn end(mut self) -> Result<()> {
        self.child.kill().await.context("the program does not end")
    }
}

fn router(interface: Arc<Interface>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{id}/response",
            post(answered),
        )
        .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
        .with_state(interface)
}

async fn next(State(interface): State<Arc<Interface>>) -> Response<Body> {
    // Whoever measures may have what it wanted already.
    let _ = interface.polls.send(Instant::now());
    let Some(event) = interface.events.lock().await.recv().await else {
        // Nothing will come any more: the program is ended while it waits.
        return pending().await;
    };
    let mut answer = Response::new(Body::from(event));
    let headers = answer.headers_mut();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", "measured"),
        ("lambda-runtime-deadline-ms", DEADLINE),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-west-2:111122223333:function:measured",
        ),
    ] {
        headers.insert(name, axum::http::HeaderValue::from_static(value));
    }
    answer
}

async fn answered(State(interface): State<Arc<Interface>>, body: Bytes) -> StatusCode {
    let _ = interface.answers.send(Ok(body)).await;
    StatusCode::ACCEPTED
}

async fn failed(State(interface): State<Arc<Interface>>, body: Bytes) -> StatusCode {
    let _ = interface.answers.send(Err(body)).await;
    StatusCode::ACCEPTED
}
