//! Protection groups: made, changed and deleted with their claims on servers.

use std::collections::{BTreeMap, BTreeSet};

use domain::protection_group::{GroupContent, GroupDraft, ProtectionGroup};
use domain::text::some_of;
use domain::{Fault, FaultCode, ProtectionGroupId, SourceServerId};

use crate::error::NAMED_MAX;
use crate::ports::drs::DrsErrorClass;
use crate::ports::execution_store::LockKey;
use crate::ports::group_store::{CLAIMS_PER_CALL_MAX, Claimed, GroupState, Prepared, StoredGroup};
use crate::ports::{Listing, PageRequest, StoreError};
use crate::unusable_place::unusable;
use crate::{About, Engine, EngineError, InvalidCode, RefusalCode};

/// How often claims are tried again after a dead owner was found.
const BURIALS_MAX: u32 = 3;

impl Engine {
    /// Makes a group.
    pub async fn create_group(
        &self,
        draft: &GroupDraft,
        by: &str,
    ) -> Result<ProtectionGroup, EngineError> {
        let content = self.check_group(draft).await?;
        let id: ProtectionGroupId = self
            .ports
            .ids
            .uuid()
            .parse()
            .map_err(|error| bad_id(&error))?;
        let group = ProtectionGroup::new(id, content, by, self.now());
        self.prepare(&group).await?;
        let finished = async {
            self.claim(&group, &group.servers).await?;
            match self.ports.store.commit_group(&group, &group).await? {
                Prepared::Done => Ok(()),
                Prepared::NameTaken(other) => Err(self.name_taken(&group, &other).await),
            }
        };
        match finished.await {
            Ok(()) => Ok(group),
            Err(error) => {
                self.undo_group(&group).await?;
                Err(error)
            }
        }
    }

    /// A group.
    pub async fn group(&self, id: &ProtectionGroupId) -> Result<ProtectionGroup, EngineError> {
        match self.ports.store.group(id).await? {
            Some(StoredGroup {
                group,
                state: GroupState::Active | GroupState::Deleting { .. },
            }) => Ok(group),
            Some(StoredGroup {
                state: GroupState::Preparing { .. },
                ..
            })
            | None => Err(EngineError::not_found("protection group", id)),
        }
    }

    /// Groups by name.
    pub async fn list_groups(
        &self,
        page: &PageRequest,
    ) -> Result<Listing<ProtectionGroup>, EngineError> {
        Ok(self.ports.store.list_groups(page).await?)
    }

