//! What a rule does, as it is written, with the checks that a type cannot make.

use super::{
    Answer, Commitment, Effect, ForeignJobSettings, LaunchActionEffect, PhaseEffect, PhaseEnding,
    ServerPhase, Stall, Surprise,
};
use crate::error::ErrorName;
use crate::scenario::ReplicationChange;
use crate::scenario::name::WrittenError;
use crate::wire::job::JobLogEvent;
use jiff::SignedDuration;
use serde::Deserialize;

/// No client waits this long.
pub(crate) const NEVER: SignedDuration = SignedDuration::from_hours(24 * 365);

/// What a rule does.
#[derive(Deserialize, Default)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Do")
)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one member that a file may have"
)]
pub(super) struct EffectEntry {
    /// This error is answered.
    error: Option<WrittenError>,
    /// With `error`: the request takes effect all the same.
    commit: bool,
    /// With `error`: its Retry-After in seconds.
    retry_after: Option<u32>,
    /// With `error`: its sentence.
    message: Option<String>,
    /// The connection is closed without an answer.
    lose_response: Option<Commitment>,
    /// The answer comes this late, in wall time.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    hold: Option<SignedDuration>,
    /// With `hold`: whether the request takes effect at once or only then.
    when: Option<Commitment>,
    /// There is never an answer, and the connection stays open.
    hang: Option<Commitment>,
    /// The connection is closed in the middle of the answer.
    half_response: Option<Commitment>,
    /// The service's clock is this far ahead.
    clock_skew: Option<SignedDuration>,
    /// What happens to the servers of the request just before it.
    set_servers: Option<ReplicationChange>,
    /// The points in time that the request pins have expired.
    expire_points: bool,
    /// How the answer differs from what clients know.
    surprise: Option<Surprise>,
    /// Running jobs are shown as they began.
    stale: bool,
    /// How long the new job cannot be seen.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    hide_job: Option<SignedDuration>,
    /// How long the new job shows no servers.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    hide_participants: Option<SignedDuration>,
    /// After how long the new job is gone for readers.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    vanish_after: Option<SignedDuration>,
    /// Somebody else's job with the same servers starts just before.
    foreign_job: Option<ForeignJobSettings>,
    /// How long the phase takes.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    take: Option<SignedDuration>,
    /// `forever`, or how long the phase stands still.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    stall: Option<Stall>,
    /// How many conversions fail first.
    attempts: u32,
    /// The server fails with this entry in the log.
    fail: Option<JobLogEvent>,
    /// The server fails without an entry in the log.
    fail_silently: bool,
    /// The snapshot fails and the previous point is used.
    fall_back_to_previous: bool,
    /// The job goes on without the server, which stays `IN_PROGRESS`.
    leave_in_progress: bool,
    /// The error text in the log.
    raw_error: Option<String>,
    /// The instance fails EC2's status checks.
    impaired: bool,
    /// A failed launch leaves an EC2 instance that DRS does not know.
    orphan: bool,
    /// Somebody ends the instance by hand this long after its launch.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    end_instance_after: Option<SignedDuration>,
    /// Actions after the launch.
    launch_actions: Vec<LaunchActionEffect>,
}

impl EffectEntry {
    pub(super) fn call(self) -> Result<Effect, String> {
        let of_a_phase = self.given_of_a_phase();
        if !of_a_phase.is_empty() {
            return Err(format!(
                "{} cannot be here without `when.phase`",
                listed(&of_a_phase)
            ));
        }
        let nothing = self.given_of_a_request().is_empty();
        let answer = self.answer()?;
        if nothing {
            return Err("`do` does nothing: say what is answered, or what happens".to_owned());
        }
        Ok(Effect::Call {
            answer,
            stale: self.stale,
            hide_job: self.hide_job,
            hide_participants: self.hide_participants,
            vanish_after: self.vanish_after,
            foreign_job: self.foreign_job,
            servers: self.set_servers.map(Box::new),
            expire_points: self.expire_points,
            surprise: self.surprise.map(Box::new),
        })
    }

    const fn changes_an_instance(&self) -> bool {
        self.impaired
            || self.orphan
            || self.end_instance_after.is_some()
            || !self.launch_actions.is_empty()
    }

    fn answer(&self) -> Result<Option<Answer>, String> {
        if self.error.is_none()
            && (self.commit || self.retry_after.is_some() || self.message.is_some())
        {
            return Err("`commit`, `retry_after` and `message` belong to `error`".to_owned());
        }
        if self.hold.is_none() && self.when.is_some() {
            return Err("`do.when` belongs to `hold`".to_owned());
        }
        let mut answers = Vec::new();
        answers.extend(self.error.as_ref().map(|error| self.failure(error.0)));
        answers.extend(self.lose_response.map(Answer::Lost));
        answers.extend(self.half_response.map(Answer::Half));
        answers.extend(self.clock_skew.map(Answer::Skewed));
        answers.extend(self.hold.map(|hold| Answer::Held {
            hold,
            commitment: self.when.unwrap_or(Commitment::AfterCommit),
        }));
        answers.extend(self.hang.map(|commitment| Answer::Held {
            hold: NEVER,
            commitment,
        }));
        if answers.len() > 1 {
            return Err(
                "`do` has at most one of `error`, `lose_response`, `half_response`, \
                `clock_skew`, `hold` and `hang`"
                    .to_owned(),
            );
        }
        Ok(answers.pop())
    }

