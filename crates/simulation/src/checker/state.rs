//! What the checker has seen so far, so that change can be judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::pairs::Pairs;
use crate::facts::{Command, Stored, StoryFacts};

/// A law that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which law, or which rule of a capability.
    pub law: &'static str,
    /// How.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// What has been seen so far.
#[derive(Debug)]
pub(crate) struct Checker {
    /// Executions as they stand, by their ids.
    pub(super) current: BTreeMap<String, Arc<Stored>>,
    pub(super) now: Timestamp,
    pub(super) seen_requests: u64,
    /// The attempt that each committed job of ours was started for, by the world's record.
    pub(super) launched: BTreeMap<String, Launch>,
    /// What each process was told to command.
    pub(super) asked: BTreeMap<u64, Command>,
    /// What was at rest when each process was asked to start something.
    pub(super) at_rest: BTreeMap<u64, BTreeSet<String>>,
    /// Executions of which somebody asked a clean-up: it takes the locks before it is saved.
    pub(super) clean_ups: BTreeSet<String>,
    /// Which processes have saved.
    pub(super) savers: BTreeSet<u64>,
    /// How long each wave has had something in flight.
    pub(super) in_flight: BTreeMap<(String, usize), (SignedDuration, Option<Timestamp>)>,
    /// Servers that a person named for a further attempt, each with its execution.
    pub(super) named: BTreeSet<(String, String)>,
    /// What the story does to DRS.
    pub(super) story: StoryFacts,
    /// Saves of each execution that the table refused for their size, since its last one that
    /// was not.
    pub(super) too_large: BTreeMap<String, u32>,
    /// How often DRS has refused a server that was asked for alone, with what no job explains.
    pub(super) conflicts: BTreeMap<String, u32>,
    pub(super) log: Vec<String>,
    pub(super) pairs: Pairs,
    /// Saves seen.
    pub(crate) saves: u64,
    /// Launches that DRS accepted.
    pub(crate) launches: u64,
    /// Laws broken, each with a sentence.
    pub(crate) broken: Vec<Broken>,
}

/// One launch that DRS accepted for us.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    pub(super) execution: String,
    pub(super) attempt: String,
    pub(super) wave: String,
    pub(super) servers: Vec<String>,
    pub(super) is_drill: Option<bool>,
}

impl Checker {
    /// Nothing is seen yet of this story.
    pub(crate) fn new(story: StoryFacts) -> Self {
        Self {
            current: BTreeMap::new(),
            now: Timestamp::UNIX_EPOCH,
            seen_requests: 0,
            launched: BTreeMap::new(),
            asked: BTreeMap::new(),
            at_rest: BTreeMap::new(),
            clean_ups: BTreeSet::new(),
            savers: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            named: BTreeSet::new(),
            story,
            too_large: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            log: Vec::new(),
            pairs: Pairs::default(),
            saves: 0,
            launches: 0,
            broken: Vec::new(),
        }
    }

    /// Lines for the trace.
    pub(crate) fn take_log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log)
    }

    /// What was covered.
    pub(crate) fn take_pairs(&mut self) -> Pairs {
        std::mem::take(&mut self.pairs)
    }

    /// Whether this job was started for this execution.
    pub(super) fn is_of(&self, job: &str, execution: &str) -> bool {
        self.launched
            .get(job)
            .is_some_and(|launch| launch.execution == execution)
    }

    /// Whether somebody has acknowledged that this recovery may launch without a look: what it
    /// could not see is on their word.
    pub(super) fn launches_unverified(&self, execution: &str) -> bool {
        let stored = self.current.get(execution);
        stored.is_some_and(|stored| stored.execution.launches_unverified)
    }

    /// Writes down that a law was broken, once for each sentence.
    pub(super) fn breach(&mut self, law: &'static str, text: String) {
        let at = self.now;
        if !self.broken.iter().any(|known| known.text == text) {
            self.broken.push(Broken { law, text, at });
        }
    }
}
