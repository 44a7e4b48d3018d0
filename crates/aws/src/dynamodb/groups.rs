//! Protection groups: the group first, then its claims; a dead owner is told from its expiry.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use domain::protection_group::ProtectionGroup;
use domain::{Place, ProtectionGroupId, SourceServerId};
use engine::ports::group_store::{Claimed, GroupState, Prepared, StoredGroup};
use engine::ports::{GroupStore, Listing, PageRequest, StoreError};
use futures::{TryStreamExt, stream};
use jiff::Timestamp;

use super::DynamoStore;
use super::condition::Condition;
use super::document::{DOCUMENT, decode, encode};
use super::item::{Item, corrupt, number, parsed, sortable, text, text_of};
use super::key::Key;
use super::names;
use super::request::Query;
use super::transaction::{Commit, Transaction};

/// The partitions of the index `by-name`.
const LISTED: &str = "GROUP";
const UNFINISHED: &str = "UNFINISHED";
/// Releases under way at once.
const RELEASES_AT_ONCE: usize = 16;

#[async_trait]
impl GroupStore for DynamoStore {
    async fn prepare_group(
        &self,
        group: &ProtectionGroup,
        expires_at: Timestamp,
    ) -> Result<Prepared, StoreError> {
        let table = &self.tables.protection_groups;
        let me = group.id.as_str();
        if let Some(other) = self.earlier_holder(table, &group.name, me).await? {
            return Ok(Prepared::NameTaken(other));
        }
        let mut transaction = Transaction::default();
        names::take(&mut transaction, table, &group.name.key(), me);
        let item = item(group, GroupState::Preparing { expires_at })?;
        transaction.put_if(table, item, &Condition::absent());
        match self.commit(transaction).await? {
            Commit::Done => Ok(Prepared::Done),
            Commit::Refused(refused) => match refused.get(&0) {
                Some(holder) => Ok(Prepared::NameTaken(names::holder(holder.as_ref())?)),
                None => Err(StoreError::Stale),
            },
        }
    }

    async fn claim_servers(
        &self,
        group: &ProtectionGroupId,
        place: &Place,
        servers: &[SourceServerId],
        dead: &[ProtectionGroupId],
    ) -> Result<Claimed, StoreError> {
        let table = &self.tables.protection_groups;
        let condition = free_for(group, dead);
        let mut transaction = Transaction::default();
        for server in servers {
            let claim = Key::claim(place, server).with([("groupId", text(group.as_str()))]);
            transaction.put_if(table, claim, &condition);
        }
        let Commit::Refused(refused) = self.commit(transaction).await? else {
            return Ok(Claimed::Done);
        };
        let mut taken = BTreeMap::new();
        for (index, holder) in &refused {
            if let (Some(server), Some(holder)) = (servers.get(*index), holder) {
                taken.insert(server.clone(), parsed(holder, "groupId")?);
            }
        }
        Ok(Claimed::Taken(taken))
    }

