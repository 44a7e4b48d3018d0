//! Every endpoint with its right, its parameters and its handler: one row each. The router is
//! made of these rows, so nothing answers that does not say who may call it.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, post, put};
use domain::access::Permission;

use crate::api::Api;
use crate::handlers::{
    commands, drs, execution_servers, executions, groups, health, phases, plans, statistics, user,
};

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, without a token.
    Open,
    /// Everybody who is signed in.
    SignedIn,
    /// Who has this permission.
    Needs(Permission),
    /// Who may run executions of the kind that the request is about; the handler knows it.
    NeedsToRun,
}

/// One endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// Its method.
    pub method: Method,
    /// Its path, with the names of its parameters in braces.
    pub path: &'static str,
    /// Its name in the `OpenAPI` document.
    pub operation: &'static str,
    /// Who may call it.
    pub access: Access,
    /// The query parameters that it knows; any other is refused.
    pub parameters: &'static [&'static str],
    pub(crate) route: MethodRouter<Api>,
}

const READ: Access = Access::Needs(Permission::Read);
const EDIT: Access = Access::Needs(Permission::EditPlans);
const RUN: Access = Access::NeedsToRun;
const NONE: &[&str] = &[];
const PAGE: &[&str] = &["maxResults", "nextToken"];
const JOB_LOGS: &[&str] = &["maxResults", "nextToken", "jobId"];
const SERVERS: &[&str] = &["maxResults", "nextToken", "waveKey", "status"];
const WAVE_SERVERS: &[&str] = &["waveKey", "maxResults", "nextToken"];
const PLACE_PAGE: &[&str] = &["region", "accountId", "maxResults", "nextToken"];
const PLACE: &[&str] = &["region", "accountId"];
const EXECUTIONS: &[&str] = &[
    "maxResults",
    "nextToken",
    "status",
    "activity",
    "recoveryPlanId",
    "kind",
    "startedAfter",
    "startedBefore",
];

/// Every endpoint.
pub fn endpoints() -> Vec<Endpoint> {
    let mut rows = vec![
        reads("/health", "getHealth", Access::Open, NONE, health::get),
        reads(
            "/user/permissions",
            "getUserPermissions",
            Access::SignedIn,
            NONE,
            user::permissions,
        ),
    ];
    rows.extend(protection_groups());
    rows.extend(recovery_plans());
    rows.extend(executions());
    rows.extend(commands());
    rows.push(reads(
        "/drs/source-servers",
        "listSourceServers",
        READ,
        PLACE_PAGE,
        drs::source_servers,
    ));
    rows.push(reads("/drs/quotas", "getQuotas", READ, PLACE, drs::quotas));
    rows.extend(statistics());
    rows
}

fn protection_groups() -> [Endpoint; 5] {
    let one = "/protection-groups/{protectionGroupId}";
    let all = "/protection-groups";
    [
        reads(all, "listProtectionGroups", READ, PAGE, groups::list),
        posts(all, "createProtectionGroup", EDIT, groups::create),
        reads(one, "getProtectionGroup", READ, NONE, groups::read),
        puts(one, "updateProtectionGroup", EDIT, groups::update),
        deletes(one, "deleteProtectionGroup", EDIT, groups::remove),
    ]
}

fn recovery_plans() -> [Endpoint; 5] {
    let one = "/recovery-plans/{recoveryPlanId}";
    let all = "/recovery-plans";
    [
        reads(all, "listRecoveryPlans", READ, PAGE, plans::list),
        posts(all, "createRecoveryPlan", EDIT, plans::create),
        reads(one, "getRecoveryPlan", READ, NONE, plans::read),
        puts(one, "updateRecoveryPlan", EDIT, plans::update),
        deletes(one, "deleteRecoveryPlan", EDIT, plans::remove),
    ]
}

fn executions() -> [Endpoint; 8] {
    let all = "/executions";
    let events = "/executions/{executionId}/events";
    let job_logs = "/executions/{executionId}/job-logs";
    [
        reads(all, "listExecutions", READ, EXECUTIONS, executions::list),
        posts(all, "startExecution", RUN, executions::start),
        reads(
            "/executions/{executionId}",
            "getExecution",
            READ,
            NONE,
            executions::read,
        ),
        reads(
            events,
            "listExecutionEvents",
            READ,
            PAGE,
            executions::events,
        ),
        reads(
            job_logs,
            "listExecutionJobLogs",
            READ,
            JOB_LOGS,
            executions::job_logs,
        ),
        reads(
            "/executions/{executionId}/servers",
            "listExecutionServers",
            READ,
            SERVERS,
            execution_servers::list,
        ),
        reads(
            "/executions/{executionId}/phases",
            "getExecutionPhases",
            READ,
            NONE,
            phases::read,
        ),
        reads(
            "/executions/{executionId}/server-phases",
            "listExecutionServerPhases",
            READ,
            WAVE_SERVERS,
            phases::servers,
        ),
    ]
}

fn statistics() -> [Endpoint; 2] {
    [
        reads(
            "/statistics/executions",
            "getExecutionStatistics",
            READ,
            NONE,
            statistics::executions,
        ),
        reads(
            "/statistics/recovery-plans",
            "listRecoveryPlanStatistics",
            READ,
            PAGE,
            statistics::recovery_plans,
        ),
    ]
}

fn commands() -> [Endpoint; 7] {
    let terminate = "/executions/{executionId}/terminate-instances";
    [
        posts(
            "/executions/{executionId}/pause",
            "pauseExecution",
            RUN,
            commands::pause,
        ),
        posts(
            "/executions/{executionId}/resume",
            "resumeExecution",
            RUN,
            commands::resume,
        ),
        posts(
            "/executions/{executionId}/cancel",
            "cancelExecution",
            RUN,
            commands::cancel,
        ),
        posts(
            "/executions/{executionId}/retry",
            "retryExecution",
            RUN,
            commands::retry,
        ),
        posts(
            "/executions/{executionId}/skip",
            "skipExecutionWave",
            RUN,
            commands::skip,
        ),
        posts(
            "/executions/{executionId}/resolve",
            "resolveExecutionHold",
            RUN,
            commands::resolve,
        ),
        posts(
            terminate,
            "terminateExecutionInstances",
            RUN,
            commands::terminate_instances,
        ),
    ]
}

fn reads<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    operation: &'static str,
    access: Access,
    parameters: &'static [&'static str],
    handler: H,
) -> Endpoint {
    Endpoint {
        method: Method::GET,
        path,
        operation,
        access,
        parameters,
        route: get(handler),
    }
}

fn posts<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    operation: &'static str,
    access: Access,
    handler: H,
) -> Endpoint {
    writes(path, operation, access, Method::POST, post(handler))
}

fn puts<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    operation: &'static str,
    access: Access,
    handler: H,
) -> Endpoint {
    writes(path, operation, access, Method::PUT, put(handler))
}

fn deletes<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    operation: &'static str,
    access: Access,
    handler: H,
) -> Endpoint {
    writes(path, operation, access, Method::DELETE, delete(handler))
}

fn writes(
    path: &'static str,
    operation: &'static str,
    access: Access,
    method: Method,
    route: MethodRouter<Api>,
) -> Endpoint {
    Endpoint {
        method,
        path,
        operation,
        access,
        parameters: NONE,
        route,
    }
}
