//! The table of protection groups.

use crate::memory::index::Lagging;
use domain::protection_group::ProtectionGroup;
use domain::{Place, ProtectionGroupId, SourceServerId};
use engine::ports::StoreError;
use engine::ports::group_store::{GroupState, StoredGroup};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(in crate::memory) struct Groups {
    pub(in crate::memory) by_id: BTreeMap<ProtectionGroupId, StoredGroup>,
    pub(in crate::memory) names: BTreeMap<String, ProtectionGroupId>,
    pub(in crate::memory) claims: BTreeMap<(Place, SourceServerId), ProtectionGroupId>,
    pub(in crate::memory) index: Lagging<ProtectionGroupId, StoredGroup>,
}

impl Groups {
    /// A group that plans may use.
    pub(in crate::memory) fn active(&self, id: &ProtectionGroupId) -> Option<&ProtectionGroup> {
        let stored = self.by_id.get(id)?;
        (stored.state == GroupState::Active).then_some(&stored.group)
    }

    pub(in crate::memory) fn put(&mut self, stored: StoredGroup) {
        let id = stored.group.id.clone();
        self.index.put(id.clone(), stored.clone());
        self.by_id.insert(id, stored);
    }

    /// The group as it stands, where that is the version that was read.
    pub(in crate::memory) fn standing(
        &self,
        read: &ProtectionGroup,
    ) -> Result<&StoredGroup, StoreError> {
        self.by_id
            .get(&read.id)
            .filter(|stored| stored.group.version == read.version)
            .ok_or(StoreError::Stale)
    }

    pub(in crate::memory) fn name_holder(
        &self,
        group: &ProtectionGroup,
    ) -> Option<&ProtectionGroupId> {
        let holder = self.names.get(&group.name.key())?;
        (*holder != group.id).then_some(holder)
    }

    pub(in crate::memory) fn free_name(&mut self, group: &ProtectionGroup) {
        let key = group.name.key();
        if self.names.get(&key) == Some(&group.id) {
            self.names.remove(&key);
        }
    }
}
