//! The laws, asked after every step of the world's own record and of what was saved.
//!
//! The checker shares no code with the engine: what it knows of DRS is the simulator's record, what
//! it knows of the product are the facts that `translation` copies, and every rule here is its own.
//! `cargo xtask tidy` holds a list of what these files may import.

mod derived;
mod end;
mod launches;
mod pairs;
mod saves;
mod servers;
mod starts;
mod state;
mod waiting;

use drs_simulator::World;

use crate::facts::{CleanUp, Command, Fact, FreedLock, LockTable, Request};

pub use pairs::{ALL_COMMANDS, ALL_EVENTS, BATCH_STATES, Pairs, STATUSES, why_never};
pub use state::Broken;
pub(crate) use state::Checker;

/// Saves in a row that may be refused for their size: the whole, what is left of it, and another
/// process that tries at the same time.
const TOO_LARGE_MAX: u32 = 4;

impl Checker {
    /// Checks everything that must hold after every step.
    pub(crate) fn after_step(
        &mut self,
        world: &World,
        facts: impl Iterator<Item = Fact>,
        locks: &dyn LockTable,
    ) {
        self.now = world.now();
        for fact in facts {
            match fact {
                Fact::Saved(save) => {
                    self.too_large.remove(&save.stored.execution.id);
                    self.saved((world, locks), save);
                }
                Fact::Freed { owner, locks } => self.freed(world, &owner, &locks),
                Fact::TooLarge(id) => self.too_large(&id),
                Fact::Asked(last) => self.look_at_requests(world, locks, last),
                Fact::Told(told) => self.pairs.told(&self.current, &told),
            }
        }
    }

    /// What a person asks for by this process.
    pub(crate) fn asked(&mut self, process: u64, request: Request) {
        self.pairs.asked(&request);
        if matches!(request.command, Command::TerminateInstances) {
            self.clean_ups.insert(request.execution);
        }
        self.asked.insert(process, request.command);
    }

    /// The command of this process was refused: it has changed nothing (law 8).
    pub(crate) fn refused(&mut self, process: u64) {
        if self.savers.contains(&process) {
            self.breach(
                "law 8",
                "a refused command has changed something".to_owned(),
            );
        }
    }

    /// What the table refuses for its size it refuses again: it is kept in part, or a person is
    /// told, and not tried for ever.
    fn too_large(&mut self, id: &str) {
        let refused = self.too_large.entry(id.to_owned()).or_default();
        *refused += 1;
        if *refused > TOO_LARGE_MAX {
            let text = format!("a save of {id} was refused for its size again and again");
            self.breach("no save is tried for ever", text);
        }
    }

    /// Locks went: nothing of theirs may be in flight, and no clean-up may need them.
    fn freed(&mut self, world: &World, owner: &str, locks: &[FreedLock]) {
        let Some(stored) = self.current.get(owner).cloned() else {
            return;
        };
        let execution = &stored.execution;
        for lock in locks {
            let FreedLock::Server(server) = lock else {
                if !execution.has_ended() {
                    self.breach("E2", "the lock of a plan went before its end".to_owned());
                }
                continue;
            };
            if execution.clean_up == CleanUp::Running {
                let text = format!("the lock of {server} went before clean-up ended");
                self.breach("E7", text);
            }
            let asked = execution.batches().any(|batch| {
                batch.is_in_flight() && batch.servers.iter().any(|one| one.id == *server)
            });
            if !execution.has_ended() || asked || self.runs(world, owner, server) {
                let text = format!("the lock of {server} went while it was in use");
                self.breach("law 1", text);
            }
        }
    }

    /// Whether a job of this execution really has the server, and can be seen to.
    fn runs(&self, world: &World, owner: &str, server: &str) -> bool {
        world.running_records().any(|job| {
            self.is_of(job.id(), owner)
                && !job.is_forgotten()
                && !self.story.jobs_vanish
                && job.servers().any(|one| one == server)
        })
    }
}
