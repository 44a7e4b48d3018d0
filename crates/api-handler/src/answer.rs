//! What a handler answers. It can be kept as text, so that a repeated call gets the same.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use domain::ExecutionId;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// Longest body that is kept: an item holds 400 KB, and a body is a text of JSON in it.
const KEPT_BYTES_MAX: usize = 64_000;

/// A status, a body, and the entity tag of what the body shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    status: u16,
    entity_tag: Option<String>,
    body: String,
    /// The execution that the body shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    execution: Option<ExecutionId>,
}

impl Answer {
    /// 200.
    pub(crate) fn ok(view: &impl Serialize) -> Self {
        Self::with_status(StatusCode::OK, view)
    }

    /// 201.
    pub(crate) fn created(view: &impl Serialize) -> Self {
        Self::with_status(StatusCode::CREATED, view)
    }

    /// 202.
    pub(crate) fn accepted(view: &impl Serialize) -> Self {
        Self::with_status(StatusCode::ACCEPTED, view)
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT.as_u16(),
            entity_tag: None,
            body: String::new(),
            execution: None,
        }
    }

    fn with_status(status: StatusCode, view: &impl Serialize) -> Self {
        Self {
            status: status.as_u16(),
            entity_tag: None,
            body: serde_json::to_string(view)
                .expect("views are texts, numbers and lists of them, under names that are texts"),
            execution: None,
        }
    }

    /// The same with the entity tag of what the body shows.
    pub(crate) fn tagged(self, entity_tag: String) -> Self {
        let entity_tag = Some(entity_tag);
        Self { entity_tag, ..self }
    }

    /// The same, known as what shows this execution.
    pub(crate) fn showing(self, execution: &ExecutionId) -> Self {
        let execution = Some(execution.clone());
        Self { execution, ..self }
    }

    /// 304 where the client has this very version already.
    pub(crate) fn unless_known(self, is_known: impl FnOnce(&str) -> bool) -> Self {
        match &self.entity_tag {
            Some(tag) if is_known(tag) => Self {
                status: StatusCode::NOT_MODIFIED.as_u16(),
                body: String::new(),
                ..self
            },
            Some(_) | None => self,
        }
    }

    /// The answer as a text that can be kept. Of one that no item of a table could hold is kept
    /// what it shows.
    pub(crate) fn to_text(&self) -> String {
        let kept = if self.execution.is_some() && self.body.len() > KEPT_BYTES_MAX {
            &Self {
                body: String::new(),
                entity_tag: None,
                ..self.clone()
            }
        } else {
            self
        };
        serde_json::to_string(kept).expect("a number and texts have a JSON form")
    }

    /// The execution that the answer showed, where its body was not kept.
    pub(crate) fn to_be_shown_anew(&self) -> Option<&ExecutionId> {
        self.execution.as_ref().filter(|_| self.body.is_empty())
    }

    /// An answer that was kept.
    pub(crate) fn from_text(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text)
            .map_err(|error| Problem::internal(format!("a kept answer cannot be read: {error}")))
    }
}

/// The bytes of a view as JSON.
pub(crate) fn json_bytes(view: &impl Serialize) -> usize {
    let mut count = ByteCount(0);
    serde_json::to_writer(&mut count, view)
        .expect("views are texts, numbers and lists of them, under names that are texts");
    count.0
}

/// Counts what is written, and keeps nothing.
struct ByteCount(usize);

impl io::Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response<Body> {
        let has_content = !self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if has_content {
            let media_type = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        let tag = self
            .entity_tag
            .and_then(|tag| HeaderValue::try_from(tag).ok());
        if let Some(tag) = tag {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}
