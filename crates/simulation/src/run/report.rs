//! What came of a run.

use std::collections::BTreeMap;

use domain::execution::Status;

use crate::checker::{Broken, Pairs};
use crate::crash_points::CrashPoint;
use crate::story::FaultKind;

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The story's seed.
    pub seed: u64,
    /// Laws broken.
    pub broken: Vec<Broken>,
    /// How each execution ended, or stands.
    pub outcomes: Vec<Status>,
    /// Steps taken.
    pub steps: u32,
    /// Servers and waves of the story.
    pub size: (usize, usize),
    /// Whether each launch that DRS accepted was marked as a drill.
    pub drill_flags: Vec<Option<bool>>,
    /// Saves of executions.
    pub saves: u64,
    /// Launches that DRS accepted.
    pub launches: u64,
    /// Where processes died.
    pub crashes: BTreeMap<CrashPoint, u32>,
    /// What executions were told, in which state.
    pub pairs: Pairs,
    /// What else happened.
    pub seen: Seen,
    /// All that happened, a line each, where it was asked for.
    pub trace: Vec<String>,
}

/// What happened in a run, in numbers.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Invocations that died or were killed.
    pub deaths: u32,
    /// Steps at which more than one process could go on.
    pub crowds: u64,
    /// Calls of tables that failed.
    pub table_faults: u32,
    /// Commands given.
    pub commands: u32,
    /// Commands refused.
    pub refused: u32,
    /// Parkings.
    pub parks: u32,
    /// How often each fault met somebody.
    pub faults: BTreeMap<FaultKind, u32>,
    /// What others did.
    pub happenings: BTreeMap<&'static str, u32>,
    /// Listings of jobs with values that nobody knows, or without members (F26).
    pub malformed_listings: u32,
    /// Why a plan could not be started, where one could not.
    pub not_started: Option<String>,
}
