//! Before a handler runs: who calls, whether they may, and whether the address has the
//! parameters that were given.

use std::collections::BTreeSet;

use axum::extract::{Query, Request, State};
use axum::http::Uri;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use domain::access::Permission;
use domain::{Fault, FaultCode};

use crate::api::Api;
use crate::endpoint::{Access, Endpoint};
use crate::gateway::RequestContext;
use crate::identity::{Caller, identify};
use crate::middleware::ActorId;
use crate::problem::Problem;

#[derive(Clone)]
struct Guard {
    access: Access,
    parameters: &'static [&'static str],
    api: Api,
}

/// The endpoint's route behind its guard.
pub(crate) fn guarded(endpoint: Endpoint, api: &Api) -> MethodRouter<Api> {
    let guard = Guard {
        access: endpoint.access,
        parameters: endpoint.parameters,
        api: api.clone(),
    };
    endpoint.route.route_layer(from_fn_with_state(guard, check))
}

async fn check(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let caller = match guard.caller(&request) {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let actor = caller
        .as_ref()
        .map(|caller| ActorId(caller.id().to_owned()));
    let admitted = admit(guard.access, caller.as_ref())
        .and_then(|()| known_parameters(request.uri(), guard.parameters));
    let mut response = match admitted {
        Ok(()) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    if let Some(actor) = actor {
        response.extensions_mut().insert(actor);
    }
    response
}

impl Guard {
    fn caller(&self, request: &Request) -> Result<Option<Caller>, Problem> {
        if self.access == Access::Open {
            return Ok(None);
        }
        let context = request.extensions().get::<RequestContext>();
        let context = context.ok_or_else(|| Problem::unauthorized("There is no identity."))?;
        identify(context, self.api.now())
            .map(Some)
            .map_err(|reason| Problem::unauthorized(reason.to_string()))
    }
}

fn admit(access: Access, caller: Option<&Caller>) -> Result<(), Problem> {
    let has = |permission| caller.is_some_and(|caller| caller.has(permission));
    match access {
        Access::Open => Ok(()),
        Access::SignedIn if caller.is_some() => Ok(()),
        Access::Needs(permission) if has(permission) => Ok(()),
        Access::NeedsToRun if has(Permission::RunDrills) || has(Permission::RunRecoveries) => {
            Ok(())
        }
        Access::SignedIn => Err(Problem::unauthorized("There is no identity.")),
        Access::Needs(permission) => Err(Problem::forbidden(permission)),
        Access::NeedsToRun => Err(Problem::forbidden_to_run()),
    }
}

fn known_parameters(uri: &Uri, known: &[&str]) -> Result<(), Problem> {
    let given = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| Problem::bad_request("INVALID_REQUEST", "The query cannot be read."))?;
    // The gateway hands parameters over in no order of their own.
    let mut names: Vec<&String> = given.0.iter().map(|(name, _)| name).collect();
    names.sort();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for name in names {
        if !known.contains(&name.as_str()) {
            let message = "this address has no such parameter";
            faults.push(Fault::new(name, FaultCode::UnknownMember, message));
        } else if !seen.insert(name) {
            let message = "this parameter is given once at most";
            faults.push(Fault::new(name, FaultCode::Duplicate, message));
        }
    }
    Problem::unless_faultless("INVALID_REQUEST", &faults)
}
