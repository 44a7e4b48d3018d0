//! What DRS did with the servers of a wave over time, by the copies of its jobs' logs: read from
//! our own store, without a call to DRS.

use std::collections::{BTreeMap, BTreeSet};

use domain::execution::server::Phase;
use domain::execution::{Execution, ServerState, Wave};
use domain::{ExecutionId, JobId, SourceServerId};
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;

use crate::job_log::{Step, step};
use crate::ports::PageRequest;
use crate::ports::drs::JobLogEntry;
use crate::ports::execution_store::StoredEvent;
use crate::{Engine, EngineError};

/// Logs that are read at once.
const LOGS_AT_ONCE: usize = 4;
/// Entries of an event log that are read at once.
const EVENTS_PER_PAGE: usize = 1_000;
/// Most moments at which the servers of a wave are counted.
pub const MOMENTS_MAX: usize = 48;

/// One phase of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseSpan {
    /// Which.
    pub phase: Phase,
    /// When DRS began it.
    pub from: Timestamp,
    /// When DRS ended it; nothing while it lasts.
    pub to: Option<Timestamp>,
    /// What came of it.
    pub result: PhaseResult,
}

/// What came of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseResult {
    /// It lasts, or it succeeded.
    Fine,
    /// DRS says that it failed.
    Failed,
}

/// The phases of each server of a wave, in order of time.
pub type ServerPhases = BTreeMap<SourceServerId, Vec<PhaseSpan>>;

/// How many servers were in which phase from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseMoment {
    /// Since when.
    pub at: Timestamp,
    /// How many; a phase in which there is none is left out.
    pub counts: BTreeMap<Phase, usize>,
}

impl Engine {
    /// What DRS did with each server of a wave.
    pub async fn phases(&self, id: &ExecutionId, wave: &Wave) -> Result<ServerPhases, EngineError> {
        let jobs: BTreeSet<JobId> = wave
            .batches
            .iter()
            .flat_map(|batch| &batch.jobs)
            .map(|job| job.id.clone())
            .collect();
        let read = async |job: JobId| {
            let log = self.job_log(id, &job, 0, usize::MAX).await?;
            Ok::<_, EngineError>(spans_of(&log, |server| is_at(wave, server, &job)))
        };
        // A log can be large, and what is made of it is small: few are in memory at once.
        let found: Vec<ServerPhases> = stream::iter(jobs)
            .map(read)
            .buffer_unordered(LOGS_AT_ONCE)
            .try_collect()
            .await?;
        let mut phases = ServerPhases::new();
        for (server, spans) in found.into_iter().flatten() {
            phases.entry(server).or_default().extend(spans);
        }
        for spans in phases.values_mut() {
            spans.sort_by_key(|span| (span.from, span.phase));
        }
        Ok(phases)
    }

    /// The whole event log of an execution, in its order.
    pub async fn whole_event_log(
        &self,
        execution: &Execution,
    ) -> Result<Vec<StoredEvent>, EngineError> {
        let mut page = PageRequest {
            limit: EVENTS_PER_PAGE,
            after: None,
        };
        let mut events = Vec::new();
        loop {
            let id = &execution.head.id;
            let found = self.ports.store.events(id, &page).await?;
            events.extend(found.items);
            if found.next.is_none() {
                return Ok(events);
            }
            page.after = found.next;
        }
    }
}

/// Whether this job launches the server now.
fn is_at(wave: &Wave, server: &SourceServerId, job: &JobId) -> bool {
    wave.servers().any(|known| {
        known.id == *server
            && known.state == ServerState::Launching
            && known.job.as_ref() == Some(job)
    })
}

/// The phases of each server in the log of one job. A phase that nothing ended lasts on where the
/// job still launches its server, and else is left out.
fn spans_of(log: &[JobLogEntry], lasts: impl Fn(&SourceServerId) -> bool) -> ServerPhases {
    let mut spans = ServerPhases::new();
    let mut begun: BTreeMap<(&SourceServerId, Phase), Timestamp> = BTreeMap::new();
    for entry in log {
        let (Some(server), Some(at)) = (&entry.server, entry.at) else {
            continue;
        };
        let (phase, result) = match step(&entry.event) {
            Some(Step::Begins(phase)) => {
                begun.insert((server, phase), at);
                continue;
            }
            Some(Step::Ends(phase)) => (phase, PhaseResult::Fine),
            Some(Step::Fails(phase)) => (phase, PhaseResult::Failed),
            None => continue,
        };
        if let Some(from) = begun.remove(&(server, phase)) {
            let to = Some(at);
            let span = PhaseSpan {
                phase,
                from,
                to,
                result,
            };
            spans.entry(server.clone()).or_default().push(span);
        }
    }
    for ((server, phase), from) in begun {
        if lasts(server) {
            let span = PhaseSpan {
                phase,
                from,
                to: None,
                result: PhaseResult::Fine,
            };
            spans.entry(server.clone()).or_default().push(span);
        }
    }
    spans
}

