//! `/_sim`: what tests and people may see and do besides calling DRS.

use super::shared::{Shared, apart};
use crate::scenario::{self, ClockMode, InstanceChange, ReplicationChange, Rule, Scenario};
use crate::world::{ControlError, ForcedOutcome, Until, World};
use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/health", get(health))
        .route("/reset", post(reset))
        .route("/scenario", put(replace_scenario))
        .route("/clock", get(clock))
        .route("/clock/advance", post(advance))
        .route("/state", get(state))
        .route("/journal", get(journal))
        .route("/callers", get(callers))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/faults/{id}", delete(remove_fault))
        .route("/servers/{id}", patch(change_server))
        .route(
            "/jobs/{id}/servers/{server}",
            post(force_outcome).put(force_outcome),
        )
        .route("/instances", post(create_instance))
        .route("/instances/{id}", patch(change_instance))
        .route("/verify", get(verify))
        .fallback(nothing_here)
}

/// A request that cannot be done, as a sentence.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

impl From<ControlError> for Refusal {
    fn from(error: ControlError) -> Self {
        let status = match error {
            ControlError::Unknown(_) => StatusCode::NOT_FOUND,
            ControlError::TooLate(_) => StatusCode::CONFLICT,
        };
        Self(status, error.to_string())
    }
}

/// Reads a body as YAML, of which JSON is a part, whatever its content type.
fn read<T: DeserializeOwned>(body: &str) -> Result<T, Refusal> {
    scenario::read(body).map_err(|error| Refusal(StatusCode::BAD_REQUEST, error.to_string()))
}

async fn nothing_here(uri: Uri) -> Refusal {
    let message = format!(
        "There is nothing at /_sim{}; the README lists what there is.",
        uri.path()
    );
    Refusal(StatusCode::NOT_FOUND, message)
}

async fn health(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let now = shared.with_world(|world| world.now()).await;
    Json(json!({ "status": "ok", "now": now }))
}

async fn reset(State(shared): State<Arc<Shared>>) -> Json<Value> {
    shared.restart(None).await;
    Json(json!({ "reset": true }))
}

async fn replace_scenario(
    State(shared): State<Arc<Shared>>,
    body: String,
) -> Result<Json<Value>, Refusal> {
    let scenario = apart(move || Scenario::parse(&body))
        .await
        .map_err(|error| Refusal(StatusCode::BAD_REQUEST, error.to_string()))?;
    shared.restart(Some(scenario)).await;
    Ok(Json(json!({ "replaced": true })))
}

