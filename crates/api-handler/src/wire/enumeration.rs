//! The vocabularies of the API, each with its source in the domain.

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::plain;

/// A text that is no word of a vocabulary; says which are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnknownWord(String);

impl fmt::Display for UnknownWord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident of $source:path { $($word:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub(crate) enum $name {
            $($word),+
        }

        impl From<$source> for $name {
            fn from(word: $source) -> Self {
                use $source as Source;
                match word {
                    $(Source::$word => Self::$word),+
                }
            }
        }

        impl From<$name> for $source {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$word => Self::$word),+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let source: StrDeserializer<'_, Error> = text.into_deserializer();
                Self::deserialize(source).map_err(|error| UnknownWord(plain(&error.to_string())))
            }
        }
    };
}

vocabulary!(
    /// What an execution is for.
    Kind of domain::Kind { Drill, Recovery }
);
vocabulary!(
    /// The status of an execution.
    ExecutionStatus of domain::execution::Status {
        Pending, Running, Pausing, Paused, Stopping, Cancelling,
        Completed, Partial, Failed, Cancelled, TimedOut,
    }
);
vocabulary!(
    /// Whether an execution still runs. One that has ended is over, though a clean-up may go on.
    Activity of engine::ports::execution_store::Activity { Active, Ended }
);
vocabulary!(
    /// The status of a wave.
    WaveStatus of domain::execution::queries::status::WaveStatus {
        Pending, Paused, Queued, Launching,
        Completed, Partial, Failed, Skipped, Cancelled, TimedOut,
    }
);
vocabulary!(
    /// The status of a server. `LAUNCHED` means that DRS says so, not that it can be used.
    ServerStatus of domain::execution::ServerState {
        Pending, Queued, Launching, Reconciling,
        Launched, Failed, Unknown, Skipped, Cancelled, Terminated,
    }
);
vocabulary!(
    /// What DRS is doing with a launching server.
    Phase of domain::execution::server::Phase { Cleanup, Snapshot, Conversion, Launch }
);
vocabulary!(
    /// What waits for a person.
    HoldType of domain::execution::queries::holds::HoldType { Gate, Failure, Manual, Undecided }
);
vocabulary!(
    /// What an execution waits for.
    WaitingForType of domain::execution::queries::waiting::WaitingFor {
        Waves, DrsJob, Quota, ServerInJob, Reconciling, DrsUnavailable, DrsRefused, AccessDenied,
        Gate, Failure, Manual, Undecided, CleanUp,
    }
);
vocabulary!(
    /// How fresh the picture of DRS is. `STALE`: three looks were missed.
    Freshness of domain::execution::queries::freshness::Freshness { Current, Stale, Failing }
);
vocabulary!(
    /// The status of a DRS job. `COMPLETED` says that it ended, and nothing else; `VANISHED`
    /// that DRS no longer shows it.
    JobStatus of domain::execution::batch::JobStatus { Pending, Started, Completed, Vanished }
);
vocabulary!(
    /// Where a clean-up stands. `DONE`: a fresh look finds nothing of the execution.
    CleanUpStatus of domain::execution::clean_up::CleanUpStatus {
        NotStarted, Running, Done, Incomplete, CouldNotVerify,
    }
);
vocabulary!(
    /// Where one instance of a clean-up stands.
    CleanUpInstanceStatus of domain::execution::clean_up::CleanUpInstanceState {
        Pending, Terminating, Terminated, AlreadyGone, NotOurs, Refused,
    }
);
vocabulary!(
    /// What happens when the need of a wave is not met.
    OnFailure of domain::recovery_plan::OnFailure { Stop, Pause, Continue }
);
vocabulary!(
    /// What happened in an execution.
    EventCode of domain::execution::NoteCode {
        ExecutionCreated, ExecutionStarted, WaveStarted, WaveEnded, HoldOpened, ServersTakenOut,
        LaunchDelayed, LaunchIntended, JobStarted, JobAdopted, LaunchInDoubt, LaunchAbsent,
        LaunchRefused, JobEnded, LateLaunch, Paused, Resumed, Cancelled, Retried, Skipped,
        Resolved, TakenOver, CarriedOver, ExecutionEnded, InstanceReplaced, CleanUpStarted,
        TerminationAsked, CleanUpEnded,
    }
);
vocabulary!(
    /// What DRS could recover of a server now. `LAGGING`: to an old point only, so that a drill with
    /// it is refused unless somebody says why not.
    Recoverability of domain::launchability::Recoverability { Ready, Lagging, NotRecoverable }
);