/// How many servers were in which phase over time: at every change, or, where there are too many
/// changes, at so many moments at equal distances from the first change to the last.
pub fn moments(phases: &ServerPhases) -> Vec<PhaseMoment> {
    let mut changes: BTreeMap<Timestamp, BTreeMap<Phase, isize>> = BTreeMap::new();
    for span in phases.values().flatten() {
        *changes
            .entry(span.from)
            .or_default()
            .entry(span.phase)
            .or_default() += 1;
        if let Some(to) = span.to {
            *changes
                .entry(to)
                .or_default()
                .entry(span.phase)
                .or_default() -= 1;
        }
    }
    let mut counts: BTreeMap<Phase, isize> = BTreeMap::new();
    let every: Vec<PhaseMoment> = changes
        .into_iter()
        .map(|(at, change)| {
            for (phase, by) in change {
                *counts.entry(phase).or_default() += by;
            }
            let positive = counts.iter().filter_map(|(&phase, &count)| {
                let count = usize::try_from(count).ok()?;
                (count > 0).then_some((phase, count))
            });
            PhaseMoment {
                at,
                counts: positive.collect(),
            }
        })
        .collect();
    thinned(every)
}

fn thinned(every: Vec<PhaseMoment>) -> Vec<PhaseMoment> {
    let (Some(first), Some(last)) = (every.first(), every.last()) else {
        return every;
    };
    if every.len() <= MOMENTS_MAX {
        return every;
    }
    let begin = first.at;
    let length = last.at.duration_since(begin);
    let slices = i32::try_from(MOMENTS_MAX - 1).unwrap_or(i32::MAX);
    let at = |slice: i32| begin + length * slice / slices;
    (0..=slices)
        .map(|slice| {
            let at = at(slice);
            let passed = every.partition_point(|moment| moment.at <= at);
            PhaseMoment {
                at,
                counts: every[passed.saturating_sub(1)].counts.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::SourceServerId;
    use domain::execution::server::Phase;
    use jiff::Timestamp;

    use super::{MOMENTS_MAX, PhaseResult, PhaseSpan, ServerPhases, moments, spans_of};
    use crate::ports::drs::JobLogEntry;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + seconds).expect("a time")
    }

    fn server(number: u32) -> SourceServerId {
        format!("s-{number:017}").parse().expect("s- and 17 digits")
    }

    fn entry(seconds: i64, event: &str, number: u32) -> JobLogEntry {
        JobLogEntry {
            at: Some(at(seconds)),
            event: event.into(),
            server: Some(server(number)),
            conversion_server: None,
            instance: None,
            error: None,
            attempt: None,
        }
    }

    fn span(phase: Phase, from: i64, to: Option<i64>, result: PhaseResult) -> PhaseSpan {
        PhaseSpan {
            phase,
            from: at(from),
            to: to.map(at),
            result,
        }
    }

    #[test]
    fn a_phase_is_from_its_begin_to_its_end_or_its_failure() {
        let log = [
            entry(1, "SNAPSHOT_START", 1),
            entry(5, "USING_PREVIOUS_SNAPSHOT", 1),
            entry(7, "SNAPSHOT_END", 1),
            entry(7, "CONVERSION_START", 1),
            entry(9, "CONVERSION_FAIL", 1),
        ];
        let spans = spans_of(&log, |_| true);
        let expected = [
            span(Phase::Snapshot, 1, Some(7), PhaseResult::Fine),
            span(Phase::Conversion, 7, Some(9), PhaseResult::Failed),
        ];
        assert_eq!(spans[&server(1)], expected);
    }

    #[test]
    fn a_phase_without_an_end_lasts_only_while_its_job_launches_the_server() {
        let log = [entry(1, "LAUNCH_START", 1), entry(2, "LAUNCH_START", 2)];
        let spans = spans_of(&log, |one| *one == server(2));
        assert_eq!(spans.get(&server(1)), None);
        let lasting = span(Phase::Launch, 2, None, PhaseResult::Fine);
        assert_eq!(spans[&server(2)], [lasting]);
    }

    fn counted(phases: &ServerPhases) -> Vec<(i64, Vec<(Phase, usize)>)> {
        let begin = at(0);
        moments(phases)
            .into_iter()
            .map(|moment| {
                let seconds = moment.at.duration_since(begin).as_secs();
                (seconds, moment.counts.into_iter().collect())
            })
            .collect()
    }

    #[test]
    fn servers_are_counted_at_each_change() {
        let fine = PhaseResult::Fine;
        let phases = ServerPhases::from([
            (
                server(1),
                vec![
                    span(Phase::Snapshot, 0, Some(10), fine),
                    span(Phase::Conversion, 10, Some(30), fine),
                ],
            ),
            (server(2), vec![span(Phase::Snapshot, 0, None, fine)]),
        ]);
        let expected = [
            (0, vec![(Phase::Snapshot, 2)]),
            (10, vec![(Phase::Snapshot, 1), (Phase::Conversion, 1)]),
            (30, vec![(Phase::Snapshot, 1)]),
        ];
        assert_eq!(counted(&phases), expected);
    }

    #[test]
    fn however_many_changes_there_are_they_are_counted_at_few_moments_to_the_last() {
        let fine = PhaseResult::Fine;
        let phases = (1..=500)
            .map(|number| {
                let from = i64::from(number);
                (
                    server(number),
                    vec![span(Phase::Launch, from, Some(from + 500), fine)],
                )
            })
            .collect();
        let counted = counted(&phases);
        assert_eq!(counted.len(), MOMENTS_MAX);
        assert_eq!(counted[0], (1, vec![(Phase::Launch, 1)]));
        assert_eq!(counted[MOMENTS_MAX - 1], (1_000, vec![]));
        let most = counted
            .iter()
            .flat_map(|(_, counts)| counts)
            .map(|(_, count)| *count);
        assert!(most.max() > Some(480));
    }
}
