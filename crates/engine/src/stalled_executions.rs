//! The finder: every minute, what nobody drives is driven anew, every place with jobs in flight
//! gets a poller, what a dead owner left is undone, and what could not be told is told again.

use std::collections::BTreeSet;

use domain::Place;

use crate::ports::Pollers;
use crate::ports::execution_store::{LiveEntry, Stage};
use crate::ports::notifier::Notifier;
use crate::{Engine, EngineError};

/// What the finder found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FinderRound {
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
    /// For how long the longest neglected execution should have been driven, in seconds; none
    /// where the executions could not be listed.
    pub seconds_since_advance: Option<u64>,
}

impl Engine {
    /// One round. No part of it, and nothing within a part, keeps the others from being done:
    /// what fails is logged where it fails, and counted.
    pub async fn finder_round(
        &self,
        pollers: &dyn Pollers,
        notifier: &dyn Notifier,
    ) -> FinderRound {
        let mut found = FinderRound::default();
        let places = self.drive_neglected(&mut found).await;
        ask_for_pollers(&places, pollers, &mut found).await;
        self.finish_groups(&mut found).await;
        found.failures += self.send_due_notifications(notifier).await;
        found
    }

    /// Drives what nobody drives; answers where there are executions with work left.
    async fn drive_neglected(&self, found: &mut FinderRound) -> BTreeSet<Place> {
        let mut places = BTreeSet::new();
        let entries = match self.ports.store.live(None).await {
            Ok(entries) => entries,
            Err(error) => {
                found.failures += 1;
                tracing::error!("the executions with work left could not be listed: {error}");
                return places;
            }
        };
        let mut longest = 0;
        for entry in &entries {
            found.live += 1;
            places.extend(entry.places.iter().cloned());
            let neglected = self.now().duration_since(entry.driven_until).as_secs();
            longest = longest.max(u64::try_from(neglected).unwrap_or(0));
            if let Err(error) = self.recover_stalled(entry, found).await {
                found.failures += 1;
                tracing::error!(
                    execution.id = %entry.id,
                    "execution {} could not be helped: {error}", entry.id
                );
            }
        }
        found.seconds_since_advance = Some(longest);
        places
    }

    async fn finish_groups(&self, found: &mut FinderRound) {
        let unfinished = match self.ports.store.unfinished_groups().await {
            Ok(unfinished) => unfinished,
            Err(error) => {
                found.failures += 1;
                tracing::error!("the unfinished changes of groups could not be listed: {error}");
                return;
            }
        };
        for stored in unfinished {
            match self.finish_if_expired(&stored).await {
                Ok(true) => found.rolled_back += 1,
                Ok(false) => {}
                Err(error) => {
                    found.failures += 1;
                    tracing::error!(
                        protection_group.id = %stored.group.id,
                        "a change of group {} could not be finished: {error}", stored.group.id
                    );
                }
            }
        }
    }

    /// The index is a hint: what is done rests on the item itself.
    async fn recover_stalled(
        &self,
        entry: &LiveEntry,
        found: &mut FinderRound,
    ) -> Result<(), EngineError> {
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

async fn ask_for_pollers(places: &BTreeSet<Place>, pollers: &dyn Pollers, found: &mut FinderRound) {
    for place in places {
        match pollers.invoke(place).await {
            Ok(()) => found.pollers += 1,
            Err(error) => {
                found.failures += 1;
                tracing::error!("no poller could be asked for in {place}: {error}");
            }
        }
    }
}
