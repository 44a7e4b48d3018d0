//! Starting an execution, on the wire.

use domain::launchability::ReplaceInstance;
use domain::{Fault, RecoveryPlanId};
use engine::start::{Acknowledge, Confirm, Preempt, StartCommand};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::enumeration::{ExecutionStatus, Kind};
use super::idempotency::check_client_token;
use super::time::PointInTime;
use super::{form, reader};
use crate::body::{Object, RequestBody, Whole};

/// An execution to start.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StartExecutionRequest {
    /// The plan to run.
    #[schema(required = true, value_type = form::RecoveryPlanId)]
    recovery_plan_id: Option<String>,
    /// There is no default.
    #[schema(required = true, value_type = Kind)]
    kind: Option<String>,
    /// Makes a repeated start the same start.
    #[schema(value_type = Option<form::ClientToken>)]
    pub(crate) client_token: Option<String>,
    /// Required for a RECOVERY.
    #[schema(value_type = Option<ConfirmRequest>)]
    confirm: Option<Object<ConfirmRequest>>,
    /// What the caller knows and accepts.
    #[schema(value_type = Option<AcknowledgeRequest>)]
    acknowledge: Option<Object<AcknowledgeRequest>>,
    /// Live instances of recoveries that a RECOVERY may destroy.
    #[schema(value_type = Option<form::list::ReplaceInstances>, inline)]
    replace_instances: Option<Vec<Object<ReplaceInstanceRequest>>>,
    /// When the outage was declared; RFC 3339.
    #[schema(value_type = Option<form::PointInTime>)]
    outage_declared_at: Option<String>,
    /// Drills that give way to a RECOVERY: they start nothing more, and their servers pass.
    #[schema(value_type = Option<form::list::Preempts>, inline)]
    preempt: Option<Vec<Object<PreemptRequest>>>,
    /// The ended RECOVERY of the same plan whose instances this one carries on with.
    #[schema(value_type = Option<form::ExecutionId>)]
    continue_from: Option<String>,
}

/// A drill that gives way.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PreemptRequest {
    /// The drill.
    #[schema(required = true, value_type = form::ExecutionId)]
    execution_id: Option<String>,
    /// Why.
    #[schema(required = true, value_type = form::Reason)]
    reason: Option<String>,
}

/// What a recovery repeats, so that nobody starts one by accident. It is compared.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConfirmRequest {
    /// The plan's name.
    #[schema(required = true, nullable = false)]
    recovery_plan_name: Option<String>,
    /// How many servers the plan launches.
    #[schema(required = true, value_type = form::number::ServerCount)]
    server_count: Option<Whole<u32>>,
    /// Why.
    #[schema(required = true, value_type = form::Reason)]
    reason: Option<String>,
}

/// What the caller knows and accepts, each with a reason.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AcknowledgeRequest {
    /// A drill of a group that nobody has said to be isolated.
    #[schema(value_type = Option<form::Reason>)]
    not_isolated: Option<String>,
    /// A drill with stalled or lagging servers.
    #[schema(value_type = Option<form::Reason>)]
    lag: Option<String>,
    /// A recovery while DRS cannot be looked at.
    #[schema(value_type = Option<form::Reason>)]
    unverified: Option<String>,
}

/// A live instance that may be destroyed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReplaceInstanceRequest {
    /// The server.
    #[schema(required = true, value_type = form::SourceServerId)]
    source_server_id: Option<String>,
    /// The instance that a launch of it destroys.
    #[schema(required = true, value_type = form::RecoveryInstanceId)]
    recovery_instance_id: Option<String>,
    /// Why.
    #[schema(required = true, value_type = form::Reason)]
    reason: Option<String>,
}

impl RequestBody for StartExecutionRequest {}

