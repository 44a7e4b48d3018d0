//! What follows from the facts, by the checker's own rules.

use crate::facts::{
    Batch, BatchState, CleanUp, Execution, Gate, Lock, Need, Release, Server, ServerState, Wave,
    WaveEnd, WaveState,
};

impl Execution {
    /// Every batch, wave by wave.
    pub(super) fn batches(&self) -> impl Iterator<Item = &Batch> {
        self.waves.iter().flat_map(|wave| &wave.batches)
    }

    /// Every server, wave by wave.
    pub(super) fn servers(&self) -> impl Iterator<Item = &Server> {
        self.waves.iter().flat_map(Wave::servers)
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ending.is_some()
    }

    /// Whether a person is asked about a launch of it.
    pub(super) fn is_undecided(&self) -> bool {
        self.batches()
            .any(|batch| batch.state == BatchState::Undecided)
    }

    /// Whether nothing is left to do: it has ended, nothing of it may be in progress at DRS, its
    /// locks are free, and no clean-up runs.
    pub(super) fn is_over(&self) -> bool {
        let at_rest = |batch: &Batch| !batch.is_in_flight() && batch.locks == Lock::Free;
        self.has_ended()
            && self.plan_lock == Lock::Free
            && self.clean_up != CleanUp::Running
            && self.batches().all(at_rest)
    }

    /// How many holds a person could open.
    pub(super) fn open_holds(&self) -> usize {
        let undecided = self.batches();
        let undecided = undecided.filter(|batch| batch.state == BatchState::Undecided);
        let mut holds = undecided.count();
        if !self.has_ended() {
            holds += self.waves.iter().filter(|wave| wave.is_held()).count();
            holds += usize::from(self.is_paused);
        }
        holds
    }
}

impl Wave {
    /// Its servers, batch by batch.
    pub(super) fn servers(&self) -> impl Iterator<Item = &Server> {
        self.batches.iter().flat_map(|batch| &batch.servers)
    }

    /// How it ended, where it has.
    pub(super) fn end(&self) -> Option<&WaveEnd> {
        match &self.state {
            WaveState::Pending | WaveState::Started => None,
            WaveState::Ended(end) => Some(end),
        }
    }

    /// Whether the waves after it may start.
    pub(super) fn is_released(&self) -> bool {
        self.end()
            .is_some_and(|end| end.release == Release::Released)
    }

    /// Whether it waits for a person, before it starts or after its end.
    fn is_held(&self) -> bool {
        self.is_gated() || self.is_held_after_end()
    }

    /// Whether its closed gate keeps it from starting.
    pub(super) fn is_gated(&self) -> bool {
        match &self.gate {
            Gate::Closed(_) => self.state == WaveState::Pending,
            Gate::Open | Gate::Ahead => false,
        }
    }

    /// Whether a person must say that the waves after it may start.
    pub(super) fn is_held_after_end(&self) -> bool {
        self.end()
            .is_some_and(|end| matches!(end.release, Release::Held(_)))
    }

    /// How many of its servers count as launched.
    pub(super) fn launched(&self) -> usize {
        let launched = self.servers();
        let launched = launched.filter(|server| server.state == ServerState::Launched);
        launched.count()
    }

    /// How many of its servers must launch: never more than it has.
    pub(super) fn needed(&self) -> usize {
        let all = self.servers().count();
        let needed = match self.need {
            Need::All => all,
            Need::Count(count) => usize::try_from(count).unwrap_or(usize::MAX),
            Need::Percent(percent) => {
                let share = usize::try_from(percent).unwrap_or(usize::MAX);
                all.saturating_mul(share).div_ceil(100)
            }
        };
        needed.min(all)
    }
}

impl Batch {
    /// Whether DRS has, or may have, a job of it in progress.
    pub(super) fn is_in_flight(&self) -> bool {
        match self.state {
            BatchState::Idle | BatchState::Queued => false,
            BatchState::Launching
            | BatchState::Reconciling
            | BatchState::Undecided
            | BatchState::Following => true,
        }
    }
}

impl Server {
    /// The state that EC2 was last told to have it in, where that is known.
    pub(super) fn ec2_state(&self) -> Option<&str> {
        self.instance.as_ref()?.ec2_state.as_deref()
    }

    /// Whether the execution itself knows that EC2 has ended what was launched.
    pub(super) fn is_known_as_ended(&self) -> bool {
        matches!(self.ec2_state(), Some("TERMINATED" | "SHUTTING-DOWN"))
    }
}

impl ServerState {
    /// Whether nothing more is expected of a server.
    pub(super) fn has_ended(self) -> bool {
        match self {
            Self::Pending | Self::Queued | Self::Launching | Self::Reconciling => false,
            Self::Launched
            | Self::Failed
            | Self::Unknown
            | Self::Skipped
            | Self::Cancelled
            | Self::Terminated => true,
        }
    }
}
