//! Changing and deleting protection groups.
//!
//! Claims on servers are taken before a change is saved and given back after. Two changes of
//! one group share their claims, so whoever gives some back, and whoever has saved a change,
//! looks afterwards whether the group as it stands has all of its claims, and takes what is
//! missing: the last of them to look leaves them whole.

use domain::protection_group::{GroupDraft, ProtectionGroup};
use domain::text::some_of;
use domain::{ProtectionGroupId, RecoveryPlanId, SourceServerId};

use crate::error::{NAMED_MAX, PLANS_LISTED_MAX};
use crate::groups::{check_version, missing_in, same_members};
use crate::ports::StoreError;
use crate::ports::group_store::Prepared;
use crate::{About, Engine, EngineError, RefusalCode};

/// How often a change that names no version begins anew because the group was changed under it.
const ROUNDS_MAX: u32 = 8;

impl Engine {
    /// Changes a group. With a version, only the group of that version.
    pub async fn update_group(
        &self,
        id: &ProtectionGroupId,
        draft: &GroupDraft,
        if_match: Option<u64>,
        by: &str,
    ) -> Result<ProtectionGroup, EngineError> {
        for _ in 1..ROUNDS_MAX {
            match self.try_to_update(id, draft, if_match, by).await {
                Err(EngineError::StaleVersion { .. }) if if_match.is_none() => {}
                answer => return answer,
            }
        }
        self.try_to_update(id, draft, if_match, by).await
    }

    async fn try_to_update(
        &self,
        id: &ProtectionGroupId,
        draft: &GroupDraft,
        if_match: Option<u64>,
        by: &str,
    ) -> Result<ProtectionGroup, EngineError> {
        let before = self.group(id).await?;
        check_version(before.version, if_match)?;
        let content = self.check_group(draft).await?;
        let after = before.clone().changed(content, by, self.now());
        if !same_members(&before, &after) {
            self.refuse_if_in_execution(&before).await?;
        }
        let added = missing_in(&after, &before);
        self.claim(&after, &added).await?;
        if let Err(error) = self.commit_change(&before, &after).await {
            self.give_back(&after, &added).await?;
            return Err(error);
        }
        self.confirm(&before, &after).await?;
        let gone = missing_in(&before, &after);
        self.ports
            .store
            .release_servers(id, &before.place, &gone)
            .await?;
        Ok(after)
    }

    async fn commit_change(
        &self,
        before: &ProtectionGroup,
        after: &ProtectionGroup,
    ) -> Result<(), EngineError> {
        match self.ports.store.commit_group(before, after).await {
            Ok(Prepared::Done) => Ok(()),
            Ok(Prepared::NameTaken(other)) => Err(self.name_taken(after, &other).await),
            Err(StoreError::Stale) => {
                let version = self.group(&before.id).await?.version;
                Err(EngineError::StaleVersion { version })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// After a change that was not saved: gives back what was claimed for it and the group as
    /// it stands does not have.
    async fn give_back(
        &self,
        wanted: &ProtectionGroup,
        added: &[SourceServerId],
    ) -> Result<(), EngineError> {
        let Some(stands) = self.ports.store.group(&wanted.id).await? else {
            // It was deleted meanwhile; claims without a group give way when they are met.
            let store = &self.ports.store;
            return Ok(store
                .release_servers(&wanted.id, &wanted.place, added)
                .await?);
        };
        let stands = stands.group;
        let unused: Vec<SourceServerId> = missing_in(wanted, &stands)
            .into_iter()
            .filter(|server| added.contains(server))
            .collect();
        self.ports
            .store
            .release_servers(&wanted.id, &wanted.place, &unused)
            .await?;
        let stands = self.ports.store.group(&wanted.id).await?;
        match stands {
            Some(stands) => self.claim_what_is_missing(&stands.group).await,
            None => Ok(()),
        }
    }

    /// After a change that was saved: its claims are there, or the change is taken back.
    async fn confirm(
        &self,
        before: &ProtectionGroup,
        after: &ProtectionGroup,
    ) -> Result<(), EngineError> {
        let Err(error) = self.claim_what_is_missing(after).await else {
            return Ok(());
        };
        let restored = ProtectionGroup {
            version: after.version + 1,
            ..before.clone()
        };
        match self.ports.store.commit_group(after, &restored).await {
            Ok(Prepared::Done) => {
                let added = missing_in(after, before);
                self.give_back(after, &added).await?;
            }
            // Somebody else has changed it since: theirs stands, and they have looked.
            Ok(Prepared::NameTaken(_)) | Err(StoreError::Stale) => {}
            Err(other) => return Err(other.into()),
        }
        Err(error)
    }

    async fn claim_what_is_missing(&self, group: &ProtectionGroup) -> Result<(), EngineError> {
        let claims = self
            .ports
            .store
            .claims(&group.place, &group.servers)
            .await?;
        let missing: Vec<SourceServerId> = group
            .servers
            .iter()
            .filter(|server| claims.get(server) != Some(&group.id))
            .cloned()
            .collect();
        self.claim(group, &missing).await
    }

    /// Deletes a group that no plan uses. With a version, only the group of that version.
    pub async fn delete_group(
        &self,
        id: &ProtectionGroupId,
        if_match: Option<u64>,
    ) -> Result<(), EngineError> {
        for _ in 1..ROUNDS_MAX {
            match self.try_to_delete(id, if_match).await {
                Err(EngineError::StaleVersion { .. }) if if_match.is_none() => {}
                answer => return answer,
            }
        }
        self.try_to_delete(id, if_match).await
    }

    async fn try_to_delete(
        &self,
        id: &ProtectionGroupId,
        if_match: Option<u64>,
    ) -> Result<(), EngineError> {
        let group = self.group(id).await?;
        check_version(group.version, if_match)?;
        self.refuse_if_in_execution(&group).await?;
        // Asked before anything is touched: a deletion that is refused hides the group from nobody.
        refuse_if_used(&self.ports.store.plans_of_group(id).await?)?;
        // From here on no plan can take it up; plans that have it are then all visible.
        match self
            .ports
            .store
            .mark_group_deleting(&group, self.owner_expiry())
            .await
        {
            Ok(()) => {}
            Err(StoreError::Stale) => {
                let version = self.group(id).await?.version;
                return Err(EngineError::StaleVersion { version });
            }
            Err(error) => return Err(error.into()),
        }
        let plans = self.ports.store.plans_of_group(id).await?;
        if let Err(refusal) = refuse_if_used(&plans) {
            self.ports.store.commit_group(&group, &group).await?;
            return Err(refusal);
        }
        self.undo_group(&group).await
    }
}

fn refuse_if_used(plans: &[(RecoveryPlanId, String)]) -> Result<(), EngineError> {
    if plans.is_empty() {
        return Ok(());
    }
    let names = some_of(plans.iter().map(|(_, name)| name), NAMED_MAX);
    let detail = format!("The group is used by plans: {names}.");
    let plans = plans
        .iter()
        .take(PLANS_LISTED_MAX)
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    let about = About {
        plans,
        ..About::default()
    };
    Err(EngineError::refused_about(
        RefusalCode::GroupInUse,
        detail,
        about,
    ))
}
