//! Commands on the wire.

use domain::execution::Command;
use domain::execution::command::Resolution;
use domain::{Fault, FaultCode, SourceServerId, WaveKey};
use serde::Deserialize;
use utoipa::ToSchema;

use super::idempotency::check_client_token;
use super::{form, reader};
use crate::body::{RequestBody, WhenEmpty};

/// A request that says a command.
pub(crate) trait CommandRequest: RequestBody {
    /// The command, or every fault of the request.
    fn command(&self) -> Result<Command, Vec<Fault>> {
        let mut faults = Vec::new();
        check_client_token(self.client_token(), &mut faults);
        match self.parse(&mut faults) {
            Some(command) if faults.is_empty() => Ok(command),
            Some(_) | None => Err(faults),
        }
    }

    /// What the command says; nothing where a fault is noted that leaves it without a meaning.
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command>;

    /// Makes a repeated command the same one.
    fn client_token(&self) -> Option<&str>;
}

/// From now on no new launch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PauseRequest {
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

/// Opens holds.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ResumeRequest {
    /// Exactly these, at least one; left out, the only one that is open.
    #[schema(value_type = Option<form::list::SomeHolds>, inline)]
    hold_ids: Option<Vec<String>>,
    /// Why; required for going on without a failed wave.
    #[schema(value_type = Option<form::Comment>)]
    comment: Option<String>,
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

/// Launches the failed servers of a wave again.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RetryRequest {
    /// The wave.
    #[schema(required = true, value_type = form::WaveKey)]
    wave_key: Option<String>,
    /// Left out, all that have failed. UNKNOWN ones only by name.
    #[schema(value_type = Option<form::list::SomeServers>, inline)]
    source_server_ids: Option<Vec<String>>,
    /// Why.
    #[schema(value_type = Option<form::Comment>)]
    reason: Option<String>,
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

/// Goes on without a wave.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SkipRequest {
    /// The wave.
    #[schema(required = true, value_type = form::WaveKey)]
    wave_key: Option<String>,
    /// Why.
    #[schema(required = true, value_type = form::Reason)]
    reason: Option<String>,
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

/// Starts nothing more and ends. No instance is terminated.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CancelRequest {
    /// Why.
    #[schema(value_type = Option<form::Comment>)]
    reason: Option<String>,
    /// Launching servers that nobody waits for any more. Their jobs are still followed.
    #[schema(value_type = Option<form::list::AnyServers>, inline)]
    give_up_on: Option<Vec<String>>,
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

/// Says what became of a launch in doubt: either its job, or that there is none, and why.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ResolveRequest {
    /// The UNDECIDED hold.
    #[schema(required = true, value_type = form::HoldId)]
    hold_id: Option<String>,
    /// The job that is the launch. Its servers and its kind are compared.
    #[schema(value_type = Option<form::JobId>)]
    job_id: Option<String>,
    /// `true`: DRS has launched nothing, and the next attempt may go.
    no_job: Option<bool>,
    /// How it is known; required with `noJob`.
    #[schema(value_type = Option<form::Comment>)]
    reason: Option<String>,
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

/// Terminates what a drill has launched.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TerminateInstancesRequest {
    /// The plan's name, repeated.
    #[schema(required = true, value_type = form::Confirmation)]
    confirm: Option<String>,
    /// Makes a repeated command the same one.
    #[schema(value_type = Option<form::ClientToken>)]
    client_token: Option<String>,
}

impl RequestBody for PauseRequest {
    const WHEN_EMPTY: WhenEmpty = WhenEmpty::TakeForObject;
}
impl RequestBody for ResumeRequest {
    const WHEN_EMPTY: WhenEmpty = WhenEmpty::TakeForObject;
}
impl RequestBody for CancelRequest {
    const WHEN_EMPTY: WhenEmpty = WhenEmpty::TakeForObject;
}
impl RequestBody for RetryRequest {}
impl RequestBody for SkipRequest {}
impl RequestBody for ResolveRequest {}
impl RequestBody for TerminateInstancesRequest {}

impl CommandRequest for PauseRequest {
    fn parse(&self, _: &mut Vec<Fault>) -> Option<Command> {
        Some(Command::Pause)
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

impl CommandRequest for ResumeRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command> {
        // Left out means the only one that is open; a list opens what it names, so it names some.
        if self.hold_ids.as_ref().is_some_and(Vec::is_empty) {
            let message = "name a hold, or leave the member out";
            faults.push(Fault::new("holdIds", FaultCode::Required, message));
        }
        let holds = self.hold_ids.as_deref().unwrap_or_default();
        Some(Command::Resume {
            holds: reader::list("holdIds", holds, faults),
            comment: reader::optional_reason("comment", self.comment.as_deref(), faults),
        })
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

impl CommandRequest for RetryRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command> {
        let wave = wave_key(self.wave_key.as_deref(), faults);
        let servers = self.source_server_ids.as_deref();
        if servers.is_some_and(<[String]>::is_empty) {
            let message = "name the servers, or leave this out for all that have failed";
            faults.push(Fault::new("sourceServerIds", FaultCode::Required, message));
        }
        let servers: Option<Vec<SourceServerId>> =
            servers.map(|servers| reader::list("sourceServerIds", servers, faults));
        let reason = reader::optional_reason("reason", self.reason.as_deref(), faults);
        Some(Command::Retry {
            wave: wave?,
            servers,
            reason,
        })
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

impl CommandRequest for SkipRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command> {
        let wave = wave_key(self.wave_key.as_deref(), faults);
        let reason = reader::required_reason("reason", self.reason.as_deref(), faults);
        Some(Command::Skip {
            wave: wave?,
            reason: reason?,
        })
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

impl CommandRequest for CancelRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command> {
        let servers = self.give_up_on.as_deref().unwrap_or_default();
        Some(Command::Cancel {
            reason: reader::optional_reason("reason", self.reason.as_deref(), faults),
            give_up_on: reader::list("giveUpOn", servers, faults),
        })
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

impl CommandRequest for ResolveRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command> {
        let hold = reader::required("holdId", self.hold_id.as_deref(), faults);
        let resolution = self.resolution(faults);
        Some(Command::Resolve {
            hold: hold?,
            resolution: resolution?,
        })
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

impl ResolveRequest {
    fn resolution(&self, faults: &mut Vec<Fault>) -> Option<Resolution> {
        match (self.job_id.as_deref(), self.no_job) {
            (Some(job), None | Some(false)) => {
                reader::required("jobId", Some(job), faults).map(Resolution::Job)
            }
            (None, Some(true)) => reader::required_reason("reason", self.reason.as_deref(), faults)
                .map(Resolution::NoJob),
            (Some(_), Some(true)) => {
                let message = "a launch either has a job or has none";
                faults.push(Fault::new("noJob", FaultCode::NotTogether, message));
                None
            }
            (None, None | Some(false)) => {
                let message = "name the job, or say `noJob: true` with a reason";
                faults.push(Fault::new("jobId", FaultCode::Required, message));
                None
            }
        }
    }
}

impl CommandRequest for TerminateInstancesRequest {
    fn parse(&self, faults: &mut Vec<Fault>) -> Option<Command> {
        let confirm = reader::required("confirm", self.confirm.as_deref(), faults)?;
        Some(Command::TerminateInstances { confirm })
    }

    fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }
}

fn wave_key(text: Option<&str>, faults: &mut Vec<Fault>) -> Option<WaveKey> {
    reader::required("waveKey", text, faults)
}
