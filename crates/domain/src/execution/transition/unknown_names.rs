//! What a command names exists, whatever may be done with it now.

use std::collections::BTreeSet;

use crate::execution::model::command::Command;
use crate::execution::model::execution::Execution;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::server::Server;
use crate::ids::{SourceServerId, WaveKey};

/// Refuses a command that names what the execution does not have.
pub(super) fn names_what_is_there(execution: &Execution, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Retry { wave, servers, .. } => {
            let wave = &execution.waves[wave_index(execution, wave)?];
            let named = servers.as_deref().unwrap_or_default();
            let key = &wave.head.key;
            are_among(wave.servers(), ("sourceServerIds", named), |id| {
                format!("wave `{key}` has no server {id}")
            })
        }
        Command::Skip { wave, .. } => wave_index(execution, wave).map(|_| ()),
        Command::Cancel { give_up_on, .. } => {
            are_among(execution.servers(), ("giveUpOn", give_up_on), |id| {
                format!("{id} is not in this execution")
            })
        }
        Command::Pause
        | Command::Resume { .. }
        | Command::Resolve { .. }
        | Command::TerminateInstances { .. } => Ok(()),
    }
}

/// Every server that a member of a command names is one of these.
fn are_among<'a>(
    servers: impl Iterator<Item = &'a Server>,
    (member, named): (&str, &[SourceServerId]),
    missing: impl Fn(&SourceServerId) -> String,
) -> Result<(), Refusal> {
    let known: BTreeSet<&SourceServerId> = servers.map(|server| &server.id).collect();
    match named.iter().enumerate().find(|(_, id)| !known.contains(id)) {
        Some((index, id)) => Err(Refusal::UnknownMember {
            path: format!("{member}[{index}]"),
            message: missing(id),
        }),
        None => Ok(()),
    }
}

pub(super) fn wave_index(execution: &Execution, key: &WaveKey) -> Result<usize, Refusal> {
    execution
        .waves
        .iter()
        .position(|wave| wave.head.key == *key)
        .ok_or_else(|| Refusal::UnknownMember {
            path: "waveKey".to_owned(),
            message: format!("the execution has no wave `{key}`"),
        })
}
