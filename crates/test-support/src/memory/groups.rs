//! Protection groups, their names and their claims.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::protection_group::ProtectionGroup;
use domain::{Place, ProtectionGroupId, SourceServerId};
use jiff::Timestamp;

use super::MemoryStore;
use super::listing::page;
use engine::ports::group_store::{Claimed, GroupState, Prepared, StoredGroup};
use engine::ports::{GroupStore, Listing, PageRequest, StoreError};

#[async_trait]
impl GroupStore for MemoryStore {
    async fn prepare_group(
        &self,
        group: &ProtectionGroup,
        expires_at: Timestamp,
    ) -> Result<Prepared, StoreError> {
        self.write(|state| {
            let groups = &mut state.groups;
            if let Some(holder) = groups.name_holder(group) {
                return Ok(Prepared::NameTaken(holder.to_string()));
            }
            if groups.by_id.contains_key(&group.id) {
                return Err(StoreError::Stale);
            }
            groups.names.insert(group.name.key(), group.id.clone());
            groups.put(StoredGroup {
                group: group.clone(),
                state: GroupState::Preparing { expires_at },
            });
            Ok(Prepared::Done)
        })
    }

    async fn claim_servers(
        &self,
        group: &ProtectionGroupId,
        place: &Place,
        servers: &[SourceServerId],
        dead: &[ProtectionGroupId],
    ) -> Result<Claimed, StoreError> {
        self.write(|state| {
            let claims = &mut state.groups.claims;
            let taken: BTreeMap<SourceServerId, ProtectionGroupId> = servers
                .iter()
                .filter_map(|server| {
                    let holder = claims.get(&(place.clone(), server.clone()))?;
                    let is_free = holder == group || dead.contains(holder);
                    (!is_free).then(|| (server.clone(), holder.clone()))
                })
                .collect();
            if !taken.is_empty() {
                return Ok(Claimed::Taken(taken));
            }
            for server in servers {
                claims.insert((place.clone(), server.clone()), group.clone());
            }
            Ok(Claimed::Done)
        })
    }

    async fn release_servers(
        &self,
        group: &ProtectionGroupId,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<(), StoreError> {
        self.write(|state| {
            for server in servers {
                let key = (place.clone(), server.clone());
                if state.groups.claims.get(&key) == Some(group) {
                    state.groups.claims.remove(&key);
                }
            }
            Ok(())
        })
    }

    async fn commit_group(
        &self,
        before: &ProtectionGroup,
        after: &ProtectionGroup,
    ) -> Result<Prepared, StoreError> {
        self.write(|state| {
            let groups = &mut state.groups;
            groups.standing(before)?;
            if let Some(holder) = groups.name_holder(after) {
                return Ok(Prepared::NameTaken(holder.to_string()));
            }
            groups.free_name(before);
            groups.names.insert(after.name.key(), after.id.clone());
            groups.put(StoredGroup {
                group: after.clone(),
                state: GroupState::Active,
            });
            Ok(Prepared::Done)
        })
    }

    async fn mark_group_deleting(
        &self,
        group: &ProtectionGroup,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|state| {
            let stored = state.groups.standing(group)?;
            if stored.state != GroupState::Active {
                return Err(StoreError::Stale);
            }
            let marked = StoredGroup {
                group: stored.group.clone(),
                state: GroupState::Deleting { expires_at },
            };
            state.groups.put(marked);
            Ok(())
        })
    }

    async fn remove_group(&self, group: &ProtectionGroup) -> Result<(), StoreError> {
        self.write(|state| {
            let groups = &mut state.groups;
            // An ACTIVE group was committed, or taken up again, since its removal was decided.
            if groups.standing(group)?.state == GroupState::Active {
                return Err(StoreError::Stale);
            }
            groups.free_name(group);
            groups.by_id.remove(&group.id);
            groups.index.remove(group.id.clone());
            Ok(())
        })
    }

    async fn group(&self, id: &ProtectionGroupId) -> Result<Option<StoredGroup>, StoreError> {
        self.read(|state| Ok(state.groups.by_id.get(id).cloned()))
    }

    async fn groups(&self, ids: &[ProtectionGroupId]) -> Result<Vec<ProtectionGroup>, StoreError> {
        self.read(|state| {
            let active = ids.iter().filter_map(|id| state.groups.active(id));
            Ok(active.cloned().collect())
        })
    }

    async fn list_groups(
        &self,
        request: &PageRequest,
    ) -> Result<Listing<ProtectionGroup>, StoreError> {
        self.read(|state| {
            let missed = state.chance.lag();
            let by_name: BTreeMap<String, &ProtectionGroup> = state
                .groups
                .index
                .seen(missed)
                .values()
                .filter(|stored| stored.state == GroupState::Active)
                .map(|stored| (position(&stored.group), &stored.group))
                .collect();
            let rest = by_name
                .into_iter()
                .filter(|(position, _)| request.after.as_ref().is_none_or(|after| position > after))
                .map(|(position, group)| (position, group.clone()));
            Ok(page(rest, request.limit))
        })
    }

    async fn unfinished_groups(&self) -> Result<Vec<StoredGroup>, StoreError> {
        self.read(|state| {
            let missed = state.chance.lag();
            let seen = state.groups.index.seen(missed).values();
            Ok(seen
                .filter(|stored| stored.state != GroupState::Active)
                .cloned()
                .collect())
        })
    }

    async fn claims(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<BTreeMap<SourceServerId, ProtectionGroupId>, StoreError> {
        self.read(|state| {
            let claims = &state.groups.claims;
            let found = servers.iter().filter_map(|server| {
                let holder = claims.get(&(place.clone(), server.clone()))?;
                Some((server.clone(), holder.clone()))
            });
            Ok(found.collect())
        })
    }
}

fn position(group: &ProtectionGroup) -> String {
    format!("{}\n{}", group.name.key(), group.id)
}
