//! What others do in a run: foreign jobs and instances, replication that stalls, outages.

use domain::execution::batch_state::BatchState;
use drs_simulator::World;
use drs_simulator::scenario::{ForeignJobEntry, InstanceChange, ReplicationChange};
use drs_simulator::wire::recovery_instance::Ec2InstanceState;
use drs_simulator::wire::source_server::DataReplicationState;
use jiff::{SignedDuration, Timestamp};

use super::Stage;
use crate::story::Happening;

impl Stage<'_> {
    pub(super) fn next_of_others(&self) -> Option<Timestamp> {
        let (at, _) = self.story.happenings.get(self.next_happening)?;
        Some(self.begun + SignedDuration::from_secs(i64::from(*at)))
    }

    pub(super) fn others(&mut self, now: Timestamp) {
        while self.next_of_others().is_some_and(|at| at <= now) {
            let (_, happening) = self.story.happenings[self.next_happening].clone();
            self.next_happening += 1;
            if self.happen(&happening) {
                self.process.note(|| format!("others: {happening:?}"));
                *self.seen.happenings.entry(happening.label()).or_default() += 1;
            }
        }
    }

    fn happen(&self, happening: &Happening) -> bool {
        let world = &mut *self
            .world
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let set = |world: &mut World, server: &str, state| {
            let change = ReplicationChange {
                state: Some(state),
                ..ReplicationChange::default()
            };
            world.change_server(server, &change).is_ok()
        };
        match happening {
            Happening::ForeignJob(server) => world.begin_foreign_job(&ForeignJobEntry {
                servers: vec![server.clone()],
                duration: Some(SignedDuration::from_mins(8)),
                is_drill: true,
                tags: std::collections::BTreeMap::new(),
            }),
            Happening::ForeignRecovery(server) => {
                self.is_left_alone(world, server)
                    && world.create_instance(server, Some(false)).is_ok()
            }
            Happening::ForeignDrill(server) => {
                self.is_left_alone(world, server)
                    && world.create_instance(server, Some(true)).is_ok()
            }
            Happening::Stalls(server) => set(world, server, DataReplicationState::Stalled),
            Happening::Disconnects(server) => {
                set(world, server, DataReplicationState::Disconnected)
            }
            Happening::Recovers(server) => set(world, server, DataReplicationState::Continuous),
            Happening::Terminated(server) => {
                let instance = world
                    .instance_records()
                    .find(|one| one.server() == server && one.is_alive())
                    .map(|one| one.id().to_owned());
                let gone = InstanceChange {
                    state: Some(Ec2InstanceState::Terminated),
                    failback: None,
                    impaired: None,
                };
                instance.is_some_and(|id| world.change_instance(&id, gone).is_ok())
            }
            Happening::Outage(region, minutes) => {
                let time = SignedDuration::from_mins(i64::from(*minutes));
                world.begin_outage(region, time);
                true
            }
        }
    }

    /// No launch of the server is under way or about to be, so that whoever looks before a
    /// launch can see what comes up by another hand.
    fn is_left_alone(&self, world: &World, server: &str) -> bool {
        let in_job = world
            .running_records()
            .any(|job| job.servers().any(|one| one == server));
        let mut executions = self.latest.current();
        let asked = executions.any(|stored| {
            stored.execution.batches().any(|(_, batch)| {
                let open = match &batch.state {
                    BatchState::Launching { .. }
                    | BatchState::Reconciling(_)
                    | BatchState::Undecided { .. } => true,
                    BatchState::Idle | BatchState::Queued(_) | BatchState::Following(_) => false,
                };
                open && batch.servers.iter().any(|one| one.id.as_str() == server)
            })
        });
        // A process may have looked and not asked yet.
        let looked = !self.scheduler.is_empty();
        !in_job && !asked && !looked && !self.drs.is_on_its_way(server)
    }
}
