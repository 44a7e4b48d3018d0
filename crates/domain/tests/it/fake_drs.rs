//! A DRS that behaves: jobs take their time, a launch destroys the server's earlier instance,
//! and faults happen where a test asks for them. It judges too: it panics where an execution
//! asks for what the laws forbid.

mod looks;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::ec2_instance::Ec2Instance;
use domain::execution::batch::JobStatus;
use domain::execution::event::{LaunchAnswer, LaunchStatus, TerminateAnswer, WorldFault};
use domain::execution::{Effect, Event, Execution, Fence};
use domain::launchability::InstanceOwner;
use domain::quota::{Limits, Usage};
use domain::source_server::{DrillFlag, RecoveryInstance, Replication};
use domain::{JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use jiff::Timestamp;

use crate::world::{instance, job, passing, server};

/// What becomes of a server that is launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It comes up after a minute.
    Launches,
    /// It fails after forty seconds.
    Fails,
    /// It keeps its job open until its fate changes.
    Sticks,
    /// Its job ends without a result for it.
    IsForgotten,
}

/// What becomes of a call of `StartRecovery`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    /// A job begins, and its answer arrives.
    Works,
    /// A job begins, and its answer is lost.
    LosesAnswer,
    /// A job begins, and the caller dies.
    Dies,
    /// Nothing begins, and nobody hears of it.
    LosesRequest,
    /// Nothing begins, and DRS says why.
    IsRefused(LaunchAnswer),
}

/// Whether DRS says which server it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    Named,
    Unnamed,
}

/// Whether looks work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Clear,
    Failing,
}

#[derive(Debug, Clone)]
pub(crate) struct FakeJob {
    pub(crate) id: JobId,
    pub(crate) place: Place,
    pub(crate) tag: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) servers: Vec<SourceServerId>,
    /// What becomes of each, where it is not a launch.
    pub(crate) fates: BTreeMap<SourceServerId, Fate>,
    /// What it terminates; a launch terminates nothing.
    pub(crate) terminates: Vec<RecoveryInstanceId>,
    pub(crate) at: Timestamp,
    pub(crate) vanished: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct FakeDrs {
    pub(crate) fates: BTreeMap<SourceServerId, Fate>,
    pub(crate) replication: BTreeMap<SourceServerId, Replication>,
    /// Servers for which DRS refuses a request whole, without naming them.
    pub(crate) spoilers: BTreeSet<SourceServerId>,
    /// Servers that a person has named, so that they may be launched though an earlier job
    /// brought them up, or still may.
    pub(crate) vouched: BTreeSet<SourceServerId>,
    /// Servers that DRS refuses to launch for their state, though no job has them.
    pub(crate) refused: BTreeMap<SourceServerId, Naming>,
    /// More servers than this are not taken in one job.
    pub(crate) takes_at_once: usize,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) terminations: VecDeque<TerminateAnswer>,
    /// More instances than this are not taken in one request.
    pub(crate) terminates_at_once: usize,
    pub(crate) sight: Sight,
    /// Seconds for which DRS hides a job that it has accepted.
    pub(crate) hides_jobs_for: i64,
    pub(crate) jobs: Vec<FakeJob>,
    pub(crate) foreign: Vec<(RecoveryInstance, InstanceOwner)>,
    pub(crate) gone: BTreeSet<RecoveryInstanceId>,
    /// Of those, what launches of ours destroyed.
    destroyed: BTreeSet<RecoveryInstanceId>,
    /// Instances that a terminate job does not end, with what its log says.
    pub(crate) protected: BTreeMap<RecoveryInstanceId, String>,
    /// Instances that somebody has ended by hand: DRS keeps their records.
    pub(crate) ended_by_hand: BTreeSet<RecoveryInstanceId>,
    /// Instances whose records say something else than what was launched.
    pub(crate) shown_as: Vec<RecoveryInstance>,
    /// What EC2 runs beside what DRS lists.
    pub(crate) unlisted: Vec<Ec2Instance>,
    /// Why EC2 cannot be asked.
    pub(crate) ec2_fault: Option<WorldFault>,
    /// Whether logs of jobs can be read.
    pub(crate) logs: Sight,
    /// Terminate jobs from now on never end.
    pub(crate) terminations_stick: Option<Fate>,
    pub(crate) usage: Usage,
    pub(crate) limits: Limits,
}

