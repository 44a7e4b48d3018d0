//! The finder: every minute, what nobody drives is driven anew, what a dead owner left is
//! undone, and every place with jobs in flight gets a poller.

use std::collections::BTreeSet;

use domain::Place;

use crate::ports::Pollers;
use crate::ports::execution_store::{LiveEntry, Stage};
use crate::{Engine, EngineError};

/// What the finder found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    /// Executions with work left.
    pub live: u32,
    /// Machines started for executions that nobody drove.
    pub driven: u32,
    /// Owners that had died, undone.
    pub rolled_back: u32,
    /// Pollers asked for.
    pub pollers: u32,
    /// Things that could not be done now; the next minute tries again.
    pub failures: u32,
    /// For how long the longest neglected execution should have been driven, in seconds.
    pub seconds_since_advance: u64,
}

impl Engine {
    /// One round. One execution that cannot be helped never keeps the others from it.
    pub async fn find(&self, pollers: &dyn Pollers) -> Result<Found, EngineError> {
        let mut found = Found::default();
        let entries = self.ports.store.live(None).await?;
        let mut places: BTreeSet<Place> = BTreeSet::new();
        for entry in &entries {
            found.live += 1;
            places.extend(entry.places.iter().cloned());
            let neglected = self.now().duration_since(entry.driven_until).as_secs();
            let neglected = u64::try_from(neglected).unwrap_or(0);
            found.seconds_since_advance = found.seconds_since_advance.max(neglected);
            if let Err(error) = self.help(entry, &mut found).await {
                found.failures += 1;
                tracing::error!(
                    execution.id = %entry.id,
                    "execution {} could not be helped: {error}", entry.id
                );
            }
        }
        for stored in self.ports.store.unfinished_groups().await? {
            match self.finish_if_expired(&stored).await {
                Ok(true) => found.rolled_back += 1,
                Ok(false) => {}
                Err(error) => {
                    found.failures += 1;
                    tracing::error!("a change of a group could not be finished: {error}");
                }
            }
        }
        for place in &places {
            match pollers.invoke(place).await {
                Ok(()) => found.pollers += 1,
                Err(error) => {
                    found.failures += 1;
                    tracing::error!("no poller could be asked for in {place}: {error}");
                }
            }
        }
        Ok(found)
    }

    /// The index is a hint: what is done rests on the item itself.
    async fn help(&self, entry: &LiveEntry, found: &mut Found) -> Result<(), EngineError> {
        if entry.driven_until >= self.now() {
            return Ok(());
        }
        let Some(stored) = self.ports.store.execution(&entry.id).await? else {
            return Ok(());
        };
        if stored.driven_until >= self.now() {
            return Ok(());
        }
        match stored.stage {
            Stage::Acquiring => {
                self.roll_back(&stored).await?;
                found.rolled_back += 1;
            }
            Stage::Live => {
                if self.start_machine(&stored).await? {
                    found.driven += 1;
                    tracing::warn!(
                        execution.id = %entry.id,
                        machine.start = stored.starts + 1,
                        "nobody drove execution {}; a further machine does now", entry.id
                    );
                }
            }
            Stage::Over => {}
        }
        Ok(())
    }
}
