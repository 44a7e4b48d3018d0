//! What the log of a job says: a table of every event that DRS's model knows (`JobLogEvent` in its
//! API reference), and of the one that it lacks. The launch status of a server is the truth; the log
//! explains it, and ends what DRS leaves without a status.

use domain::RecoveryInstanceId;
use domain::execution::server::Phase;
use domain::text::{Reason, Warning};

use crate::ports::drs::JobLogEntry;

/// What an event says of the server that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Its launch goes on.
    Progress,
    /// DRS has begun to start its instance: from here on there may be one.
    Starting,
    /// DRS says that it is up.
    Up,
    /// An older point in time is used.
    OlderPoint,
    /// Something failed. DRS may try again, or go on without.
    Fault,
    /// The job leaves the server out.
    LeftOut,
    /// The job does nothing more for any of its servers.
    JobCancelled,
    /// Nothing of a server: the job as a whole, or a network.
    Nothing,
}

/// The phase and the meaning of an event; of a newer DRS's, what its name tells.
fn meaning(event: &str) -> (Option<Phase>, Meaning) {
    match event {
        "CLEANUP_START" | "CLEANUP_END" => (Some(Phase::Cleanup), Meaning::Progress),
        "CLEANUP_FAIL" => (Some(Phase::Cleanup), Meaning::Fault),
        "SNAPSHOT_START" | "SNAPSHOT_END" => (Some(Phase::Snapshot), Meaning::Progress),
        "USING_PREVIOUS_SNAPSHOT" => (Some(Phase::Snapshot), Meaning::OlderPoint),
        "SNAPSHOT_FAIL" | "USING_PREVIOUS_SNAPSHOT_FAILED" => {
            (Some(Phase::Snapshot), Meaning::Fault)
        }
        "CONVERSION_START" | "CONVERSION_END" => (Some(Phase::Conversion), Meaning::Progress),
        "CONVERSION_FAIL" => (Some(Phase::Conversion), Meaning::Fault),
        "LAUNCH_START" => (Some(Phase::Launch), Meaning::Starting),
        "LAUNCH_END" => (Some(Phase::Launch), Meaning::Up),
        "LAUNCH_FAILED" => (Some(Phase::Launch), Meaning::Fault),
        "SERVER_SKIPPED" => (None, Meaning::LeftOut),
        "JOB_CANCEL" => (None, Meaning::JobCancelled),
        "UPDATE_LAUNCH_TEMPLATE_FAILED" => (None, Meaning::Fault),
        "JOB_START"
        | "JOB_END"
        | "UPDATE_LAUNCH_TEMPLATE_START"
        | "UPDATE_LAUNCH_TEMPLATE_END"
        | "DEPLOY_NETWORK_CONFIGURATION_START"
        | "DEPLOY_NETWORK_CONFIGURATION_END"
        | "DEPLOY_NETWORK_CONFIGURATION_FAILED"
        | "UPDATE_NETWORK_CONFIGURATION_START"
        | "UPDATE_NETWORK_CONFIGURATION_END"
        | "UPDATE_NETWORK_CONFIGURATION_FAILED"
        | "NETWORK_RECOVERY_FAIL" => (None, Meaning::Nothing),
        unknown if unknown.ends_with("_FAIL") || unknown.ends_with("_FAILED") => {
            (None, Meaning::Fault)
        }
        _ => (None, Meaning::Nothing),
    }
}

/// What an event says of a phase of its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It begins.
    Begins(Phase),
    /// It has ended well.
    Ends(Phase),
    /// It has failed.
    Fails(Phase),
}

/// Which phase begins or ends with an event; nothing of one that goes on within its phase.
pub(crate) fn step(event: &str) -> Option<Step> {
    let step = match event {
        "CLEANUP_START" => Step::Begins(Phase::Cleanup),
        "CLEANUP_END" => Step::Ends(Phase::Cleanup),
        "CLEANUP_FAIL" => Step::Fails(Phase::Cleanup),
        "SNAPSHOT_START" => Step::Begins(Phase::Snapshot),
        "SNAPSHOT_END" => Step::Ends(Phase::Snapshot),
        "SNAPSHOT_FAIL" => Step::Fails(Phase::Snapshot),
        "CONVERSION_START" => Step::Begins(Phase::Conversion),
        "CONVERSION_END" => Step::Ends(Phase::Conversion),
        "CONVERSION_FAIL" => Step::Fails(Phase::Conversion),
        "LAUNCH_START" => Step::Begins(Phase::Launch),
        "LAUNCH_END" => Step::Ends(Phase::Launch),
        "LAUNCH_FAILED" => Step::Fails(Phase::Launch),
        _ => return None,
    };
    Some(step)
}

