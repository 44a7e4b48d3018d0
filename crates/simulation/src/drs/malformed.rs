//! Listings of jobs with values that nobody knows yet, and without members that may be missing
//! (F26).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drs_simulator::wire::job::Job;

/// How many listings will still be malformed, and the dice that say how.
#[derive(Debug, Clone)]
pub(crate) struct MalformedListings(Arc<Mutex<Malformed>>);

#[derive(Debug)]
struct Malformed {
    left: u32,
    random: fastrand::Rng,
}

impl MalformedListings {
    pub(crate) fn new(left: u32, seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self(Arc::new(Mutex::new(Malformed { left, random })))
    }

    /// How many are still to come.
    pub(crate) fn left(&self) -> u32 {
        self.lock().left
    }

    /// No listing is malformed any more.
    pub(crate) fn calm(&self) {
        self.lock().left = 0;
    }

    /// Spoils a listing, one of a few that list anything. A value that is not known reads
    /// like one that is missing.
    pub(crate) fn meet(&self, jobs: &mut [Job]) {
        let mut malformed = self.lock();
        if malformed.left == 0 || jobs.is_empty() || malformed.random.u8(..4) > 0 {
            return;
        }
        malformed.left -= 1;
        for job in jobs {
            let what = malformed.random.u8(..32);
            if what & 1 > 0 {
                job.status = None;
            }
            if what & 2 > 0 {
                job.tags = None;
            }
            if what & 4 > 0 {
                job.initiated_by = None;
            }
            if what & 8 > 0 {
                job.end_date_time = None;
            }
            if what & 16 > 0 {
                for server in job.participating_servers.iter_mut().flatten() {
                    server.launch_status = None;
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Malformed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