impl FakeDrs {
    pub(crate) fn new() -> Self {
        Self {
            fates: BTreeMap::new(),
            replication: BTreeMap::new(),
            spoilers: BTreeSet::new(),
            vouched: BTreeSet::new(),
            refused: BTreeMap::new(),
            takes_at_once: usize::MAX,
            calls: VecDeque::new(),
            terminations: VecDeque::new(),
            terminates_at_once: usize::MAX,
            sight: Sight::Clear,
            hides_jobs_for: 0,
            jobs: Vec::new(),
            foreign: Vec::new(),
            gone: BTreeSet::new(),
            destroyed: BTreeSet::new(),
            protected: BTreeMap::new(),
            ended_by_hand: BTreeSet::new(),
            shown_as: Vec::new(),
            unlisted: Vec::new(),
            ec2_fault: None,
            logs: Sight::Clear,
            terminations_stick: None,
            usage: Usage::default(),
            limits: Limits::DEFAULT,
        }
    }

    /// What becomes of a server from now on. A job that it keeps open learns it too.
    pub(crate) fn fate(&mut self, number: u32, fate: Fate) {
        let id = server(number);
        for job in &mut self.jobs {
            if job.fates.get(&id) == Some(&Fate::Sticks) {
                job.fates.insert(id.clone(), fate);
            }
        }
        self.fates.insert(id, fate);
    }

    /// Performs one effect and says what came of it.
    pub(crate) fn perform(
        &mut self,
        execution: &Execution,
        effect: &Effect,
        now: Timestamp,
    ) -> Vec<Event> {
        match effect {
            Effect::CheckBeforeLaunch {
                batch,
                place,
                servers,
                taken_from: _,
            } => {
                let look = match self.sight {
                    Sight::Clear => Ok(self.look(execution, place, servers, now)),
                    Sight::Failing => Err(passing().into()),
                };
                vec![Event::LaunchLooked {
                    batch: *batch,
                    look,
                }]
            }
            Effect::StartRecovery {
                fence,
                place,
                kind,
                servers,
                tag,
            } => self.start(*fence, place, *kind, servers, tag, now),
            Effect::SearchForAttempt {
                fence,
                place,
                servers,
                tag,
            } => {
                let found = self.seek(place, servers, tag, now);
                vec![Event::AttemptSearched {
                    fence: *fence,
                    found,
                }]
            }
            Effect::Observe { place, jobs } => vec![self.observe(place, jobs, now)],
            Effect::ReleaseLocks {
                batches,
                servers,
                plan,
            } => {
                self.release(servers, now);
                vec![Event::LocksReleased {
                    batches: batches.clone(),
                    plan: *plan,
                }]
            }
            Effect::TellReplaced { .. } | Effect::GiveUpRoom { .. } => vec![],
            Effect::LookForCleanUp { known, places } => {
                let looked = places.iter().map(|at| {
                    let look = match self.sight {
                        Sight::Clear => Ok(self.clean_up_look(at, now)),
                        Sight::Failing => Err(passing()),
                    };
                    (at.place.clone(), look)
                });
                vec![Event::CleanUpLooked {
                    known: *known,
                    places: looked.collect(),
                }]
            }
            Effect::Terminate { place, instances } => {
                let answer = self.terminate(place, instances, now);
                vec![Event::TerminateAnswered {
                    instances: instances.clone(),
                    answer,
                }]
            }
        }
    }

