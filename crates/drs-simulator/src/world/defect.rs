//! Bugs that can be planted into a world, to prove that the conformance tests find them. They exist
//! only in builds with the feature `planted-defects`.

/// Whether this world has this bug planted; never, without the feature.
macro_rules! planted {
    ($world:expr, $defect:ident) => {{
        #[cfg(feature = "planted-defects")]
        let planted = $world.defect == Some(crate::world::defect::Defect::$defect);
        #[cfg(not(feature = "planted-defects"))]
        let planted = false;
        planted
    }};
}

pub(super) use planted;

/// A bug of the simulator.
#[cfg(feature = "planted-defects")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// A server can be in two running jobs.
    NoServerLock,
    /// The good servers of a request are launched although others refuse it.
    PartialAcceptance,
    /// One job more than the quota is accepted.
    QuotaOffByOne,
    /// A relaunch leaves the earlier instance alone.
    RelaunchSparesInstance,
    /// A completed terminate job still lists its servers.
    TerminateListKept,
    /// Lists come whole, without pages.
    Unpaged,
    /// A new job is seen at once, whatever the scenario says.
    JobVisibleAtOnce,
    /// Every launch is a real recovery.
    IsDrillIgnored,
    /// A job with a failed server never completes.
    CompletedOnlyWhenAllLaunched,
    /// A terminate job frees its servers when it starts.
    TerminateFreesLockEarly,
}

#[cfg(feature = "planted-defects")]
impl Defect {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::NoServerLock,
        Self::PartialAcceptance,
        Self::QuotaOffByOne,
        Self::RelaunchSparesInstance,
        Self::TerminateListKept,
        Self::Unpaged,
        Self::JobVisibleAtOnce,
        Self::IsDrillIgnored,
        Self::CompletedOnlyWhenAllLaunched,
        Self::TerminateFreesLockEarly,
    ];
}

#[cfg(feature = "planted-defects")]
impl super::World {
    /// Plants a bug.
    pub fn plant(&mut self, defect: Defect) {
        self.defect = Some(defect);
    }

    /// Frees the servers of a job that runs on.
    pub(super) fn free_servers_of(&mut self, site: usize, number: u64) {
        let Some(site) = self.sites.get_mut(site) else {
            return;
        };
        for participant in site
            .jobs
            .get(&number)
            .iter()
            .flat_map(|job| &job.participants)
        {
            if let Some(server) = site.servers.get_mut(&participant.server) {
                server.locked_by = None;
            }
        }
    }
}
