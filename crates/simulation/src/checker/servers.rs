//! What each save says of servers and their jobs, and whether the world has it so.

use drs_simulator::World;
use drs_simulator::wire::job::LaunchStatus;

use super::state::Checker;
use crate::facts::{Server, ServerState, Wave};

/// How the product begins the error of a server that it gave up because DRS refused it.
const REFUSED: &str = "DRS refused it";

impl Checker {
    /// Only jobs that the world knows to be started for this very attempt are followed.
    pub(super) fn judge_jobs(&mut self, (was, is): (&Wave, &Wave), id: &str, wave: usize) {
        for (index, batch) in is.batches.iter().enumerate() {
            let known = was.batches.get(index).map_or(0, |batch| batch.jobs.len());
            for job in batch.jobs.iter().skip(known) {
                let attempt = format!("{id}.{wave}.{index}.{}", job.attempt);
                let launch = self.launched.get(&job.id);
                if launch.is_none_or(|launch| launch.attempt != attempt) {
                    let text = format!("job {} of others is taken for its own", job.id);
                    self.breach("law 1", text);
                }
                let twice = batch.jobs.iter().filter(|one| one.id == job.id).count();
                if twice > 1 {
                    self.breach("law 1", format!("job {} is counted twice", job.id));
                }
            }
        }
    }

    /// A job that DRS shows is not taken for gone.
    pub(super) fn judge_vanished(&mut self, world: &World, was: &Wave, is: &Wave) {
        let gone = |wave: &Wave, id: &str| {
            let mut jobs = wave.batches.iter().flat_map(|batch| &batch.jobs);
            jobs.any(|job| job.id == id && job.has_vanished)
        };
        for job in is.batches.iter().flat_map(|batch| &batch.jobs) {
            if !gone(is, &job.id) || gone(was, &job.id) {
                continue;
            }
            let record = world.job_record(&job.id);
            if record.is_some_and(|record| record.is_running() && !record.is_forgotten()) {
                let text = format!("job {} counts as gone, and DRS shows it", job.id);
                self.breach("law 4", text);
            }
        }
    }

    /// Law 5 for servers, and a merge that only goes forward.
    pub(super) fn judge_servers(&mut self, world: &World, was: &Wave, is: &Wave) {
        for server in is.servers() {
            let Some(old) = was.servers().find(|old| old.id == server.id) else {
                continue;
            };
            let state = (old.state, server.state);
            let is_told_late = state == (ServerState::Launched, ServerState::Terminated)
                && old.ec2_state().is_none()
                && server.is_known_as_ended();
            if old.job == server.job && old.job.is_some() && goes_back(state) && !is_told_late {
                let text = format!("{} went from {:?} to {:?}", server.id, state.0, state.1);
                self.breach("law 5", text);
            }
            if old.state != server.state {
                self.judge_server(world, server);
            }
        }
    }

    fn judge_server(&mut self, world: &World, server: &Server) {
        let job = server.job.as_ref();
        let record = job.and_then(|job| world.job_record(job));
        let there = record.and_then(|job| job.status_of(&server.id));
        match server.state {
            ServerState::Launched => self.judge_launched(world, server, there),
            ServerState::Failed => self.judge_failed(server, there),
            ServerState::Pending
            | ServerState::Queued
            | ServerState::Launching
            | ServerState::Reconciling
            | ServerState::Unknown
            | ServerState::Skipped
            | ServerState::Cancelled
            | ServerState::Terminated => {}
        }
    }

    fn judge_launched(&mut self, world: &World, server: &Server, there: Option<LaunchStatus>) {
        let id = &server.id;
        let has_launched = matches!(
            there,
            Some(LaunchStatus::Launched | LaunchStatus::Terminated)
        );
        if !has_launched && !self.is_carried_over(world, server) {
            let text = format!("{id} counts as launched and is {there:?} at DRS");
            self.breach("law 5", text);
        }
        if server.is_known_as_ended() && server.warnings == 0 {
            let text = format!("{id} counts as launched, and is known to be terminated");
            self.breach("law 5", text);
        }
    }

    fn judge_failed(&mut self, server: &Server, there: Option<LaunchStatus>) {
        let id = &server.id;
        let lives = matches!(
            there,
            Some(LaunchStatus::Launched | LaunchStatus::InProgress | LaunchStatus::Pending)
        );
        if lives {
            let text = format!("{id} counts as failed and is {there:?} at DRS");
            self.breach("law 4", text);
        }
        let error = server.error.as_ref();
        let refused = error.is_some_and(|text| text.starts_with(REFUSED));
        if refused && !self.story.refused_servers.contains(id) {
            let text = format!("{id} was given up for what DRS says of another");
            self.breach("E16", text);
        }
    }

    /// Whether a server is up without a job of this execution, because a recovery that this one
    /// continues has brought it up.
    fn is_carried_over(&self, world: &World, server: &Server) -> bool {
        let (None, Some(instance)) = (&server.job, &server.instance) else {
            return false;
        };
        world.instance_records().any(|one| {
            one.id() == instance.id
                && one.server() == server.id
                && !one.is_drill()
                && self.launched.contains_key(one.job())
        })
    }
}

/// What cannot be, while the job is the same.
fn goes_back((was, is): (ServerState, ServerState)) -> bool {
    let over = matches!(
        was,
        ServerState::Launched | ServerState::Failed | ServerState::Terminated
    );
    over && was != is
}