impl StartExecutionRequest {
    /// The command, or every fault of the request.
    pub(crate) fn command(&self, by: &str) -> Result<StartCommand, Vec<Fault>> {
        let faults = &mut Vec::new();
        let plan: Option<RecoveryPlanId> =
            reader::required("recoveryPlanId", self.recovery_plan_id.as_deref(), faults);
        let kind: Option<Kind> = reader::required("kind", self.kind.as_deref(), faults);
        check_client_token(self.client_token.as_deref(), faults);
        let confirm = self.confirm.as_ref();
        let confirm = confirm.and_then(|confirm| confirm.parse(faults));
        let acknowledge = self.acknowledge.as_ref();
        let acknowledge = acknowledge.map(|acknowledge| acknowledge.parse(faults));
        let replace_instances = self.replace_instances(faults);
        let preempt = self.preempt(faults);
        let continue_from = self.continue_from.as_deref();
        let continue_from = reader::optional("continueFrom", continue_from, faults);
        let outage = self.outage_declared_at.as_deref();
        let outage: Option<PointInTime> = reader::optional("outageDeclaredAt", outage, faults);
        match (plan, kind) {
            (Some(plan), Some(kind)) if faults.is_empty() => Ok(StartCommand {
                plan,
                kind: kind.into(),
                by: by.to_owned(),
                confirm,
                acknowledge: acknowledge.unwrap_or_default(),
                replace_instances,
                outage_declared_at: outage.map(|outage| outage.0),
                preempt,
                continue_from,
            }),
            _ => Err(std::mem::take(faults)),
        }
    }

    fn preempt(&self, faults: &mut Vec<Fault>) -> Vec<Preempt> {
        let requests = self.preempt.as_deref().unwrap_or_default();
        requests
            .iter()
            .enumerate()
            .filter_map(|(index, request)| request.parse(&format!("preempt[{index}]"), faults))
            .collect()
    }

    fn replace_instances(&self, faults: &mut Vec<Fault>) -> Vec<ReplaceInstance> {
        let requests = self.replace_instances.as_deref().unwrap_or_default();
        requests
            .iter()
            .enumerate()
            .filter_map(|(index, request)| {
                request.parse(&format!("replaceInstances[{index}]"), faults)
            })
            .collect()
    }
}

impl PreemptRequest {
    fn parse(&self, path: &str, faults: &mut Vec<Fault>) -> Option<Preempt> {
        let at = |member: &str| format!("{path}.{member}");
        let execution = self.execution_id.as_deref();
        let execution = reader::required(&at("executionId"), execution, faults);
        let reason = reader::required_reason(&at("reason"), self.reason.as_deref(), faults);
        Some(Preempt {
            execution: execution?,
            reason: reason?,
        })
    }
}

impl ConfirmRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Confirm> {
        let name = self.recovery_plan_name.clone();
        let name = reader::present("confirm.recoveryPlanName", name, faults);
        let count = reader::present("confirm.serverCount", self.server_count, faults);
        let reason = reader::required_reason("confirm.reason", self.reason.as_deref(), faults);
        Some(Confirm {
            recovery_plan_name: name?,
            server_count: count?.0,
            reason: reason?,
        })
    }
}

impl AcknowledgeRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Acknowledge {
        let mut reason = |member: &str, text: &Option<String>| {
            reader::reason_if_given(&format!("acknowledge.{member}"), text.as_deref(), faults)
        };
        Acknowledge {
            not_isolated: reason("notIsolated", &self.not_isolated),
            lag: reason("lag", &self.lag),
            unverified: reason("unverified", &self.unverified),
        }
    }
}

impl ReplaceInstanceRequest {
    fn parse(&self, path: &str, faults: &mut Vec<Fault>) -> Option<ReplaceInstance> {
        let at = |member: &str| format!("{path}.{member}");
        let server = self.source_server_id.as_deref();
        let server = reader::required(&at("sourceServerId"), server, faults);
        let instance = self.recovery_instance_id.as_deref();
        let instance = reader::required(&at("recoveryInstanceId"), instance, faults);
        let reason = reader::required_reason(&at("reason"), self.reason.as_deref(), faults);
        Some(ReplaceInstance {
            server: server?,
            instance: instance?,
            reason: reason?,
        })
    }
}

/// An execution that was accepted.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StartedExecution)]
pub(crate) struct StartedView {
    pub(crate) execution_id: String,
    pub(crate) status: ExecutionStatus,
    /// Where the execution can be read, from the root of the API's origin.
    pub(crate) status_url: String,
}
