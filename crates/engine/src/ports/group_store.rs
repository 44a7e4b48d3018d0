//! Protection groups in their table.
//!
//! A group of hundreds of servers does not fit one transaction. So the owner comes first: the
//! group is put as PREPARING, with an expiry; then it claims its servers, in chunks; then it
//! is committed. What a dead owner leaves behind is told from its expiry, and is undone.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use domain::protection_group::ProtectionGroup;
use domain::{Place, ProtectionGroupId, SourceServerId};
use jiff::Timestamp;

use super::{Listing, PageRequest, StoreError};

/// Most servers of one claim or release.
pub const CLAIMS_PER_CALL_MAX: usize = 90;

/// The table of protection groups.
#[async_trait]
pub trait GroupStore: Send + Sync + Debug {
    /// Puts a new group as PREPARING and takes its name.
    async fn prepare_group(
        &self,
        group: &ProtectionGroup,
        expires_at: Timestamp,
    ) -> Result<Prepared, StoreError>;

    /// Claims servers for a group, all or none. A claim of its own holds; a claim by one of
    /// `dead` (groups known not to have the server) is taken over.
    /// At most [`CLAIMS_PER_CALL_MAX`] servers.
    async fn claim_servers(
        &self,
        group: &ProtectionGroupId,
        place: &Place,
        servers: &[SourceServerId],
        dead: &[ProtectionGroupId],
    ) -> Result<Claimed, StoreError>;

    /// Frees claims of this group; those of others, and none, are left. Any number.
    async fn release_servers(
        &self,
        group: &ProtectionGroupId,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<(), StoreError>;

    /// Puts `after` as ACTIVE where `before` still stands (in any state, by its version);
    /// moves the name when it has changed. [`StoreError::Stale`] where it does not stand.
    async fn commit_group(
        &self,
        before: &ProtectionGroup,
        after: &ProtectionGroup,
    ) -> Result<Prepared, StoreError>;

    /// Marks an ACTIVE group as DELETING, with an expiry, so that no plan can take it up.
    async fn mark_group_deleting(
        &self,
        group: &ProtectionGroup,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Removes a group and its name, where it still stands by its version. Its claims are
    /// released apart.
    async fn remove_group(&self, group: &ProtectionGroup) -> Result<(), StoreError>;

    /// A group by id, consistently, in whatever state.
    async fn group(&self, id: &ProtectionGroupId) -> Result<Option<StoredGroup>, StoreError>;

    /// ACTIVE groups by id, consistently (any number). One that is not there is left out.
    async fn groups(&self, ids: &[ProtectionGroupId]) -> Result<Vec<ProtectionGroup>, StoreError>;

    /// ACTIVE groups by name.
    async fn list_groups(&self, page: &PageRequest)
    -> Result<Listing<ProtectionGroup>, StoreError>;

    /// Groups that are PREPARING or DELETING: the finder undoes those that have expired.
    async fn unfinished_groups(&self) -> Result<Vec<StoredGroup>, StoreError>;

    /// Which group claims each of these servers (any number); unclaimed ones are left out.
    async fn claims(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<BTreeMap<SourceServerId, ProtectionGroupId>, StoreError>;
}

/// A group with its state in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGroup {
    /// The group.
    pub group: ProtectionGroup,
    /// Its state.
    pub state: GroupState,
}

/// The state of a group in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
    /// There for everybody.
    Active,
    /// Being made.
    Preparing {
        /// When its maker counts as dead.
        expires_at: Timestamp,
    },
    /// Being deleted.
    Deleting {
        /// When whoever deletes it counts as dead.
        expires_at: Timestamp,
    },
}

/// What became of taking a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// It is done.
    Done,
    /// A thing of this id has the name.
    NameTaken(String),
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// All are claimed.
    Done,
    /// None is claimed: these belong to other groups.
    Taken(BTreeMap<SourceServerId, ProtectionGroupId>),
}