async fn clock(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let (mode, scale) = shared.clock().await;
    let mode = match mode {
        ClockMode::Manual => "manual",
        ClockMode::Scaled => "scaled",
    };
    let (now, started_at, next) = shared
        .with_world(|world| (world.now(), world.started_at(), world.next_event_at()))
        .await;
    Json(json!({
        "mode": mode, "scale": scale, "now": now, "startedAt": started_at, "nextEventAt": next,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    #[serde(default, deserialize_with = "crate::scenario::amount::optional_number")]
    seconds: Option<f64>,
    #[serde(default)]
    until: Option<String>,
}

async fn advance(State(shared): State<Arc<Shared>>, body: String) -> Result<Json<Value>, Refusal> {
    let advance: Advance = read(&body)?;
    if shared.clock().await.0 == ClockMode::Scaled {
        let sentence = "The clock follows the wall clock; only a manual clock is moved.";
        return Err(Refusal(StatusCode::CONFLICT, sentence.to_owned()));
    }
    let invalid = |sentence: String| Refusal(StatusCode::BAD_REQUEST, sentence);
    match (advance.seconds, advance.until) {
        (Some(seconds), None) => {
            let duration = Duration::try_from_secs_f64(seconds)
                .map_err(|error| invalid(format!("`seconds`: {error}.")))?;
            let now = shared
                .with_world(move |world| advance_by(world, duration))
                .await
                .map_err(invalid)?;
            Ok(Json(json!({ "now": now, "reached": true })))
        }
        (None, Some(until)) => {
            let until: Until = until.parse().map_err(invalid)?;
            let (reached, now) = shared
                .with_world(move |world| (world.advance_until(&until), world.now()))
                .await;
            Ok(Json(json!({ "now": now, "reached": reached })))
        }
        (Some(_) | None, Some(_) | None) => {
            Err(invalid("Give either `seconds` or `until`.".to_owned()))
        }
    }
}

/// Moves the clock, or says how far it still goes and changes nothing.
fn advance_by(world: &mut World, duration: Duration) -> Result<Timestamp, String> {
    let left = World::LAST_MOMENT.duration_since(world.now());
    if left < SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX) {
        return Err(format!(
            "The clock ends at {}; from {} advance by at most {} seconds.",
            World::LAST_MOMENT,
            world.now(),
            left.as_secs(),
        ));
    }
    world.advance(duration);
    Ok(world.now())
}

async fn state(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(shared.with_world(|world| world.state()).await)
}

async fn journal(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let journal = shared.with_world(|world| {
        let journal = world.journal();
        let requests: Vec<_> = journal.requests().collect();
        json!({ "requests": requests, "droppedReads": journal.dropped_reads() })
    });
    Json(journal.await)
}

async fn callers(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let asked = shared.callers.asked();
    let asked: Vec<_> = asked
        .into_iter()
        .map(|(function, action)| json!({ "function": function, "action": action }))
        .collect();
    Json(json!({ "callers": asked }))
}

async fn faults(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let rules = shared.with_world(|world| world.rules()).await;
    let rules: Vec<_> = rules
        .into_iter()
        .map(|(id, applied, left)| json!({ "id": id, "applied": applied, "left": left }))
        .collect();
    Json(json!({ "faults": rules }))
}

async fn add_fault(
    State(shared): State<Arc<Shared>>,
    body: String,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let rule: Rule = read(&body)?;
    let added = shared.with_world(move |world| world.add_checked_rule(rule));
    let id = added.await.map_err(|fault| {
        let error = scenario::rule_error(&body, fault);
        Refusal(StatusCode::BAD_REQUEST, error.to_string())
    })?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.with_world(World::clear_rules).await;
    StatusCode::NO_CONTENT
}

async fn remove_fault(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let name = id.clone();
    let removed = shared
        .with_world(move |world| world.remove_rule(&name))
        .await;
    if removed {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ControlError::Unknown(format!("fault {id}")).into())
    }
}

async fn change_server(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: String,
) -> Result<StatusCode, Refusal> {
    let change: ReplicationChange = read(&body)?;
    shared
        .with_world(move |world| world.change_server(&id, &change))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Outcome {
    #[serde(alias = "launchStatus")]
    outcome: ForcedOutcome,
    #[serde(default)]
    raw_error: Option<String>,
}

async fn force_outcome(
    State(shared): State<Arc<Shared>>,
    Path((job, server)): Path<(String, String)>,
    body: String,
) -> Result<StatusCode, Refusal> {
    let Outcome { outcome, raw_error } = read(&body)?;
    shared
        .with_world(move |world| world.force_outcome(&job, &server, outcome, raw_error))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewInstance {
    #[serde(alias = "sourceServerId", alias = "sourceServerID")]
    server_id: String,
    #[serde(default)]
    is_drill: Option<bool>,
}

async fn create_instance(
    State(shared): State<Arc<Shared>>,
    body: String,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let new: NewInstance = read(&body)?;
    let id = shared
        .with_world(move |world| world.create_instance(&new.server_id, new.is_drill))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(json!({ "recoveryInstanceID": id })),
    ))
}

async fn change_instance(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: String,
) -> Result<StatusCode, Refusal> {
    let change: InstanceChange = read(&body)?;
    shared
        .with_world(move |world| world.change_instance(&id, change))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn verify(State(shared): State<Arc<Shared>>) -> Response {
    Json(shared.with_world(|world| world.verify()).await).into_response()
}