    /// A server in a job of ours stays locked, unless a person has spoken for it.
    fn release(&self, servers: &[(Place, SourceServerId)], now: Timestamp) {
        for job in self.jobs.iter().filter(|job| job.tag.is_some()) {
            let busy = servers
                .iter()
                .find(|(_, id)| job.servers.contains(id) && !self.vouched.contains(id));
            assert!(
                busy.is_none() || job_status(job, now) == JobStatus::Completed,
                "{busy:?} is freed while {job:?} has it"
            );
        }
    }

    fn start(
        &mut self,
        fence: Fence,
        place: &Place,
        kind: Kind,
        servers: &[SourceServerId],
        tag: &str,
        now: Timestamp,
    ) -> Vec<Event> {
        let answered = |answer| vec![Event::LaunchAnswered { fence, answer }];
        if servers.iter().any(|id| self.spoilers.contains(id)) {
            let text = "its launch template is wrong".to_owned();
            let offender = None;
            return answered(LaunchAnswer::Invalid {
                offender,
                text: text.into(),
            });
        }
        if let Some(holder) = self.holder(servers, now) {
            return answered(LaunchAnswer::Conflict {
                offender: None,
                text: format!("{holder} has it").into(),
            });
        }
        let refused = servers.iter().find_map(|id| self.refused.get_key_value(id));
        if let Some((id, naming)) = refused {
            return answered(LaunchAnswer::Conflict {
                offender: (*naming == Naming::Named).then(|| id.clone()),
                text: "it is archived".into(),
            });
        }
        if servers.len() > self.takes_at_once {
            return answered(LaunchAnswer::Quota("too many servers".into()));
        }
        match self.calls.pop_front().unwrap_or(Call::Works) {
            Call::IsRefused(answer) => answered(answer),
            Call::LosesRequest => answered(crate::world::no_answer()),
            Call::Works => answered(LaunchAnswer::Started(self.commit(
                place,
                kind,
                servers,
                Some(tag),
                now,
            ))),
            Call::LosesAnswer => {
                self.commit(place, kind, servers, Some(tag), now);
                answered(crate::world::no_answer())
            }
            Call::Dies => {
                self.commit(place, kind, servers, Some(tag), now);
                vec![]
            }
        }
    }

    /// A job in progress that has one of these servers. One of ours must not be there: this
    /// would be a second launch, if DRS let it.
    fn holder(&self, servers: &[SourceServerId], now: Timestamp) -> Option<JobId> {
        let holders = self.jobs.iter().filter(|job| {
            job_status(job, now) < JobStatus::Completed
                && servers.iter().any(|id| job.servers.contains(id))
        });
        for job in holders.clone().filter(|job| job.tag.is_some()) {
            let vouched = |id| !servers.contains(id) || self.vouched.contains(id);
            assert!(
                job.servers.iter().all(vouched),
                "{servers:?} are launched while {job:?} has them"
            );
        }
        holders.map(|job| job.id.clone()).next()
    }

    /// A launch job begins. This is where a second launch of a server would happen.
    pub(crate) fn commit(
        &mut self,
        place: &Place,
        kind: Kind,
        servers: &[SourceServerId],
        tag: Option<&str>,
        now: Timestamp,
    ) -> JobId {
        let twice = self
            .jobs
            .iter()
            .find(|job| tag.is_some() && job.tag.as_deref() == tag);
        assert!(twice.is_none(), "{twice:?} was this attempt already");
        for (live, owner) in self.live_instances(now) {
            if live.server.as_ref().is_some_and(|id| servers.contains(id)) {
                assert!(
                    tag.is_none()
                        || kind == Kind::Recovery
                        || owner != Some(InstanceOwner::Recovery),
                    "a drill destroys {live:?} of a recovery"
                );
                let id = live.server.clone().unwrap();
                assert!(
                    tag.is_none() || owner.is_some() || self.vouched.contains(&id),
                    "{id} is launched again though {live:?} lives"
                );
                if tag.is_some() {
                    self.destroyed.insert(live.id.clone());
                }
                self.gone.insert(live.id);
            }
        }
        let id = job(u32::try_from(self.jobs.len()).unwrap() + 1);
        self.jobs.push(FakeJob {
            id: id.clone(),
            place: place.clone(),
            tag: tag.map(str::to_owned),
            kind,
            servers: servers.to_vec(),
            fates: self
                .fates
                .iter()
                .filter(|(id, _)| servers.contains(id))
                .map(|(id, fate)| (id.clone(), *fate))
                .collect(),
            terminates: vec![],
            at: now,
            vanished: false,
        });
        id
    }

