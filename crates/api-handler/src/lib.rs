//! The REST API: an axum router over the engine's use cases.
//!
//! [`router`] is the whole API; [`gateway`] turns what API Gateway hands to the function into a
//! request of it. Who may call what stands in one table, [`endpoint::endpoints`].

mod answer;
mod api;
mod body;
mod call;
mod client_token;
mod cursor;
pub mod endpoint;
mod entity_tag;
mod execution_answer;
pub mod gateway;
mod guard;
mod handlers;
mod identity;
mod job_logs;
mod middleware;
mod openapi;
mod problem;
mod query_parameters;
mod router;
mod time_budget;
mod wire;

pub use api::Api;
pub use body::BODY_BYTES_MAX;
pub use openapi::document;
pub use router::router;