    /// Removes a group and releases its claims: the end of a deletion, and what is done with one
    /// whose maker died. The group goes first: should its maker be slow and not dead, it can no
    /// longer be committed, and claims without a group give way when they are met.
    pub(crate) async fn undo_group(&self, group: &ProtectionGroup) -> Result<(), EngineError> {
        let store = &self.ports.store;
        match store.remove_group(group).await {
            Ok(()) => {}
            Err(StoreError::Stale) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        Ok(store
            .release_servers(&group.id, &group.place, &group.servers)
            .await?)
    }

    /// Form first, then whether DRS knows the servers.
    pub(crate) async fn check_group(
        &self,
        draft: &GroupDraft,
    ) -> Result<GroupContent, EngineError> {
        let invalid = |faults| EngineError::Invalid {
            code: InvalidCode::Group,
            faults,
        };
        let content = draft
            .parse(&self.settings.deploying_account)
            .map_err(invalid)?;
        self.check_account(&content.place.account)?;
        let found = self
            .ports
            .drs
            .source_servers(&content.place, Some(&content.servers))
            .await;
        let known: BTreeSet<SourceServerId> = match found {
            Ok(servers) => servers.into_iter().map(|server| server.id).collect(),
            Err(error) if error.class == DrsErrorClass::NotInitialised => {
                let message = format!("DRS is not initialised in {}", content.place);
                let fault = Fault::new("region", FaultCode::DrsNotInitialised, message);
                return Err(invalid(vec![fault]));
            }
            Err(error) => return Err(unusable(&content.place, InvalidCode::Group, error)),
        };
        let faults: Vec<Fault> = content
            .servers
            .iter()
            .enumerate()
            .filter(|(_, server)| !known.contains(server))
            .map(|(index, server)| {
                let path = format!("sourceServerIds[{index}]");
                let message = format!("DRS does not know {server} in {}", content.place);
                Fault::new(path, FaultCode::UnknownSourceServer, message)
            })
            .collect();
        if faults.is_empty() {
            Ok(content)
        } else {
            Err(invalid(faults))
        }
    }

    /// The refusal of a name that another group has, however that one writes it.
    pub(crate) async fn name_taken(&self, group: &ProtectionGroup, other: &str) -> EngineError {
        let id: ProtectionGroupId = match other.parse() {
            Ok(id) => id,
            Err(error) => return bad_id(&error),
        };
        let taken = match self.ports.store.group(&id).await {
            Ok(stored) => stored.map(|stored| stored.group.name.to_string()),
            Err(error) => return error.into(),
        };
        // One that is being made has its name already.
        let name = taken.unwrap_or_else(|| group.name.to_string());
        let detail = format!("Another protection group is named {name}.");
        let about = About {
            groups: vec![(other.to_owned(), name)],
            ..About::default()
        };
        EngineError::refused_about(RefusalCode::NameTaken, detail, about)
    }

    /// Takes the name; one that a dead maker left is freed first.
    async fn prepare(&self, group: &ProtectionGroup) -> Result<(), EngineError> {
        for _ in 0..BURIALS_MAX {
            match self
                .ports
                .store
                .prepare_group(group, self.owner_expiry())
                .await?
            {
                Prepared::Done => return Ok(()),
                Prepared::NameTaken(other) => {
                    let id: ProtectionGroupId = other.parse().map_err(|error| bad_id(&error))?;
                    if !self.bury_group_if_dead(&id).await? {
                        return Err(self.name_taken(group, &other).await);
                    }
                }
            }
        }
        Err(StoreError::Unavailable("names were in motion".to_owned()).into())
    }

    /// Claims servers for a group, or refuses and gives back what it claimed.
    pub(crate) async fn claim(
        &self,
        group: &ProtectionGroup,
        servers: &[SourceServerId],
    ) -> Result<(), EngineError> {
        let mut sorted = servers.to_vec();
        sorted.sort();
        let mut claimed = 0;
        for chunk in sorted.chunks(CLAIMS_PER_CALL_MAX) {
            if let Err(error) = self.claim_chunk(group, chunk, &sorted).await {
                let store = &self.ports.store;
                store
                    .release_servers(&group.id, &group.place, &sorted[..claimed])
                    .await?;
                return Err(error);
            }
            claimed += chunk.len();
        }
        Ok(())
    }

    async fn claim_chunk(
        &self,
        group: &ProtectionGroup,
        chunk: &[SourceServerId],
        all: &[SourceServerId],
    ) -> Result<(), EngineError> {
        let mut dead = Vec::new();
        for _ in 0..BURIALS_MAX {
            let store = &self.ports.store;
            match store
                .claim_servers(&group.id, &group.place, chunk, &dead)
                .await?
            {
                Claimed::Done => return Ok(()),
                Claimed::Taken(others) => {
                    let stale = self.stale_claims(&others).await?;
                    if others.values().any(|other| !stale.contains(other)) {
                        return Err(self.servers_taken(group, all, others).await?);
                    }
                    dead.extend(stale);
                }
            }
        }
        Err(StoreError::Unavailable("claims were in motion".to_owned()).into())
    }

    /// Of the groups that hold these claims, those that do not have the server: dead makers,
    /// and groups that let a server go and died before its claim was freed.
    async fn stale_claims(
        &self,
        claims: &BTreeMap<SourceServerId, ProtectionGroupId>,
    ) -> Result<Vec<ProtectionGroupId>, EngineError> {
        let mut stale = Vec::new();
        let owners: BTreeSet<&ProtectionGroupId> = claims.values().collect();
        for owner in owners {
            let dead = match self.ports.store.group(owner).await? {
                None => true,
                Some(stored) => match stored.state {
                    GroupState::Preparing { expires_at } => expires_at < self.now(),
                    GroupState::Active | GroupState::Deleting { .. } => claims
                        .iter()
                        .filter(|(_, other)| *other == owner)
                        .all(|(server, _)| !stored.group.servers.contains(server)),
                },
            };
            if dead {
                stale.push(owner.clone());
            }
        }
        Ok(stale)
    }

    /// Names every server of the group that another one has, not only those that were just met.
    async fn servers_taken(
        &self,
        group: &ProtectionGroup,
        all: &[SourceServerId],
        met: BTreeMap<SourceServerId, ProtectionGroupId>,
    ) -> Result<EngineError, EngineError> {
        let mut claims = self.ports.store.claims(&group.place, all).await?;
        claims.extend(met);
        claims.retain(|_, owner| *owner != group.id);
        let stale = self.stale_claims(&claims).await?;
        claims.retain(|_, owner| !stale.contains(owner));
        let ids: BTreeSet<ProtectionGroupId> = claims.values().cloned().collect();
        let ids: Vec<ProtectionGroupId> = ids.into_iter().collect();
        let names: BTreeMap<ProtectionGroupId, String> = self
            .ports
            .store
            .groups(&ids)
            .await?
            .into_iter()
            .map(|group| (group.id.clone(), group.name.to_string()))
            .collect();
        let name = |id: &ProtectionGroupId| {
            names
                .get(id)
                .cloned()
                .unwrap_or_else(|| format!("{id} (being made)"))
        };
        let servers: Vec<(SourceServerId, String)> = claims
            .iter()
            .map(|(server, id)| (server.clone(), format!("in group {}", name(id))))
            .collect();
        let parts = servers
            .iter()
            .map(|(server, text)| format!("{server} is {text}"));
        let parts = some_of(parts, NAMED_MAX);
        let groups = ids.iter().map(|id| (id.to_string(), name(id))).collect();
        let about = About {
            servers,
            groups,
            ..About::default()
        };
        let detail = format!("A server is in one group at most: {parts}.");
        Ok(EngineError::refused_about(
            RefusalCode::ServerInAnotherGroup,
            detail,
            about,
        ))
    }

    async fn bury_group_if_dead(&self, id: &ProtectionGroupId) -> Result<bool, EngineError> {
        match self.ports.store.group(id).await? {
            None => Ok(true),
            Some(stored) => self.finish_if_expired(&stored).await,
        }
    }

    /// Undoes a group whose maker died, and takes up again one whose deletion died. Says
    /// whether it is gone.
    pub(crate) async fn finish_if_expired(
        &self,
        stored: &StoredGroup,
    ) -> Result<bool, EngineError> {
        match stored.state {
            GroupState::Preparing { expires_at } if expires_at < self.now() => {
                self.undo_group(&stored.group).await?;
                Ok(true)
            }
            GroupState::Deleting { expires_at } if expires_at < self.now() => {
                if self
                    .ports
                    .store
                    .plans_of_group(&stored.group.id)
                    .await?
                    .is_empty()
                {
                    self.undo_group(&stored.group).await?;
                    return Ok(true);
                }
                self.ports
                    .store
                    .commit_group(&stored.group, &stored.group)
                    .await?;
                Ok(false)
            }
            GroupState::Active | GroupState::Preparing { .. } | GroupState::Deleting { .. } => {
                Ok(false)
            }
        }
    }

    pub(crate) async fn refuse_if_in_execution(
        &self,
        group: &ProtectionGroup,
    ) -> Result<(), EngineError> {
        let keys: Vec<LockKey> = group
            .servers
            .iter()
            .map(|server| LockKey::Server(group.place.clone(), server.clone()))
            .collect();
        let owners = self.owners_alive(&keys).await?;
        let Some(owner) = owners.values().next() else {
            return Ok(());
        };
        let detail = format!(
            "Servers of the group are in a {} of plan {} that is not over yet.",
            owner.kind.word(),
            owner.plan_name
        );
        let about = About {
            execution: Some(owner.execution.clone()),
            kind: Some(owner.kind),
            by: Some(owner.by.clone()),
            ..About::default()
        };
        Err(EngineError::refused_about(
            RefusalCode::GroupInActiveExecution,
            detail,
            about,
        ))
    }
}

/// The servers of `group` that `other` does not claim.
pub(crate) fn missing_in(group: &ProtectionGroup, other: &ProtectionGroup) -> Vec<SourceServerId> {
    let moved = group.place != other.place;
    group
        .servers
        .iter()
        .filter(|server| moved || !other.servers.contains(server))
        .cloned()
        .collect()
}

pub(crate) fn same_members(before: &ProtectionGroup, after: &ProtectionGroup) -> bool {
    before.place == after.place
        && missing_in(before, after).is_empty()
        && missing_in(after, before).is_empty()
}

pub(crate) fn check_version(version: u64, if_match: Option<u64>) -> Result<(), EngineError> {
    match if_match {
        Some(wanted) if wanted != version => Err(EngineError::StaleVersion { version }),
        Some(_) | None => Ok(()),
    }
}

pub(crate) fn bad_id(error: &domain::ids::InvalidId) -> EngineError {
    StoreError::Corrupt(error.to_string()).into()
}