    /// Somebody else launches a server, unless a job has it already.
    pub(crate) fn foreign_launch(&mut self, place: &Place, id: &SourceServerId, now: Timestamp) {
        let busy = self
            .jobs
            .iter()
            .any(|job| job.servers.contains(id) && job_status(job, now) < JobStatus::Completed);
        if !busy {
            self.commit(place, Kind::Drill, std::slice::from_ref(id), None, now);
        }
    }

    /// Whether a job of ours has brought this server up.
    pub(crate) fn brought_up(&self, id: &SourceServerId, now: Timestamp) -> bool {
        self.jobs.iter().any(|job| {
            job.tag.is_some()
                && job.servers.contains(id)
                && launch_status(job, id, now) == LaunchStatus::Launched
        })
    }

    /// Whether a launch or a termination of ours has destroyed this instance.
    pub(crate) fn destroyed(&self, id: &RecoveryInstanceId) -> bool {
        self.destroyed.contains(id) || self.jobs.iter().any(|job| job.terminates.contains(id))
    }

    /// How often a job of ours was begun with this server.
    pub(crate) fn launches_of(&self, number: u32) -> usize {
        self.jobs
            .iter()
            .filter(|job| {
                job.tag.is_some()
                    && job.terminates.is_empty()
                    && job.servers.contains(&server(number))
            })
            .count()
    }

    fn visible<'a>(
        &'a self,
        place: &'a Place,
        now: Timestamp,
    ) -> impl Iterator<Item = &'a FakeJob> + 'a {
        self.jobs.iter().filter(move |job| {
            job.place == *place
                && !job.vanished
                && now.duration_since(job.at).as_secs() >= self.hides_jobs_for
        })
    }

    /// What is alive, each with whose it is; nobody's word means the launch job's.
    pub(crate) fn live_instances(
        &self,
        now: Timestamp,
    ) -> Vec<(RecoveryInstance, Option<InstanceOwner>)> {
        let mut listed = self.listed_instances(now);
        listed.retain(|(instance, _)| instance.is_live());
        listed
    }

    /// What DRS has a record of, alive or ended by hand.
    pub(crate) fn listed_instances(
        &self,
        now: Timestamp,
    ) -> Vec<(RecoveryInstance, Option<InstanceOwner>)> {
        let ours = self
            .jobs
            .iter()
            .filter(|job| job.terminates.is_empty())
            .flat_map(|job| job.servers.iter().map(move |id| (job, id)))
            .filter(|(job, id)| launch_status(job, id, now) == LaunchStatus::Launched)
            .map(|(job, id)| {
                let foreign = job.tag.is_none().then_some(InstanceOwner::ForeignDrill);
                (facts(job, id), foreign)
            });
        let foreign = self
            .foreign
            .iter()
            .map(|(instance, owner)| (instance.clone(), Some(owner.clone())));
        let terminated: BTreeSet<&RecoveryInstanceId> = self
            .jobs
            .iter()
            .filter(|job| now.duration_since(job.at).as_secs() >= 30 && job.fates.is_empty())
            .flat_map(|job| &job.terminates)
            .filter(|id| !self.protected.contains_key(id))
            .collect();
        let shown_as = self.shown_as.iter().cloned();
        ours.chain(foreign)
            .filter(|(instance, _)| {
                !self.gone.contains(&instance.id) && !terminated.contains(&instance.id)
            })
            .chain(shown_as.map(|instance| (instance, None)))
            .map(|(mut instance, owner)| {
                if self.ended_by_hand.contains(&instance.id) {
                    instance.ec2_state = Some("TERMINATED".into());
                }
                (instance, owner)
            })
            .collect()
    }

    fn terminate(
        &mut self,
        place: &Place,
        instances: &[RecoveryInstanceId],
        now: Timestamp,
    ) -> TerminateAnswer {
        for id in instances {
            let live = self
                .listed_instances(now)
                .into_iter()
                .find(|(instance, _)| instance.id == *id);
            let ours = live.is_none_or(|(instance, owner)| {
                owner.is_none() && instance.drill == DrillFlag::Drill
            });
            assert!(ours, "{id} is terminated, and is not this drill's");
        }
        if let Some(answer) = self.terminations.pop_front() {
            return answer;
        }
        if instances.len() > self.terminates_at_once {
            return TerminateAnswer::InParts("there is no room for so many".into());
        }
        let id = job(u32::try_from(self.jobs.len()).unwrap() + 1);
        self.jobs.push(FakeJob {
            id: id.clone(),
            place: place.clone(),
            tag: None,
            kind: Kind::Drill,
            servers: vec![],
            fates: self
                .terminations_stick
                .iter()
                .map(|fate| (server(1), *fate))
                .collect(),
            terminates: instances.to_vec(),
            at: now,
            vanished: false,
        });
        TerminateAnswer::Started(id)
    }
}

