//! Launching failed servers of a wave again; the others keep their instances.

use super::Execution;
use super::command::{not_over, wave_index};
use super::decide::Turn;
use super::note::NoteCode;
use super::refusal::Refusal;
use super::server::ServerState;
use super::wave::{WaveClock, WaveState};
use crate::counted::counted;
use crate::ids::{SourceServerId, WaveKey};

fn is_failed(state: ServerState) -> bool {
    matches!(state, ServerState::Failed | ServerState::Terminated)
}

pub(super) fn may_retry(execution: &Execution) -> Result<(), Refusal> {
    not_over(execution)?;
    let any = execution.batches().any(|(_, batch)| {
        batch.servers.iter().any(|server| {
            is_failed(server.state)
                || (server.state == ServerState::Unknown && !batch.is_in_flight())
        })
    });
    if any {
        Ok(())
    } else {
        Err(Refusal::now("No server has failed."))
    }
}

pub(super) fn retry(
    turn: &mut Turn,
    by: &str,
    key: &WaveKey,
    named: Option<&[SourceServerId]>,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let index = wave_index(&turn.next, key)?;
    let chosen = retried(&turn.next, index, named)?;
    let wave = &mut turn.next.waves[index];
    for server in wave
        .servers_mut()
        .filter(|server| chosen.contains(&server.id))
    {
        server.queue_again();
    }
    if wave.end().is_some() {
        // The limit is for one go at the wave: what an earlier one spent does not count.
        wave.head.clock = WaveClock::default();
    }
    wave.head.state = WaveState::Started;
    let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let text = format!(
        "{} launched again in wave `{key}`{why}",
        counted(chosen.len(), "server is", "servers are")
    );
    turn.note_actor(NoteCode::Retried, Some(index), text, by);
    Ok(())
}

/// The servers that a retry means: those that failed, and unknown ones only by name and only
/// when no job of theirs can still bring them up.
fn retried(
    execution: &Execution,
    index: usize,
    named: Option<&[SourceServerId]>,
) -> Result<Vec<SourceServerId>, Refusal> {
    let wave = &execution.waves[index];
    let Some(named) = named else {
        let failed: Vec<SourceServerId> = wave
            .servers()
            .filter(|server| is_failed(server.state))
            .map(|server| server.id.clone())
            .collect();
        return if failed.is_empty() {
            Err(Refusal::now(format!(
                "No server of wave `{}` has failed.",
                wave.head.key
            )))
        } else {
            Ok(failed)
        };
    };
    let found = |id: &SourceServerId| {
        wave.batches.iter().find_map(|batch| {
            let mut servers = batch.servers.iter();
            Some((batch, servers.find(|server| server.id == *id)?))
        })
    };
    for (batch, server) in named.iter().filter_map(found) {
        let id = &server.id;
        if server.state == ServerState::Unknown && batch.is_in_flight() {
            let text = format!("The job of {id} still runs and may yet bring it up.");
            return Err(Refusal::now(text));
        }
        if !is_failed(server.state) && server.state != ServerState::Unknown {
            let text = format!("{id} has not failed.");
            return Err(Refusal::now(text));
        }
    }
    if named.is_empty() {
        return Err(Refusal::now("No server is named."));
    }
    Ok(named.to_vec())
}
