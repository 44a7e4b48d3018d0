//! A client that does what the specification advises: it reads all pages, spares the instances of
//! real recoveries, marks each attempt, looks before it tries again, and waits where waiting helps.

use drs_simulator::scenario::{ClockMode, Scenario};
use drs_simulator::wire::Tags;
use drs_simulator::wire::job::{
    DescribeJobsRequest, Job, JobStatus, StartRecoveryRequest, StartRecoverySourceServer,
};
use drs_simulator::wire::recovery_instance::DescribeRecoveryInstancesRequest;
use drs_simulator::{ApiError, Caller, ErrorName, Operation, Reply, World};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How often anything is tried before it is given up.
const MOST_TRIES: usize = 400;
/// How many minutes a job is followed.
const MOST_MINUTES: usize = 600;

pub(crate) struct CarefulClient<'a> {
    world: &'a mut World,
    scale: f64,
    /// Account and Region, and the batches to launch there, one after another.
    places: BTreeMap<(String, String), Vec<Vec<String>>>,
}

impl<'a> CarefulClient<'a> {
    pub(crate) fn new(scenario: &Scenario, world: &'a mut World) -> Self {
        let first = &scenario.accounts[0];
        let mut tiers: BTreeMap<(String, String), BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for server in scenario
            .servers
            .0
            .iter()
            .filter(|one| one.tags.contains_key("tier"))
        {
            let account = server.account.clone().unwrap_or_else(|| first.id.clone());
            let region = server
                .region
                .clone()
                .unwrap_or_else(|| first.regions[0].0.clone());
            let tiers = tiers.entry((account, region)).or_default();
            tiers
                .entry(server.tags["tier"].clone())
                .or_default()
                .push(server.id.clone());
        }
        let places = tiers.into_iter();
        Self {
            world,
            scale: match scenario.clock.mode {
                ClockMode::Manual => 1.0,
                ClockMode::Scaled => f64::from(scenario.clock.scale),
            },
            places: places
                .map(|(place, tiers)| (place, tiers.into_values().collect()))
                .collect(),
        }
    }

    /// Drills every server that has a tier, tier after tier.
    pub(crate) fn drill_everything(mut self) {
        for ((account, region), batches) in std::mem::take(&mut self.places) {
            let caller = Caller::new(account, region);
            for (number, batch) in batches.into_iter().enumerate() {
                self.drill(&caller, number, batch);
            }
        }
        // What happens after a launch needs some time to happen.
        self.pass(60.0 * 60.0);
    }

    fn drill(&mut self, caller: &Caller, number: usize, mut servers: Vec<String>) {
        let kept = self.servers_of_recoveries(caller);
        servers.retain(|server| !kept.contains(server));
        let mut attempt = 1;
        for _ in 0..MOST_TRIES {
            if servers.is_empty() {
                return;
            }
            let tag = format!("{}/{number}/{attempt}", caller.region);
            match self.start(caller, &servers, &tag) {
                Some(Ok(job)) => return self.follow(caller, &job),
                Some(Err(error)) => match (error.name, &error.details.resource) {
                    (ErrorName::Conflict, Some((_, server))) => servers.retain(|one| one != server),
                    (ErrorName::Conflict | ErrorName::ServiceQuotaExceeded, _) => self.pass(60.0),
                    (ErrorName::Throttling, _) => self.pass(2.0),
                    (ErrorName::InternalServer, _) => match self.adopt(caller, &tag) {
                        Some(job) => return self.follow(caller, &job),
                        None => attempt += 1,
                    },
                    (name, _) => panic!("{name:?}: {}", error.message),
                },
                None => match self.adopt(caller, &tag) {
                    Some(job) => return self.follow(caller, &job),
                    None => attempt += 1,
                },
            }
        }
        panic!("{caller:?}: {servers:?} were never accepted");
    }

    /// The job's id, the refusal, or nothing where the answer was lost.
    fn start(
        &mut self,
        caller: &Caller,
        servers: &[String],
        tag: &str,
    ) -> Option<Result<String, ApiError>> {
        let server = |id: &String| StartRecoverySourceServer {
            source_server_id: id.clone(),
            recovery_snapshot_id: None,
        };
        let request = StartRecoveryRequest {
            source_servers: servers.iter().map(server).collect(),
            is_drill: Some(true),
            tags: Some(Tags::from([("attempt".to_owned(), tag.to_owned())])),
        };
        let answer = self.ask(caller, &request)?;
        Some(answer.map(|answer| answer.job.unwrap().job_id))
    }

    /// Looks for the job of an attempt whose answer was lost, for some minutes.
    fn adopt(&mut self, caller: &Caller, tag: &str) -> Option<String> {
        for _ in 0..10 {
            self.pass(30.0);
            let is_ours = |job: &Job| job.tags.as_ref().is_some_and(|tags| tags["attempt"] == tag);
            if let Some(job) = self.jobs(caller).into_iter().find(is_ours) {
                return Some(job.job_id);
            }
        }
        None
    }

    fn follow(&mut self, caller: &Caller, job: &str) {
        for _ in 0..MOST_MINUTES {
            let jobs = self.jobs(caller);
            let seen = jobs.iter().find(|one| one.job_id == job);
            if seen.and_then(|job| job.status) == Some(JobStatus::Completed) {
                return;
            }
            self.pass(60.0);
        }
    }

    fn servers_of_recoveries(&mut self, caller: &Caller) -> BTreeSet<String> {
        let instances = self.pages(caller, |world, token| {
            let request = DescribeRecoveryInstancesRequest {
                next_token: token,
                ..DescribeRecoveryInstancesRequest::default()
            };
            let page = world.ask(caller, &request)?;
            Some(page.map(|page| (page.items, page.next_token)))
        });
        let real = instances
            .into_iter()
            .filter(|one| one.is_drill == Some(false));
        real.filter_map(|one| one.source_server_id).collect()
    }

    fn jobs(&mut self, caller: &Caller) -> Vec<Job> {
        self.pages(caller, |world, token| {
            let request = DescribeJobsRequest {
                next_token: token,
                ..DescribeJobsRequest::default()
            };
            let page = world.ask(caller, &request)?;
            Some(page.map(|page| (page.items, page.next_token)))
        })
    }

    /// All items of a list. A page that cannot be had is asked for again.
    fn pages<T>(
        &mut self,
        caller: &Caller,
        mut page: impl FnMut(
            &mut Self,
            Option<String>,
        ) -> Option<Result<(Vec<T>, Option<String>), ApiError>>,
    ) -> Vec<T> {
        let (mut all, mut token) = (Vec::new(), None);
        for _ in 0..MOST_TRIES {
            let Some(Ok((items, next))) = page(self, token.clone()) else {
                self.pass(5.0);
                continue;
            };
            all.extend(items);
            match next {
                Some(next) => token = Some(next),
                None => return all,
            }
        }
        panic!("{caller:?}: a list does not end");
    }

    fn ask<O: Operation>(
        &mut self,
        caller: &Caller,
        request: &O,
    ) -> Option<Result<O::Response, ApiError>> {
        match self.world.request(caller, request) {
            Reply::Answered(answer) | Reply::Held { answer, .. } => Some(answer),
            Reply::Postponed { .. } => Some(self.world.request_delayed(caller, request)),
            Reply::Lost => None,
        }
    }

    /// Lets this much time pass as the scenario's durations count it.
    fn pass(&mut self, seconds: f64) {
        self.world
            .advance(Duration::from_secs_f64(seconds / self.scale));
    }
}