/// The server that an instance was launched for.
pub(crate) fn server_of(instance: &RecoveryInstanceId) -> SourceServerId {
    let text = instance.as_str();
    server(text[text.len() - 3..].parse().unwrap())
}

/// The instance that a job launches for a server.
pub(crate) fn instance_of(job: &FakeJob, id: &SourceServerId) -> RecoveryInstanceId {
    let number = |text: &str| text[text.len() - 6..].parse::<u32>().unwrap();
    instance(number(job.id.as_str()) * 1_000 + number(id.as_str()))
}

/// Instance 9 of server 1, which job 99 of a drill of somebody else brought up.
pub(crate) fn foreign_instance() -> RecoveryInstance {
    RecoveryInstance {
        id: instance(9),
        server: Some(server(1)),
        job: Some(job(99)),
        drill: DrillFlag::Drill,
        ec2_state: Some("RUNNING".into()),
        private_ips: vec![],
        recovery_point_at: None,
        failback_state: None,
    }
}

pub(crate) fn facts(job: &FakeJob, id: &SourceServerId) -> RecoveryInstance {
    RecoveryInstance {
        id: instance_of(job, id),
        server: Some(id.clone()),
        job: Some(job.id.clone()),
        drill: match job.kind {
            Kind::Drill => DrillFlag::Drill,
            Kind::Recovery => DrillFlag::Recovery,
        },
        ec2_state: Some("RUNNING".into()),
        private_ips: vec![],
        recovery_point_at: None,
        failback_state: None,
    }
}

pub(crate) fn job_status(job: &FakeJob, now: Timestamp) -> JobStatus {
    let age = now.duration_since(job.at).as_secs();
    let stuck = job.fates.values().any(|fate| *fate == Fate::Sticks);
    match age {
        ..10 => JobStatus::Pending,
        10..70 => JobStatus::Started,
        _ if stuck => JobStatus::Started,
        _ => JobStatus::Completed,
    }
}

fn launch_status(job: &FakeJob, id: &SourceServerId, now: Timestamp) -> LaunchStatus {
    let age = now.duration_since(job.at).as_secs();
    match (job.fates.get(id).unwrap_or(&Fate::Launches), age) {
        (_, ..20) => LaunchStatus::Pending,
        (Fate::Launches, 60..) => LaunchStatus::Launched,
        (Fate::Fails, 40..) => LaunchStatus::Failed,
        (Fate::Launches | Fate::Fails | Fate::Sticks | Fate::IsForgotten, _) => {
            LaunchStatus::InProgress
        }
    }
}