/// Whether nothing comes after this event: the job is over or was cancelled.
pub(crate) fn is_last_word(event: &str) -> bool {
    matches!(event, "JOB_END" | "JOB_CANCEL")
}

/// The log of a job, as far as it is about one server.
#[derive(Debug)]
pub(crate) struct ServerLog<'log> {
    /// Entries about the server, and those that end the whole job.
    entries: Vec<&'log JobLogEntry>,
}

impl<'log> ServerLog<'log> {
    pub(crate) fn of(server: &domain::SourceServerId, log: &'log [JobLogEntry]) -> Self {
        let about = |entry: &&JobLogEntry| match &entry.server {
            Some(other) => other == server,
            None => meaning(&entry.event).1 == Meaning::JobCancelled,
        };
        Self {
            entries: log.iter().filter(about).collect(),
        }
    }

    /// How far its launch has come.
    pub(crate) fn phase(&self) -> Option<Phase> {
        let phases = self
            .entries
            .iter()
            .filter_map(|entry| meaning(&entry.event).0);
        phases.max()
    }

    /// DRS's reason, where it names one: the newest.
    pub(crate) fn failure(&self) -> Option<Reason> {
        self.entries.iter().rev().find_map(|entry| failure(entry))
    }

    /// The EC2 instance that the newest failed launch names.
    pub(crate) fn unregistered(&self) -> Option<RecoveryInstanceId> {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| unregistered(entry))
    }

    /// Whether nothing came of the launch, by the log alone: for a server that a job has left
    /// without a result at its end. Where an instance may have been started, the log does not tell.
    pub(crate) fn shows_no_launch(&self) -> bool {
        let mut may_be_up = false;
        let mut failed = false;
        for entry in &self.entries {
            match meaning(&entry.event).1 {
                Meaning::Starting | Meaning::Up => {
                    may_be_up = true;
                    failed = false;
                }
                Meaning::Fault => {
                    // A launch that failed left no instance, or one that DRS does not keep.
                    may_be_up = false;
                    failed = true;
                }
                Meaning::LeftOut | Meaning::JobCancelled => failed = !may_be_up,
                Meaning::Progress => failed = false,
                Meaning::OlderPoint | Meaning::Nothing => {}
            }
        }
        failed && !may_be_up
    }

    /// What people should know although the launch goes on.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let older = self
            .entries
            .iter()
            .any(|entry| meaning(&entry.event).1 == Meaning::OlderPoint);
        older
            .then(|| "USED_PREVIOUS_SNAPSHOT".into())
            .into_iter()
            .collect()
    }
}

/// DRS's reason, where an entry is about a failure.
pub(crate) fn failure(entry: &JobLogEntry) -> Option<Reason> {
    let event = &entry.event;
    let text = match (&entry.error, meaning(event).1) {
        (Some(error), _) => format!("{event}: {error}"),
        (None, Meaning::Fault | Meaning::LeftOut | Meaning::JobCancelled) => {
            format!("{event}: DRS does not say why")
        }
        (
            None,
            Meaning::Progress
            | Meaning::Starting
            | Meaning::Up
            | Meaning::OlderPoint
            | Meaning::Nothing,
        ) => return None,
    };
    // The instance comes first: the end of a long reason is cut.
    Some(match unregistered(entry) {
        Some(instance) => {
            format!("EC2 may run instance {instance}, which DRS does not list; {text}").into()
        }
        None => text.into(),
    })
}

