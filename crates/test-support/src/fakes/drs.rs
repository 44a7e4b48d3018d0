//! A DRS that behaves: it knows its servers, starts one job for each call, brings instances up
//! when it is told to, and destroys a server's earlier instance when it launches it again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use domain::ec2_instance::{Ec2Instance, Ec2State};
use domain::execution::batch::JobStatus;
use domain::execution::event::{FaultClass, LaunchStatus, WorldFault};
use domain::quota::Limits;
use domain::source_server::{
    DrillFlag, RecoveryInstance, Replication, SourceServer, StagingArea, Volumes,
};
use domain::{JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use engine::ports::drs::{
    Job, JobFilter, JobLogEntry, JobServer, LaunchDisposition, StartRecovery,
};
use engine::ports::{Clock, Drs, DrsError, DrsErrorClass, Ec2};

use super::world::{SetClock, lock, place};

/// DRS in one place; everywhere else it is not initialised.
#[derive(Debug)]
pub struct FakeDrs {
    clock: Arc<SetClock>,
    world: Mutex<World>,
}

#[derive(Debug, Default)]
struct World {
    servers: BTreeMap<SourceServerId, SourceServer>,
    jobs: BTreeMap<JobId, (DrillFlag, Job)>,
    instances: BTreeMap<RecoveryInstanceId, RecoveryInstance>,
    failing: BTreeSet<SourceServerId>,
    outage: Option<DrsErrorClass>,
    silent: BTreeSet<Operation>,
    made: u64,
    ids: JobIds,
    /// How often the log of a job was asked for.
    log_reads: usize,
    /// Jobs that have ended without a result for any server.
    without_results: BTreeSet<JobId>,
}

/// What DRS can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// `DescribeSourceServers`.
    SourceServers,
    /// `DescribeRecoveryInstances`.
    RecoveryInstances,
    /// `DescribeJobs`.
    Jobs,
}

/// How the ids of later jobs compare. DRS promises nothing of it.
#[derive(Debug, Clone, Copy, Default)]
enum JobIds {
    #[default]
    Ascending,
    Descending,
}

impl FakeDrs {
    pub(super) fn new(clock: Arc<SetClock>) -> Self {
        Self {
            clock,
            world: Mutex::default(),
        }
    }

    /// A healthy server with this number, as its id and in its hostname.
    pub fn add_server(&self, number: u32) -> SourceServerId {
        let server = server(number);
        let id = server.id.clone();
        self.put_server(server);
        id
    }

    /// From now on the server replicates like this.
    pub fn set_replication(&self, id: &SourceServerId, replication: Replication) {
        if let Some(server) = self.world().servers.get_mut(id) {
            server.replication = replication;
        }
    }

    /// A server as it is given.
    pub fn put_server(&self, server: SourceServer) {
        self.world().servers.insert(server.id.clone(), server);
    }

    /// DRS knows the server no longer.
    pub fn remove_server(&self, id: &SourceServerId) {
        self.world().servers.remove(id);
    }

    /// From now on every call fails like this; nothing ends it.
    pub fn set_outage(&self, class: Option<DrsErrorClass>) {
        self.world().outage = class;
    }

    /// From now on DRS takes these calls and never answers them.
    pub fn be_silent(&self, operations: &[Operation]) {
        self.world().silent = operations.iter().copied().collect();
    }

    /// Returns unless DRS is silent.
    async fn wait_for(&self, operation: Operation) {
        if self.world().silent.contains(&operation) {
            std::future::pending::<()>().await;
        }
    }

    /// The next launch of the server fails.
    pub fn fail_next_launch(&self, id: &SourceServerId) {
        self.world().failing.insert(id.clone());
    }

    /// A live instance that somebody else launched.
    pub fn add_instance(&self, server: &SourceServerId, drill: DrillFlag) -> RecoveryInstanceId {
        self.world().bring_up(server, None, drill)
    }

    /// Every job in progress ends: its servers are up, or have failed.
    pub fn finish_jobs(&self) {
        self.world().finish_jobs();
    }

    /// Every job in progress ends, and DRS says of no server what became of it.
    pub fn end_jobs_without_results(&self) {
        let mut world = self.world();
        let mut ended = BTreeSet::new();
        for (_, job) in world.jobs.values_mut() {
            if job.status != JobStatus::Completed {
                job.status = JobStatus::Completed;
                ended.insert(job.id.clone());
            }
        }
        world.without_results.extend(ended);
    }

    /// How often the log of a job was asked for so far.
    pub fn log_reads(&self) -> usize {
        self.world().log_reads
    }

    /// DRS shows none of the jobs any more; what they have launched stays.
    pub fn forget_jobs(&self) {
        self.world().jobs.clear();
    }

