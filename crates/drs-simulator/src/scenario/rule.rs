//! Rules: under which conditions a request or a phase goes wrong, and how.

mod effect;
pub(super) mod parse;

pub(crate) use effect::NEVER;

use crate::error::ErrorName;
use crate::scenario::ReplicationChange;
use crate::wire::Tags;
use crate::wire::job::{JobLogEvent, LaunchActionRunStatus};
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One rule. The first that matches wins.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "parse::Entry")]
pub struct Rule {
    /// Its name for deletion; given by the world when left out.
    pub id: Option<String>,
    /// When it applies.
    pub when: When,
    /// What it does.
    pub effect: Effect,
    /// How often it applies; for ever when absent.
    pub times: Option<u32>,
}

/// The conditions of a rule; all that are given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct When {
    /// The operation of the request.
    pub operation: Option<String>,
    /// Tags that the request, or the job of the phase, has.
    pub tags: Tags,
    /// Time from the world's start.
    pub after: Option<SignedDuration>,
    /// Time from the world's start at which it ends.
    pub until: Option<SignedDuration>,
    /// The account.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// A server of the request, or of the phase.
    pub server: Option<ServerSelector>,
}

/// Which servers a rule is about; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ServerSelector {
    /// The source server's id.
    pub id: Option<String>,
    /// Its hostname.
    pub hostname: Option<String>,
    /// Tags that it has.
    pub tag: Tags,
}

/// A phase of one server in a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerPhase {
    /// Removal of the earlier instance before a launch.
    Cleanup,
    /// The snapshot of the staging volumes.
    Snapshot,
    /// The conversion of the volumes.
    Conversion,
    /// The launch until the instance is registered.
    Launch,
    /// The end of an instance in a terminate job.
    Terminate,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Changes how a request is answered, or the job that it starts.
    Call {
        /// How the answer goes wrong.
        answer: Option<Answer>,
        /// A `DescribeJobs` that shows an earlier state.
        stale: bool,
        /// How long the new job is missing from `DescribeJobs`.
        hide_job: Option<SignedDuration>,
        /// How long the new job shows no participating servers.
        hide_participants: Option<SignedDuration>,
        /// After how long the new job is gone from `DescribeJobs`.
        vanish_after: Option<SignedDuration>,
        /// Somebody else's job with the same servers, started just before (where the request
        /// is not committed it is the only one).
        foreign_job: Option<ForeignJobSettings>,
        /// What happens to the servers of the request just before it.
        servers: Option<Box<ReplicationChange>>,
        /// Whether the points in time that the request pins have just expired.
        expire_points: bool,
        /// How the answer differs from what clients know.
        surprise: Option<Box<Surprise>>,
    },
    /// Changes how a phase of a server goes.
    Phase {
        /// The phase.
        phase: ServerPhase,
        /// How.
        effect: PhaseEffect,
    },
    /// Denies actions: those of DRS at the call, those of EC2 inside the job.
    Deny(Vec<String>),
}

/// How an answer goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An error is answered.
    Error {
        /// Which.
        name: ErrorName,
        /// Whether the request took effect all the same.
        commitment: Commitment,
        /// Its `Retry-After`.
        retry_after: Option<u32>,
        /// Its sentence.
        message: Option<String>,
    },
    /// The connection is closed without an answer.
    Lost(Commitment),
    /// The connection is closed in the middle of the answer.
    Half(Commitment),
    /// The service's clock is this far ahead of the caller's: what is signed with another time is
    /// refused, with the service's time in the answer's `Date`.
    Skewed(SignedDuration),
    /// The answer comes late, by the caller's own time.
    Held {
        /// How late.
        hold: SignedDuration,
        /// Whether the request takes effect at once, or only when the answer is given.
        commitment: Commitment,
    },
}

/// Whether something happens before or after a request takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Commitment {
    /// Before: with an error or a lost answer the request never takes effect.
    BeforeCommit,
    /// After: the request has taken effect. One that is refused is answered as it is, and does not
    /// use the rule up.
    AfterCommit,
}

/// How a phase of a server goes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PhaseEffect {
    /// Its duration instead of the usual one.
    pub take: Option<SignedDuration>,
    /// How long it stands still.
    pub stall: Option<Stall>,
    /// How many attempts fail before the last one (conversion only).
    pub attempts: u32,
    /// How it ends.
    pub ending: PhaseEnding,
    /// The error text of a failure.
    pub raw_error: Option<String>,
    /// Whether the launched instance fails EC2's status checks.
    pub impaired: bool,
    /// Whether a launch that fails leaves an EC2 instance that DRS does not know.
    pub orphan: bool,
    /// After how long somebody ends the launched instance by hand.
    pub end_instance_after: Option<SignedDuration>,
    /// The actions after the launch.
    pub actions: Vec<LaunchActionEffect>,
}

/// An action after a launch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LaunchActionEffect {
    /// Its name.
    pub name: String,
    /// How it ends; with `IN_PROGRESS` it never does.
    pub status: LaunchActionRunStatus,
    /// How long it takes; a minute when left out.
    #[serde(default)]
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub after: Option<SignedDuration>,
    /// Whether its failure does not matter.
    #[serde(default)]
    pub optional: bool,
}

/// How an answer differs from what clients know. Paths are like `/items/*/status`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Surprise {
    /// Values by path: unknown values of enumerations, unknown members.
    pub set: BTreeMap<String, serde_json::Value>,
    /// Paths of members that are left out.
    pub remove: Vec<String>,
    /// Whether times have fractions of seconds, of different lengths.
    pub fractional_seconds: bool,
}

/// How long a phase stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stall {
    /// Until somebody forces an outcome.
    Forever,
    /// This long, then it goes on.
    For(SignedDuration),
}

/// How a phase ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PhaseEnding {
    /// As usual.
    #[default]
    Succeeds,
    /// The server fails, with this event in the log.
    Fails(JobLogEvent),
    /// The server fails, and the log says nothing.
    FailsSilently,
    /// The snapshot fails and the previous one is used.
    FallsBack,
    /// The job goes on without the server, which stays `IN_PROGRESS`.
    LeftInProgress,
}

/// Somebody else's job with the servers of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ForeignJobSettings {
    /// How long it takes; as usual when absent.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub duration: Option<SignedDuration>,
    /// Whether it is a drill; as the request says when absent.
    pub is_drill: Option<bool>,
    /// Its tags.
    pub tags: Tags,
}