    async fn release_servers(
        &self,
        group: &ProtectionGroupId,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<(), StoreError> {
        let table = &self.tables.protection_groups;
        let mine = Condition::new("#groupId = :me", [(":me", text(group.as_str()))]);
        stream::iter(servers.iter().map(Ok))
            .try_for_each_concurrent(RELEASES_AT_ONCE, |server| {
                let mut transaction = Transaction::default();
                transaction.delete_if(table, &Key::claim(place, server), &mine);
                // A claim of somebody else, and none, are left as they are.
                async { self.commit(transaction).await.map(|_| ()) }
            })
            .await
    }

    async fn commit_group(
        &self,
        before: &ProtectionGroup,
        after: &ProtectionGroup,
    ) -> Result<Prepared, StoreError> {
        let table = &self.tables.protection_groups;
        let me = after.id.as_str();
        if let Some(other) = self.earlier_holder(table, &after.name, me).await? {
            return Ok(Prepared::NameTaken(other));
        }
        let mut transaction = Transaction::default();
        transaction.put_if(table, item(after, GroupState::Active)?, &stands(before));
        let key = after.name.key();
        names::take(&mut transaction, table, &key, me);
        let held = self.keys_held(table, &before.name, me).await?;
        for left in held.iter().filter(|held| **held != key) {
            names::free(&mut transaction, table, left, me);
        }
        match self.commit(transaction).await? {
            Commit::Done => Ok(Prepared::Done),
            Commit::Refused(refused) => match (refused.get(&0), refused.get(&1)) {
                (None, Some(holder)) => Ok(Prepared::NameTaken(names::holder(holder.as_ref())?)),
                (Some(_), _) | (None, None) => Err(StoreError::Stale),
            },
        }
    }

    async fn mark_group_deleting(
        &self,
        group: &ProtectionGroup,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let table = &self.tables.protection_groups;
        let mut condition = stands(group);
        condition.text.push_str(" AND #state = :active");
        condition.values.insert(":active".to_owned(), text(ACTIVE));
        let mut transaction = Transaction::default();
        let marked = item(group, GroupState::Deleting { expires_at })?;
        transaction.put_if(table, marked, &condition);
        self.commit_or_stale(transaction).await
    }

    async fn remove_group(&self, group: &ProtectionGroup) -> Result<(), StoreError> {
        let table = &self.tables.protection_groups;
        // An ACTIVE group was committed, or taken up again, since its removal was decided.
        let mut condition = stands(group);
        condition.text.push_str(" AND #state <> :active");
        condition.values.insert(":active".to_owned(), text(ACTIVE));
        let mut transaction = Transaction::default();
        transaction.delete_if(table, &Key::group(&group.id), &condition);
        let me = group.id.as_str();
        for held in self.keys_held(table, &group.name, me).await? {
            names::free(&mut transaction, table, &held, me);
        }
        self.commit_or_stale(transaction).await
    }

    async fn group(&self, id: &ProtectionGroupId) -> Result<Option<StoredGroup>, StoreError> {
        let table = &self.tables.protection_groups;
        let item = self.get(table, &Key::group(id)).await?;
        item.as_ref().map(stored).transpose()
    }

    async fn groups(&self, ids: &[ProtectionGroupId]) -> Result<Vec<ProtectionGroup>, StoreError> {
        let table = &self.tables.protection_groups;
        let items = self.get_all(table, ids.iter().map(Key::group)).await?;
        let mut active: HashMap<ProtectionGroupId, ProtectionGroup> = HashMap::new();
        for item in &items {
            let StoredGroup { group, state } = stored(item)?;
            if state == GroupState::Active {
                active.insert(group.id.clone(), group);
            }
        }
        Ok(ids
            .iter()
            .filter_map(|id| active.get(id).cloned())
            .collect())
    }

    async fn list_groups(
        &self,
        page: &PageRequest,
    ) -> Result<Listing<ProtectionGroup>, StoreError> {
        let after = page
            .after
            .as_deref()
            .map(|after| names::position(after, "META", LISTED));
        let found = self
            .query(&Query {
                limit: Some(page.limit.max(1)),
                after: after.transpose()?,
                ..self.by_name(LISTED)
            })
            .await?;
        let next = found.last.as_ref().map(names::position_text).transpose()?;
        let items = found.items.iter().map(decode).collect::<Result<_, _>>()?;
        Ok(Listing { items, next })
    }

    async fn unfinished_groups(&self) -> Result<Vec<StoredGroup>, StoreError> {
        let items = self.query_all(self.by_name(UNFINISHED)).await?;
        items.iter().map(stored).collect()
    }

    async fn claims(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<BTreeMap<SourceServerId, ProtectionGroupId>, StoreError> {
        let table = &self.tables.protection_groups;
        let by_partition: HashMap<String, &SourceServerId> = servers
            .iter()
            .map(|server| (Key::claim(place, server).partition, server))
            .collect();
        let keys = servers.iter().map(|server| Key::claim(place, server));
        let mut claims = BTreeMap::new();
        for item in self.get_all(table, keys).await? {
            if let Some(server) = by_partition.get(text_of(&item, "pk")?) {
                claims.insert((*server).clone(), parsed(&item, "groupId")?);
            }
        }
        Ok(claims)
    }
}

impl DynamoStore {
    fn by_name(&self, partition: &str) -> Query {
        Query {
            table: self.tables.protection_groups.clone(),
            index: Some("by-name"),
            keys: Condition::new("#listing = :listing", [(":listing", text(partition))]),
            ..Query::default()
        }
    }
}

const ACTIVE: &str = "ACTIVE";
const PREPARING: &str = "PREPARING";
const DELETING: &str = "DELETING";

fn item(group: &ProtectionGroup, state: GroupState) -> Result<Item, StoreError> {
    let (word, listing, expires_at) = match state {
        GroupState::Active => (ACTIVE, LISTED, None),
        GroupState::Preparing { expires_at } => (PREPARING, UNFINISHED, Some(expires_at)),
        GroupState::Deleting { expires_at } => (DELETING, UNFINISHED, Some(expires_at)),
    };
    let mut item = Key::group(&group.id).with([
        (DOCUMENT, text(encode(group)?)),
        ("version", number(group.version)),
        ("state", text(word)),
        ("listing", text(listing)),
        ("nameKey", text(group.name.key())),
    ]);
    if let Some(expires_at) = expires_at {
        item.insert("ownerExpiresAt".to_owned(), text(sortable(expires_at)));
    }
    Ok(item)
}

fn stored(item: &Item) -> Result<StoredGroup, StoreError> {
    let expires_at = || parsed(item, "ownerExpiresAt");
    let state = match text_of(item, "state")? {
        ACTIVE => GroupState::Active,
        PREPARING => GroupState::Preparing {
            expires_at: expires_at()?,
        },
        DELETING => GroupState::Deleting {
            expires_at: expires_at()?,
        },
        _ => return Err(corrupt(item, "state")),
    };
    Ok(StoredGroup {
        group: decode(item)?,
        state,
    })
}

fn stands(group: &ProtectionGroup) -> Condition {
    Condition::new("#version = :version", [(":version", number(group.version))])
}

/// Unclaimed, claimed by this group, or by one that is known to be dead.
fn free_for(group: &ProtectionGroupId, dead: &[ProtectionGroupId]) -> Condition {
    let condition = "attribute_not_exists(#pk) OR #groupId = :me";
    let mut condition = Condition::new(condition, [(":me", text(group.as_str()))]);
    for (index, id) in dead.iter().enumerate() {
        let value = format!(":dead{index}");
        condition.text.push_str(" OR #groupId = ");
        condition.text.push_str(&value);
        condition.values.insert(value, text(id.as_str()));
    }
    condition
}