    /// From now on a later job has a smaller id.
    pub fn let_job_ids_descend(&self) {
        self.world().ids = JobIds::Descending;
    }

    /// The jobs, in order of their ids: that of their start, unless these descend.
    pub fn job_ids(&self) -> Vec<JobId> {
        self.world().jobs.keys().cloned().collect()
    }

    /// Live instances.
    pub fn live_instances(&self) -> Vec<RecoveryInstance> {
        let world = self.world();
        let instances = world.instances.values();
        instances
            .filter(|instance| instance.is_live())
            .cloned()
            .collect()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// The world as a call from this place meets it.
    fn call(&self, from: &Place) -> Result<MutexGuard<'_, World>, DrsError> {
        let world = self.world();
        match world.outage {
            Some(class) => Err(refusal(class)),
            None if *from != place() => Err(refusal(DrsErrorClass::NotInitialised)),
            None => Ok(world),
        }
    }
}

/// A healthy server with this number, as its id and in its hostname.
pub fn server(number: u32) -> SourceServer {
    SourceServer {
        id: server_id(number),
        hostname: Some(format!("host-{number:02}").into()),
        replication: Replication::Continuous,
        lag_seconds: Some(0),
        origin_region: None,
        tags: BTreeMap::from([("tier".to_owned(), "db".to_owned())]),
        recovery_instance: None,
        last_launch_job: None,
        staging_area: StagingArea::Usable,
        volumes: Volumes::Ready,
    }
}

/// The id of the server with this number.
///
/// # Panics
///
/// Never: the text has the form that is asked for.
pub fn server_id(number: u32) -> SourceServerId {
    format!("s-{number:017x}")
        .parse()
        .expect("s- and 17 digits")
}

fn refusal(class: DrsErrorClass) -> DrsError {
    DrsError {
        class,
        text: format!("{class:?}: as the test wants it").into(),
        resource: None,
    }
}

impl World {
    fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn job_id(&mut self) -> JobId {
        let made = self.number();
        let number = match self.ids {
            JobIds::Ascending => made,
            JobIds::Descending => u64::from(u32::MAX) - made,
        };
        format!("drsjob-{number:017x}")
            .parse()
            .expect("drsjob- and 17 digits")
    }

    fn bring_up(
        &mut self,
        server: &SourceServerId,
        job: Option<JobId>,
        drill: DrillFlag,
    ) -> RecoveryInstanceId {
        let number = self.number();
        let id: RecoveryInstanceId = format!("i-{number:017x}")
            .parse()
            .expect("i- and 17 digits");
        self.instances
            .retain(|_, other| other.server.as_ref() != Some(server));
        let instance = RecoveryInstance {
            id: id.clone(),
            server: Some(server.clone()),
            job: job.clone(),
            drill,
            ec2_state: Some("RUNNING".into()),
            private_ips: vec![format!("10.0.0.{}", number % 250).into()],
            recovery_point_at: None,
            failback_state: None,
        };
        self.instances.insert(id.clone(), instance);
        if let Some(known) = self.servers.get_mut(server) {
            known.recovery_instance = Some(id.clone());
            known.last_launch_job = job;
        }
        id
    }

    fn finish_jobs(&mut self) {
        let open: Vec<JobId> = self
            .jobs
            .iter()
            .filter(|(_, (_, job))| job.status != JobStatus::Completed)
            .map(|(id, _)| id.clone())
            .collect();
        for id in open {
            let Some((drill, mut job)) = self.jobs.remove(&id) else {
                continue;
            };
            for server in &mut job.servers {
                if self.failing.remove(&server.id) {
                    server.status = LaunchStatus::Failed;
                } else {
                    server.status = LaunchStatus::Launched;
                    server.instance = Some(self.bring_up(&server.id, Some(id.clone()), drill));
                }
            }
            job.status = JobStatus::Completed;
            self.jobs.insert(id, (drill, job));
        }
    }
}

#[async_trait]
impl Drs for FakeDrs {
    async fn source_servers(
        &self,
        place: &Place,
        ids: Option<&[SourceServerId]>,
    ) -> Result<Vec<SourceServer>, DrsError> {
        self.wait_for(Operation::SourceServers).await;
        let world = self.call(place)?;
        let ids: Option<BTreeSet<&SourceServerId>> = ids.map(|ids| ids.iter().collect());
        let wanted =
            |server: &&SourceServer| ids.as_ref().is_none_or(|ids| ids.contains(&server.id));
        Ok(world.servers.values().filter(wanted).cloned().collect())
    }

