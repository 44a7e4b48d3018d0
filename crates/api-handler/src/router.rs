//! The router: every endpoint behind its guard, and one way of answering around them all.

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::api::Api;
use crate::endpoint::endpoints;
use crate::{guard, middleware};

/// The whole API.
pub fn router(api: Api) -> Router {
    endpoints()
        .into_iter()
        .fold(Router::new(), |router, endpoint| {
            let path = endpoint.path;
            router.route(path, guard::guarded(endpoint, &api))
        })
        .layer(from_fn_with_state(api.clone(), middleware::observe))
        .with_state(api)
}
