//! Accounts, limits, consistency and switches of a scenario, and what exists at the start.

use crate::wire::recovery_instance::{Ec2InstanceState, FailbackState};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A named set of switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What people have seen DRS do.
    Observed,
    /// What the service model says and nothing else.
    StrictModel,
}

/// Single switches; one that is left out follows the profile.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Whether the log says `LAUNCH_END`, which the model does not know.
    pub launch_end_event: Option<bool>,
    /// Whether a terminate job loses its `participatingServers` when it completes.
    pub empty_terminate_jobs: Option<bool>,
    /// Whether a launch destroys the earlier instance of a real recovery too.
    pub relaunch_destroys_recoveries: Option<bool>,
    /// Whether an old launch job's entry reads TERMINATED once its instance is gone.
    pub old_entries_read_terminated: Option<bool>,
    /// Whether `StartRecovery` and `TerminateRecoveryInstances` answer errors outside their model.
    pub unmodelled_errors: Option<bool>,
    /// Whether the body's `code` is another text than the error's name.
    pub misleading_code: Option<bool>,
    /// Whether a job is COMPLETED only when the actions after its launches have ended.
    pub completed_waits_for_actions: Option<bool>,
    /// Whether a launch whose registration is denied leaves an EC2 instance.
    pub orphan_after_denied_registration: Option<bool>,
    /// Whether the job of a drill says `START_DRILL` in `initiatedBy`.
    pub drills_say_start_drill: Option<bool>,
    /// Whether terminate jobs count against the quota of jobs in progress.
    pub terminate_jobs_count: Option<bool>,
    /// Whether a job's log has its newest item first.
    pub newest_log_first: Option<bool>,
    /// Whether the log says when instances are cleaned up.
    pub cleanup_events: Option<bool>,
}

/// How late reads are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Consistency {
    /// How long a new job is missing from `DescribeJobs`.
    pub job_visible_after_ms: u32,
    /// How long `launchStatus` and `recoveryInstanceID` of a job lag behind its log.
    pub status_lag_ms: u32,
    /// Whether each of these is a random time up to the number, instead of the number.
    pub random: bool,
}

/// Quotas per account and Region, and call rates per account.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Jobs in progress.
    pub concurrent_jobs: usize,
    /// Source servers in one job.
    pub servers_per_job: usize,
    /// Source servers in all jobs in progress.
    pub servers_in_all_jobs: usize,
    /// Token buckets by operation, or by the beginning of operations' names.
    pub rate: BTreeMap<String, RateLimit>,
    /// Whether rates are multiplied by the clock's scale.
    pub scale_limits: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_jobs: 20,
            servers_per_job: 100,
            servers_in_all_jobs: 500,
            rate: BTreeMap::new(),
            scale_limits: false,
        }
    }
}

/// One token bucket.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Calls a second in the long run.
    #[serde(deserialize_with = "crate::scenario::amount::number")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
    pub per_s: f64,
    /// Calls at once.
    #[serde(deserialize_with = "crate::scenario::amount::number")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
    pub burst: f64,
}

/// How much the journal keeps. Requests that change something are always kept.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct JournalSettings {
    /// How many requests that only read are kept, the newest.
    pub reads: usize,
}

impl Default for JournalSettings {
    fn default() -> Self {
        Self { reads: 5_000 }
    }
}

/// One account.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// Twelve digits.
    pub id: String,
    /// The access key whose requests belong to this account.
    #[serde(default)]
    pub access_key: Option<String>,
    /// The Regions in the order of the file; in others DRS is not initialised.
    #[serde(default, deserialize_with = "in_order")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "BTreeMap<String, RegionSettings>")
    )]
    pub regions: Vec<(String, RegionSettings)>,
}

/// One Region of an account.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RegionSettings {
    /// Whether DRS is initialised there.
    #[serde(default = "initialized")]
    pub initialized: bool,
}

/// Reads a mapping without changing its order, because the first Region has a meaning.
fn in_order<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, RegionSettings)>, D::Error> {
    struct InOrder;

    impl<'de> Visitor<'de> for InOrder {
        type Value = Vec<(String, RegionSettings)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("Regions by name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut regions: Self::Value = Vec::new();
            while let Some((name, settings)) = map.next_entry::<String, _>()? {
                if regions.iter().any(|(known, _)| *known == name) {
                    return Err(de::Error::custom(format!("Region {name} is given twice")));
                }
                regions.push((name, settings));
            }
            Ok(regions)
        }
    }

    deserializer.deserialize_map(InOrder)
}

const fn initialized() -> bool {
    true
}

/// What exists before the first request.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Existing {
    /// Recovery instances of earlier launches.
    pub recovery_instances: Vec<ExistingInstance>,
}

/// A recovery instance of an earlier launch.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExistingInstance {
    /// Id or hostname of its source server.
    pub server: String,
    /// Whether a drill launched it.
    pub is_drill: bool,
    /// How the EC2 instance stands.
    #[serde(default = "running")]
    pub state: Ec2InstanceState,
    /// How failback stands.
    #[serde(default)]
    pub failback: Option<FailbackState>,
}

const fn running() -> Ec2InstanceState {
    Ec2InstanceState::Running
}
