//! Takes connections and answers on them, or closes them without an answer where a fault says so.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use hyper::body::{Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Marks a response that is never sent: its connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoAnswer;

/// A response that is never sent.
pub(super) fn no_answer() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(NoAnswer);
    response
}

/// A response that promises the whole text and ends in its middle.
pub(super) fn half_answer(text: &str) -> Response {
    let half = text.as_bytes().get(..text.len() / 2).unwrap_or_default();
    let mut response = Response::new(Body::new(Half(Some(Bytes::copy_from_slice(half)))));
    response
        .headers_mut()
        .insert("content-length", HeaderValue::from(text.len()));
    response
}

/// A body that breaks off after its first part.
struct Half(Option<Bytes>);

impl hyper::body::Body for Half {
    type Data = Bytes;
    type Error = AnswerLost;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnswerLost>>> {
        Poll::Ready(Some(self.0.take().map(Frame::data).ok_or(AnswerLost)))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the answer is lost, as a rule says")]
struct AnswerLost;

pub(super) async fn serve(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(answer_on(stream, router.clone()));
                }
                Err(error) => {
                    tracing::warn!(error = %error, "a connection was not accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn answer_on(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(error = %error, "a connection ended early");
    }
}

async fn answer(router: Router, request: Request<Incoming>) -> Result<Response, AnswerLost> {
    let response: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
    let Ok(response) = response;
    if response.extensions().get::<NoAnswer>().is_some() {
        return Err(AnswerLost);
    }
    Ok(response)
}
