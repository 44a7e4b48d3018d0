//! What others do: jobs, instances and outages that no request here asked for.

use super::World;
use super::job::{JobKind, LaunchKind, Participant, Starter};
use super::start_recovery::NewJob;
use crate::scenario::{ExistingInstance, ForeignJobEntry, ForeignJobSettings, TimelineAction};
use crate::wire::Tags;
use crate::wire::job::StartRecoveryRequest;
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::SignedDuration;

impl World {
    /// Whether DRS does not answer there just now.
    pub(crate) fn is_out(&self, account: &str, region: &str) -> bool {
        let site = self
            .site_index
            .find(account, region)
            .and_then(|site| self.sites.get(site));
        site.and_then(|site| site.out_until)
            .is_some_and(|until| self.now < until)
    }

    pub(super) fn happen_on_timeline(&mut self, entry: usize) {
        let Some(entry) = self.timeline.get(entry).cloned() else {
            return;
        };
        match entry.action {
            TimelineAction::Server { server, set } => {
                let now = self.now;
                if let Some(server) = self.server_mut(&server) {
                    server.change(now, &set);
                }
            }
            TimelineAction::ForeignJob(job) => self.start_foreign_entry(&job),
            TimelineAction::Outage {
                account,
                region,
                outage,
            } => {
                let until = self.now + self.settings.scaled(outage);
                let account = account.unwrap_or_else(|| self.site_index.first_account().to_owned());
                let site = self.site_index.open(&mut self.sites, &account, &region);
                self.sites[site].out_until = Some(until);
            }
            TimelineAction::Instance { server, change } => {
                let found = self
                    .server(&server)
                    .and_then(|one| one.recovery_instance.clone());
                let site = self.whereabouts.get(&server).map(|(site, _)| *site);
                if let (Some(site), Some(instance)) = (site, found) {
                    self.change_instance_at(site, &instance, change);
                }
            }
            TimelineAction::CreateInstance { server, settings } => {
                if let Some((site, id)) = self.whereabouts.get(&server).cloned() {
                    let existing = ExistingInstance {
                        server,
                        is_drill: settings.is_drill,
                        state: Ec2InstanceState::Running,
                        failback: None,
                    };
                    self.add_existing_instance(site, &id, &existing);
                }
            }
        }
    }

    /// Somebody else's job with the servers of a request that a rule has caught.
    pub(crate) fn start_foreign_job(
        &mut self,
        account: &str,
        region: &str,
        request: &StartRecoveryRequest,
        settings: &ForeignJobSettings,
    ) {
        let Some(site) = self.site_index.find(account, region) else {
            return;
        };
        let servers: Vec<String> = request
            .source_servers
            .iter()
            .map(|one| one.source_server_id.clone())
            .collect();
        let is_drill = settings.is_drill.or(request.is_drill);
        let kind = LaunchKind::of(is_drill);
        self.start_foreign(
            site,
            &servers,
            kind,
            settings.duration,
            settings.tags.clone(),
        );
    }

    pub(super) fn start_foreign_entry(&mut self, job: &ForeignJobEntry) {
        let places: Vec<(usize, String)> = job
            .servers
            .iter()
            .filter_map(|name| self.whereabouts.get(name).cloned())
            .collect();
        let Some((site, _)) = places.first().cloned() else {
            return;
        };
        let servers: Vec<String> = places
            .into_iter()
            .filter(|(place, _)| *place == site)
            .map(|(_, id)| id)
            .collect();
        let kind = LaunchKind::of(Some(job.is_drill));
        self.start_foreign(site, &servers, kind, job.duration, job.tags.clone());
    }

    /// Starts it with those servers that are free: others cannot break the lock either.
    fn start_foreign(
        &mut self,
        site: usize,
        servers: &[String],
        kind: LaunchKind,
        duration: Option<SignedDuration>,
        tags: Tags,
    ) {
        let now = self.now;
        let Some(state) = self.sites.get(site) else {
            return;
        };
        let free = servers.iter().filter(|id| {
            state
                .servers
                .get(*id)
                .is_some_and(|server| server.locked_by.is_none())
        });
        let participants: Vec<_> = free.map(|id| Participant::new(id, None, now)).collect();
        if !participants.is_empty() {
            let starter = Starter::Stranger { duration };
            self.make_job(
                site,
                NewJob {
                    kind: JobKind::Launch(kind),
                    starter,
                    tags,
                    participants,
                },
            );
        }
    }
}
