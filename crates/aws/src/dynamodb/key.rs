//! The keys of all items, in one place.

use domain::{ExecutionId, JobId, Place, ProtectionGroupId, RecoveryPlanId, SourceServerId};
use engine::ports::execution_store::{LockKey, TokenKey};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::item::{Item, sortable, text};

/// The attribute of the partition key.
pub(super) const PARTITION: &str = "pk";
/// The attribute of the sort key.
pub(super) const SORT: &str = "sk";

/// The key of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) partition: String,
    pub(super) sort: String,
}

impl Key {
    fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self {
            partition: partition.into(),
            sort: sort.into(),
        }
    }

    /// The key as the attributes that name an item.
    pub(super) fn item(&self) -> Item {
        Item::from([
            (PARTITION.to_owned(), text(&self.partition)),
            (SORT.to_owned(), text(&self.sort)),
        ])
    }

    /// An item of this key with these attributes.
    pub(super) fn with<const N: usize>(
        &self,
        attributes: [(&str, aws_sdk_dynamodb::types::AttributeValue); N],
    ) -> Item {
        let mut item = self.item();
        item.extend(
            attributes
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        item
    }

    pub(super) fn group(id: &ProtectionGroupId) -> Self {
        Self::new(format!("GROUP#{id}"), "META")
    }

    pub(super) fn name(name_key: &str) -> Self {
        Self::new(format!("NAME#{name_key}"), "NAME")
    }

    pub(super) fn claim(place: &Place, server: &SourceServerId) -> Self {
        let Place { account, region } = place;
        Self::new(format!("SERVER#{account}#{region}#{server}"), "CLAIM")
    }

    pub(super) fn plan(id: &RecoveryPlanId) -> Self {
        Self::new(format!("PLAN#{id}"), "CURRENT")
    }

    pub(super) fn plan_version(id: &RecoveryPlanId, version: u64) -> Self {
        Self::new(format!("PLAN#{id}"), format!("V#{version:04}"))
    }

    pub(super) fn group_use(group: &ProtectionGroupId, plan: &RecoveryPlanId) -> Self {
        Self::new(Self::group_uses(group), format!("PLAN#{plan}"))
    }

    pub(super) fn group_uses(group: &ProtectionGroupId) -> String {
        format!("GROUPUSE#{group}")
    }

    pub(super) fn execution(id: &ExecutionId) -> Self {
        Self::new(Self::execution_partition(id), META)
    }

    pub(super) fn execution_partition(id: &ExecutionId) -> String {
        format!("{EXECUTION_PREFIX}{id}")
    }

    /// The partition of the items that say how each plan ran last.
    pub(super) const LAST_RUNS: &str = "LASTRUNS";

    pub(super) fn last_runs(plan: &RecoveryPlanId) -> Self {
        Self::new(Self::LAST_RUNS, plan.as_str())
    }

    pub(super) fn ended(month: &str, ended_at: Timestamp, id: &ExecutionId) -> Self {
        Self::new(
            Self::ended_in(month),
            format!("{}#{id}", sortable(ended_at)),
        )
    }

    pub(super) fn ended_in(month: &str) -> String {
        format!("ENDED#{month}")
    }

    pub(super) fn park(id: &ExecutionId) -> Self {
        Self::new(Self::execution_partition(id), "PARK")
    }

    pub(super) fn wave(id: &ExecutionId, wave: usize) -> Self {
        Self::new(Self::execution_partition(id), format!("WAVE#{wave:03}"))
    }

    pub(super) fn batch(id: &ExecutionId, wave: usize, batch: usize) -> Self {
        let sort = format!("BATCH#{wave:03}#{batch:02}");
        Self::new(Self::execution_partition(id), sort)
    }

    pub(super) fn clean_up(id: &ExecutionId, part: usize) -> Self {
        Self::new(Self::execution_partition(id), format!("CLEANUP#{part:03}"))
    }

    /// A further piece of the document of one of an execution's items. It sorts right after that
    /// item; pieces of META have a place of their own among the parts.
    pub(super) fn piece(&self, piece: usize) -> Self {
        let of = if self.sort == META { HEAD } else { &self.sort };
        Self::new(&self.partition, format!("{of}{PIECE}{piece:02}"))
    }

    /// A write of a save that was too large for one transaction, until it is done.
    pub(super) fn staged(id: &ExecutionId, save: &str, number: usize) -> Self {
        let sort = format!("{}{number:05}", Self::staged_prefix(save));
        Self::new(Self::execution_partition(id), sort)
    }

    /// What the sort keys of the writes of one save begin with.
    pub(super) fn staged_prefix(save: &str) -> String {
        format!("STAGED#{save}#")
    }

    /// The item of consecutive events is named by the last of them.
    pub(super) fn event(id: &ExecutionId, last: u64) -> Self {
        Self::new(Self::execution_partition(id), Self::event_sort(last))
    }

    pub(super) fn event_sort(last: u64) -> String {
        format!("EVENT#{last:06}")
    }

    pub(super) fn log(id: &ExecutionId, job: &JobId, part: usize) -> Self {
        Self::new(Self::execution_partition(id), Self::log_sort(job, part))
    }

    pub(super) fn log_sort(job: &JobId, part: usize) -> String {
        format!("LOG#{job}#{part:04}")
    }

    pub(super) fn lock(lock: &LockKey) -> Self {
        let partition = match lock {
            LockKey::Plan(id) => format!("LOCK#PLAN#{id}"),
            LockKey::Server(Place { account, region }, server) => {
                format!("LOCK#SERVER#{account}#{region}#{server}")
            }
        };
        Self::new(partition, "LOCK")
    }

    pub(super) fn job(id: &JobId) -> Self {
        Self::new(format!("DRSJOB#{id}"), "JOB")
    }

    pub(super) fn lease(Place { account, region }: &Place) -> Self {
        Self::new(format!("LOOK#{account}#{region}"), "LEASE")
    }

    pub(super) fn outbox(id: &ExecutionId, number: u64) -> Self {
        Self::new(
            Self::execution_partition(id),
            format!("OUTBOX#{number:012}"),
        )
    }

    pub(super) fn ledger(Place { account, region }: &Place) -> Self {
        Self::new(format!("QUOTA#{account}#{region}"), "LEDGER")
    }

    pub(super) fn token(key: &TokenKey) -> Self {
        Self::new(Self::token_partition(key), "TOKEN")
    }

    /// A long answer continues in further items.
    pub(super) fn token_answer(key: &TokenKey, part: usize) -> Self {
        Self::new(Self::token_partition(key), format!("ANSWER#{part:03}"))
    }

    /// A hash, because callers choose the token and may put anything into it.
    fn token_partition(key: &TokenKey) -> String {
        let TokenKey {
            caller,
            operation,
            token,
        } = key;
        let mut digest = Sha256::new();
        for part in [caller, operation, token] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        format!("TOKEN#{}", hex::encode(digest.finalize()))
    }

    pub(super) fn secret(name: &str) -> Self {
        Self::new(format!("SECRET#{name}"), "SECRET")
    }

    /// The months with executions, so that a listing by month knows where to end.
    pub(super) fn months() -> Self {
        Self::new("MONTHS", "MONTHS")
    }
}

/// The sort key of the item that has the head of an execution.
const META: &str = "META";
/// What the sort keys of the further pieces of META's document begin with.
const HEAD: &str = "CLEANUP#HEAD";
/// Stands between the sort key of an item and the number of a further piece of its document.
pub(super) const PIECE: &str = "#PIECE#";

/// What the partition keys of executions begin with.
pub(super) const EXECUTION_PREFIX: &str = "EXECUTION#";
