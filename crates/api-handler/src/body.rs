//! Bodies of requests: JSON objects of a bounded size, with the path of what is wrong in them.

mod faults;
mod object;
mod plain_messages;
mod whole;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use sha2::{Digest, Sha256};

use crate::api::Api;
use crate::problem::Problem;

pub(crate) use object::Object;
pub(crate) use plain_messages::plain;
pub(crate) use whole::Whole;

/// The largest body that is read.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// What an empty body means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenEmpty {
    /// Content is missing.
    Refuse,
    /// The same as `{}`: nothing must be said.
    TakeForObject,
}

/// A request that comes as a body.
pub(crate) trait RequestBody: DeserializeOwned + Send {
    /// What an empty body means.
    const WHEN_EMPTY: WhenEmpty = WhenEmpty::Refuse;
}

/// A body that was read.
#[derive(Debug, Clone)]
pub(crate) struct Body<T> {
    pub(crate) request: T,
    bytes: Vec<u8>,
}

impl<T> Body<T> {
    /// A digest of what the body says, whatever the order of its members and its white space.
    pub(crate) fn digest(&self) -> String {
        let value = serde_json::from_slice(&self.bytes).unwrap_or(Value::Null);
        let mut text = String::new();
        write_canonical(&value, &mut text);
        hex::encode(Sha256::digest(text.as_bytes()))
    }
}

impl<T: RequestBody> FromRequest<Api> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        let bytes = to_bytes(request.into_body(), BODY_BYTES_MAX)
            .await
            .map_err(|_| Problem::too_large(BODY_BYTES_MAX))?;
        let mut bytes = bytes.to_vec();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            match T::WHEN_EMPTY {
                WhenEmpty::TakeForObject => bytes = b"{}".to_vec(),
                WhenEmpty::Refuse => {
                    let detail = "The request needs a JSON object as its body.";
                    return Err(Problem::bad_request("BODY_REQUIRED", detail));
                }
            }
        }
        let request = parse(&bytes)?;
        Ok(Self { request, bytes })
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize::<_, Object<T>>(&mut source);
    let object = read.map_err(|error| match error.inner().classify() {
        Category::Data => misshapen::<T>(bytes, &error),
        Category::Syntax | Category::Eof | Category::Io => malformed(error.inner()),
    })?;
    source.end().map_err(|error| malformed(&error))?;
    Ok(object.0)
}

/// All that is wrong with the shape. The first fault is told in any case: a value no longer knows
/// of a member that stood there twice.
fn misshapen<T: DeserializeOwned>(
    bytes: &[u8],
    first: &serde_path_to_error::Error<serde_json::Error>,
) -> Problem {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return malformed(&error),
    };
    let first = faults::fault(first.path(), &first.inner().to_string());
    let mut found = faults::of_shape::<T>(value);
    if !found.iter().any(|fault| fault.path == first.path) {
        found.insert(0, first);
    }
    Problem::invalid("INVALID_REQUEST", &found)
}

fn malformed(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let what = match error.classify() {
        Category::Eof => "ends too early",
        Category::Syntax | Category::Data | Category::Io => "is not JSON",
    };
    let detail = format!("The body {what} (line {line}, column {column}).");
    Problem::bad_request("MALFORMED_JSON", detail)
}

/// Members in order of their names, no white space.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            text.push('{');
            for name in names {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_canonical(&members[name], text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}
