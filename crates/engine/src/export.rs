//! The export of groups and plans to another Region, so that they outlive this one.
//!
//! What lies there is compared with what the tables hold, so nobody has to report a change, none can
//! be missed, and an export that failed is made up for by the next round.

use std::collections::BTreeMap;

use domain::protection_group::ProtectionGroup;
use domain::recovery_plan::RecoveryPlan;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Engine;
use crate::ports::replica::{ExportedText, Replica, ReplicaError};
use crate::ports::{Listing, PageRequest, StoreError};

/// The form of the document. Whoever reads one of another form must be a later program.
const SCHEMA: u32 = 1;
/// Groups or plans that are asked for at once.
const PAGE: usize = 100;

/// What one round of exporting did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// The replica holds what the tables hold: nothing was written.
    Current,
    /// The export was replaced.
    Replaced {
        /// How many groups it holds.
        groups: usize,
        /// How many plans it holds.
        plans: usize,
    },
}

/// Why a round of exporting ended early. What lay in the replica lies there still.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Groups and plans could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The replica could not be read or written.
    #[error("the replica cannot be reached: {0}")]
    Replica(#[from] ReplicaError),
}

/// The document, in the form in which the tables hold groups and plans.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Export {
    schema: u32,
    protection_groups: Vec<ProtectionGroup>,
    recovery_plans: Vec<RecoveryPlan>,
}

impl Engine {
    /// Makes the replica hold every group and plan as it stands. Unfinished groups are not in it:
    /// they are nobody's decision yet, or no longer.
    pub async fn export(&self, replica: &dyn Replica) -> Result<Exported, ExportError> {
        let store = &self.ports.store;
        let groups = every(
            async |page| store.list_groups(page).await,
            |group| group.id.to_string(),
        );
        let plans = every(
            async |page| store.list_plans(page).await,
            |plan| plan.id.to_string(),
        );
        let export = Export {
            schema: SCHEMA,
            protection_groups: groups.await?,
            recovery_plans: plans.await?,
        };
        let written = written(&export)?;
        let there = replica.digest().await?;
        if there.as_ref() == Some(&written.digest) {
            return Ok(Exported::Current);
        }
        replica.put(&written).await?;
        Ok(Exported::Replaced {
            groups: export.protection_groups.len(),
            plans: export.recovery_plans.len(),
        })
    }
}

/// Every item of a list. Names order the pages, and a name can change between two of them: then an
/// item is met twice, or not at all until the next round.
async fn every<T>(
    list: impl AsyncFn(&PageRequest) -> Result<Listing<T>, StoreError>,
    id: impl Fn(&T) -> String,
) -> Result<Vec<T>, StoreError> {
    let mut page = PageRequest {
        limit: PAGE,
        after: None,
    };
    let mut found = BTreeMap::new();
    loop {
        let Listing { items, next } = list(&page).await?;
        found.extend(items.into_iter().map(|item| (id(&item), item)));
        if next.is_none() {
            return Ok(found.into_values().collect());
        }
        page.after = next;
    }
}

fn written(export: &Export) -> Result<ExportedText, StoreError> {
    let text = serde_json::to_string(export)
        .map_err(|error| StoreError::Corrupt(format!("an export cannot be written: {error}")))?;
    let digest = hex::encode(Sha256::digest(text.as_bytes()));
    Ok(ExportedText { text, digest })
}
