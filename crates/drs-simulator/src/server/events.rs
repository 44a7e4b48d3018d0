//! Sends launch results as `EventBridge` events, one after another, and never waits for them
//! anywhere else.

use crate::world::LaunchNotice;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// How many events `PutEvents` takes at once.
const MOST_ENTRIES: usize = 10;
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Where events are sent, and under which source.
#[derive(Debug)]
pub(super) struct Publisher {
    authority: String,
    path: String,
    source: String,
}

/// Where launch results are put to be sent.
#[derive(Debug)]
pub(super) struct Outbox(UnboundedSender<LaunchNotice>);

impl Outbox {
    pub(super) fn put(&self, notices: Vec<LaunchNotice>) {
        for notice in notices {
            // The receiver ends only with the server itself.
            let _ = self.0.send(notice);
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("no connection: {0}")]
    Connection(#[from] std::io::Error),
    #[error("no answer: {0}")]
    Answer(#[from] hyper::Error),
    #[error("the request cannot be built: {0}")]
    Request(#[from] hyper::http::Error),
    #[error("answered with status {0}")]
    Status(u16),
    #[error("{0} events were refused")]
    Refused(u64),
    #[error("no answer within five seconds")]
    TimeLimit,
}

impl Publisher {
    /// A publisher to `http://host:port[/path]`; none when the address is of another kind.
    pub(super) fn new(endpoint: &str, source: &str) -> Option<Self> {
        let rest = endpoint.strip_prefix("http://")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
        if host.is_empty() || port.parse::<u16>().is_err() {
            return None;
        }
        Some(Self {
            authority: format!("{host}:{port}"),
            path: format!("/{path}"),
            source: source.to_owned(),
        })
    }

    /// Starts to send what is put into the outbox.
    pub(super) fn spawn(self) -> (Outbox, JoinHandle<()>) {
        let (sender, receiver) = unbounded_channel();
        (Outbox(sender), tokio::spawn(self.send_all(receiver)))
    }

    async fn send_all(self, mut receiver: UnboundedReceiver<LaunchNotice>) {
        let mut notices = Vec::new();
        while receiver.recv_many(&mut notices, MOST_ENTRIES).await > 0 {
            // A request is signed for one account and Region, so each bus gets its own.
            while let Some(first) = notices.first() {
                let place = (first.account.clone(), first.region.clone());
                let (here, elsewhere): (Vec<_>, Vec<_>) =
                    notices.into_iter().partition(|one: &LaunchNotice| {
                        one.account == place.0 && one.region == place.1
                    });
                notices = elsewhere;
                let sent = tokio::time::timeout(TIME_LIMIT, self.send(&place, &here)).await;
                if let Err(error) = sent.unwrap_or(Err(SendError::TimeLimit)) {
                    tracing::warn!(error = %error, events.count = here.len(), "events were not sent");
                }
            }
        }
    }

    async fn send(
        &self,
        (account, region): &(String, String),
        notices: &[LaunchNotice],
    ) -> Result<(), SendError> {
        let stream = TcpStream::connect(&self.authority).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let entries: Vec<_> = notices.iter().map(|notice| self.entry(notice)).collect();
        let date = notices
            .first()
            .map(|notice| notice.at.strftime("%Y%m%dT%H%M%SZ").to_string())
            .unwrap_or_default();
        let day = date.get(..8).unwrap_or_default();
        let request = hyper::Request::post(&self.path)
            .header("host", &self.authority)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSEvents.PutEvents")
            .header("x-amz-date", &date)
            .header(
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential={account}/{day}/{region}/events/aws4_request, \
                     SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={:064}",
                    0
                ),
            )
            .body(Full::new(Bytes::from(
                json!({ "Entries": entries }).to_string(),
            )))?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        if !status.is_success() {
            return Err(SendError::Status(status.as_u16()));
        }
        let answer: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        match answer
            .get("FailedEntryCount")
            .and_then(serde_json::Value::as_u64)
        {
            None | Some(0) => Ok(()),
            Some(refused) => Err(SendError::Refused(refused)),
        }
    }

    fn entry(&self, notice: &LaunchNotice) -> serde_json::Value {
        json!({
            "Time": notice.at.as_second(),
            "Source": self.source,
            "DetailType": LaunchNotice::DETAIL_TYPE,
            "Resources": [notice.source_server_arn],
            "Detail": notice.detail().to_string(),
        })
    }
}
