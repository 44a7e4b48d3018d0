//! Launching failed servers of a wave again; the others keep their instances.

use super::unknown_names::wave_index;
use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::execution::Execution;
use crate::execution::model::note::NoteCode;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::server::ServerState;
use crate::execution::model::wave::{WaveClock, WaveState};
use crate::execution::queries::allowed_actions::is_failed;
use crate::ids::{SourceServerId, WaveKey};

pub(super) fn retry(
    transition: &mut Transition,
    by: &str,
    key: &WaveKey,
    named: Option<&[SourceServerId]>,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let index = wave_index(&transition.next, key)?;
    let chosen = retried(&transition.next, index, named)?;
    let wave = &mut transition.next.waves[index];
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
    transition.note_actor(NoteCode::Retried, Some(index), text, by);
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