    async fn recovery_instances(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<Vec<RecoveryInstance>, DrsError> {
        self.wait_for(Operation::RecoveryInstances).await;
        let world = self.call(place)?;
        let servers: BTreeSet<&SourceServerId> = servers.iter().collect();
        let wanted = |instance: &&RecoveryInstance| {
            instance
                .server
                .as_ref()
                .is_some_and(|server| servers.contains(server))
        };
        Ok(world.instances.values().filter(wanted).cloned().collect())
    }

    async fn jobs(&self, place: &Place, which: JobFilter) -> Result<Vec<Job>, DrsError> {
        self.wait_for(Operation::Jobs).await;
        let world = self.call(place)?;
        let wanted = |job: &&Job| match &which {
            JobFilter::Ids(ids) => ids.contains(&job.id),
            JobFilter::Since(since) => job.created_at.is_some_and(|at| at >= *since),
        };
        let jobs = world.jobs.values().map(|(_, job)| job);
        Ok(jobs.filter(wanted).cloned().collect())
    }

    async fn job_log(&self, place: &Place, job: &JobId) -> Result<Vec<JobLogEntry>, DrsError> {
        let mut world = self.call(place)?;
        world.log_reads += 1;
        let Some((_, job)) = world.jobs.get(job) else {
            return Ok(Vec::new());
        };
        let entry = |event: &str, server: Option<SourceServerId>| JobLogEntry {
            at: job.created_at,
            event: event.into(),
            server,
            conversion_server: None,
            instance: None,
            error: None,
            attempt: None,
        };
        let mut log = vec![entry("JOB_START", None)];
        log.extend(
            job.servers
                .iter()
                .map(|one| entry("SNAPSHOT_START", Some(one.id.clone()))),
        );
        if world.without_results.contains(&job.id) {
            log.push(entry("JOB_END", None));
        }
        Ok(log)
    }

    async fn launch_disposition(
        &self,
        place: &Place,
        _: &SourceServerId,
    ) -> Result<LaunchDisposition, DrsError> {
        self.call(place).map(|_| LaunchDisposition::Started)
    }

    async fn start_recovery(&self, request: &StartRecovery) -> Result<JobId, DrsError> {
        let now = self.clock.now();
        let mut world = self.call(&request.place)?;
        let id = world.job_id();
        let server = |id: &SourceServerId| JobServer {
            id: id.clone(),
            status: LaunchStatus::Pending,
            instance: None,
        };
        let job = Job {
            id: id.clone(),
            status: JobStatus::Started,
            kind: "LAUNCH".to_owned(),
            initiated_by: Some(
                match request.kind {
                    Kind::Drill => "START_DRILL",
                    Kind::Recovery => "START_RECOVERY",
                }
                .to_owned(),
            ),
            created_at: Some(now),
            servers: request.servers.iter().map(server).collect(),
            tags: request.tags.clone(),
        };
        let drill = match request.kind {
            Kind::Drill => DrillFlag::Drill,
            Kind::Recovery => DrillFlag::Recovery,
        };
        world.jobs.insert(id.clone(), (drill, job));
        Ok(id)
    }

    async fn terminate(
        &self,
        place: &Place,
        instances: &[RecoveryInstanceId],
    ) -> Result<JobId, DrsError> {
        let now = self.clock.now();
        let mut world = self.call(place)?;
        let id = world.job_id();
        for instance in instances {
            world.instances.remove(instance);
        }
        let job = Job {
            id: id.clone(),
            status: JobStatus::Completed,
            kind: "TERMINATE".to_owned(),
            initiated_by: Some("TERMINATE_RECOVERY_INSTANCES".to_owned()),
            created_at: Some(now),
            servers: Vec::new(),
            tags: BTreeMap::new(),
        };
        world.jobs.insert(id.clone(), (DrillFlag::Drill, job));
        Ok(id)
    }

    async fn limits(&self, _: &Place) -> Result<Limits, DrsError> {
        let outage = self.world().outage;
        outage.map_or(Ok(Limits::DEFAULT), |class| Err(refusal(class)))
    }
}

/// EC2 runs what DRS lists, and nothing else.
#[async_trait]
impl Ec2 for FakeDrs {
    async fn instances(
        &self,
        place: &Place,
        ids: &[RecoveryInstanceId],
        servers: &[SourceServerId],
    ) -> Result<Vec<Ec2Instance>, WorldFault> {
        let world = self.call(place).map_err(|error| WorldFault {
            class: FaultClass::Passing,
            text: error.text.as_str().into(),
        })?;
        let instances = world.instances.values();
        let wanted = instances.filter(|one| {
            let tagged = one.server.as_ref();
            ids.contains(&one.id) || tagged.is_some_and(|server| servers.contains(server))
        });
        let machine = |one: &RecoveryInstance| Ec2Instance {
            id: one.id.clone(),
            server: one.server.clone(),
            state: if one.is_live() {
                Ec2State::Alive
            } else {
                Ec2State::Gone
            },
            launched_at: None,
            name: None,
        };
        Ok(wanted.map(machine).collect())
    }
}