    fn failure(&self, name: ErrorName) -> Answer {
        Answer::Error {
            name,
            commitment: if self.commit {
                Commitment::AfterCommit
            } else {
                Commitment::BeforeCommit
            },
            retry_after: self.retry_after,
            message: self.message.clone(),
        }
    }

    /// What is given and is about a phase of a server in a job.
    fn given_of_a_phase(&self) -> Vec<&'static str> {
        given(&[
            ("take", self.take.is_some()),
            ("stall", self.stall.is_some()),
            ("attempts", self.attempts > 0),
            ("fail", self.fail.is_some()),
            ("fail_silently", self.fail_silently),
            ("fall_back_to_previous", self.fall_back_to_previous),
            ("leave_in_progress", self.leave_in_progress),
            ("raw_error", self.raw_error.is_some()),
            ("impaired", self.impaired),
            ("orphan", self.orphan),
            ("end_instance_after", self.end_instance_after.is_some()),
            ("launch_actions", !self.launch_actions.is_empty()),
        ])
    }

    /// What is given and is about a request.
    fn given_of_a_request(&self) -> Vec<&'static str> {
        given(&[
            ("error", self.error.is_some()),
            ("lose_response", self.lose_response.is_some()),
            ("half_response", self.half_response.is_some()),
            ("clock_skew", self.clock_skew.is_some()),
            ("hold", self.hold.is_some()),
            ("hang", self.hang.is_some()),
            ("stale", self.stale),
            ("hide_job", self.hide_job.is_some()),
            ("hide_participants", self.hide_participants.is_some()),
            ("vanish_after", self.vanish_after.is_some()),
            ("foreign_job", self.foreign_job.is_some()),
            ("set_servers", self.set_servers.is_some()),
            ("expire_points", self.expire_points),
            ("surprise", self.surprise.is_some()),
        ])
    }

    pub(super) fn phase(self, phase: ServerPhase) -> Result<PhaseEffect, String> {
        if self.fall_back_to_previous && phase != ServerPhase::Snapshot {
            return Err("`fall_back_to_previous` belongs to the phase `snapshot`".to_owned());
        }
        if self.attempts > 0 && phase != ServerPhase::Conversion {
            return Err("`attempts` belongs to the phase `conversion`".to_owned());
        }
        if self.changes_an_instance() && phase != ServerPhase::Launch {
            return Err(
                "`impaired`, `orphan`, `end_instance_after` and `launch_actions` belong to \
                the phase `launch`"
                    .to_owned(),
            );
        }
        if self.orphan && self.fail.is_none() && !self.fail_silently {
            return Err("`orphan` goes with `fail` or `fail_silently`".to_owned());
        }
        let of_a_request = self.given_of_a_request();
        if !of_a_request.is_empty() {
            return Err(format!(
                "with `when.phase`, `do` changes the phase and no answer: {} cannot be here",
                listed(&of_a_request)
            ));
        }
        // What belongs to an answer stands alone here, and has no effect.
        self.answer()?;
        if self.given_of_a_phase().is_empty() {
            return Err("`do` does nothing: say how the phase goes".to_owned());
        }
        let mut endings = Vec::new();
        endings.extend(self.fail.map(PhaseEnding::Fails));
        endings.extend(self.fail_silently.then_some(PhaseEnding::FailsSilently));
        endings.extend(self.fall_back_to_previous.then_some(PhaseEnding::FallsBack));
        endings.extend(
            self.leave_in_progress
                .then_some(PhaseEnding::LeftInProgress),
        );
        if endings.len() > 1 {
            return Err("`do` has at most one of `fail`, `fail_silently`, \
                `fall_back_to_previous` and `leave_in_progress`"
                .to_owned());
        }
        Ok(PhaseEffect {
            take: self.take,
            stall: self.stall,
            attempts: self.attempts,
            ending: endings.first().copied().unwrap_or_default(),
            raw_error: self.raw_error,
            impaired: self.impaired,
            orphan: self.orphan,
            end_instance_after: self.end_instance_after,
            actions: self.launch_actions,
        })
    }
}

fn given(members: &[(&'static str, bool)]) -> Vec<&'static str> {
    let given = members.iter().filter(|(_, is_given)| *is_given);
    given.map(|(name, _)| *name).collect()
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