/// The EC2 instance that the entry of a failed launch names. EC2 may run it, and DRS does not list
/// it where it could not register it.
fn unregistered(entry: &JobLogEntry) -> Option<RecoveryInstanceId> {
    if entry.event != "LAUNCH_FAILED" {
        return None;
    }
    entry.instance.as_ref()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use domain::SourceServerId;
    use domain::execution::server::Phase;

    use super::{Meaning, ServerLog, meaning};
    use crate::ports::drs::JobLogEntry;

    /// The events of DRS's model, and the one that it lacks.
    const EVENTS: [(&str, Option<Phase>, Meaning); 29] = [
        ("JOB_START", None, Meaning::Nothing),
        ("SERVER_SKIPPED", None, Meaning::LeftOut),
        ("CLEANUP_START", Some(Phase::Cleanup), Meaning::Progress),
        ("CLEANUP_END", Some(Phase::Cleanup), Meaning::Progress),
        ("CLEANUP_FAIL", Some(Phase::Cleanup), Meaning::Fault),
        ("SNAPSHOT_START", Some(Phase::Snapshot), Meaning::Progress),
        ("SNAPSHOT_END", Some(Phase::Snapshot), Meaning::Progress),
        ("SNAPSHOT_FAIL", Some(Phase::Snapshot), Meaning::Fault),
        (
            "USING_PREVIOUS_SNAPSHOT",
            Some(Phase::Snapshot),
            Meaning::OlderPoint,
        ),
        (
            "USING_PREVIOUS_SNAPSHOT_FAILED",
            Some(Phase::Snapshot),
            Meaning::Fault,
        ),
        (
            "CONVERSION_START",
            Some(Phase::Conversion),
            Meaning::Progress,
        ),
        ("CONVERSION_END", Some(Phase::Conversion), Meaning::Progress),
        ("CONVERSION_FAIL", Some(Phase::Conversion), Meaning::Fault),
        ("LAUNCH_START", Some(Phase::Launch), Meaning::Starting),
        ("LAUNCH_END", Some(Phase::Launch), Meaning::Up),
        ("LAUNCH_FAILED", Some(Phase::Launch), Meaning::Fault),
        ("JOB_CANCEL", None, Meaning::JobCancelled),
        ("JOB_END", None, Meaning::Nothing),
        ("DEPLOY_NETWORK_CONFIGURATION_START", None, Meaning::Nothing),
        ("DEPLOY_NETWORK_CONFIGURATION_END", None, Meaning::Nothing),
        (
            "DEPLOY_NETWORK_CONFIGURATION_FAILED",
            None,
            Meaning::Nothing,
        ),
        ("UPDATE_NETWORK_CONFIGURATION_START", None, Meaning::Nothing),
        ("UPDATE_NETWORK_CONFIGURATION_END", None, Meaning::Nothing),
        (
            "UPDATE_NETWORK_CONFIGURATION_FAILED",
            None,
            Meaning::Nothing,
        ),
        ("UPDATE_LAUNCH_TEMPLATE_START", None, Meaning::Nothing),
        ("UPDATE_LAUNCH_TEMPLATE_END", None, Meaning::Nothing),
        ("UPDATE_LAUNCH_TEMPLATE_FAILED", None, Meaning::Fault),
        ("NETWORK_RECOVERY_FAIL", None, Meaning::Nothing),
        ("SOMETHING_NEWER_FAILED", None, Meaning::Fault),
    ];

    #[test]
    fn every_event_that_drs_knows_has_its_meaning() {
        for (event, phase, means) in EVENTS {
            assert_eq!(meaning(event), (phase, means), "{event}");
        }
    }

    fn server() -> SourceServerId {
        "s-00000000000000001".parse().expect("s- and 17 digits")
    }

    fn shows_no_launch(events: &[&str]) -> bool {
        let log: Vec<JobLogEntry> = events
            .iter()
            .map(|event| JobLogEntry {
                at: None,
                event: (*event).into(),
                server: (*event != "JOB_CANCEL").then(server),
                conversion_server: None,
                instance: None,
                error: None,
                attempt: None,
            })
            .collect();
        ServerLog::of(&server(), &log).shows_no_launch()
    }

    #[test]
    fn what_a_job_left_without_a_result_has_failed_only_where_nothing_may_have_come_up() {
        assert!(shows_no_launch(&["SNAPSHOT_START", "SERVER_SKIPPED"]));
        assert!(shows_no_launch(&["CONVERSION_START", "CONVERSION_FAIL"]));
        assert!(shows_no_launch(&["LAUNCH_START", "LAUNCH_FAILED"]));
        assert!(shows_no_launch(&["SNAPSHOT_START", "JOB_CANCEL"]));
        assert!(!shows_no_launch(&["LAUNCH_START", "JOB_CANCEL"]));
        assert!(!shows_no_launch(&["LAUNCH_START", "LAUNCH_END"]));
        assert!(!shows_no_launch(&["LAUNCH_FAILED", "LAUNCH_START"]));
        assert!(!shows_no_launch(&["CONVERSION_FAIL", "CONVERSION_START"]));
        assert!(!shows_no_launch(&[]));
    }
}
