//! Who launches next, place by place.

use std::collections::BTreeMap;

use domain::Place;
use domain::execution::decision::LedgerChange;
use domain::execution::event::LedgerPage;

use engine::ports::StoreError;

#[derive(Debug, Default)]
pub(super) struct Ledgers {
    by_place: BTreeMap<Place, LedgerPage>,
}

impl Ledgers {
    pub(super) fn page(&self, place: &Place) -> LedgerPage {
        self.by_place.get(place).cloned().unwrap_or_default()
    }

    /// Whether a change is about the ledger as it stands.
    pub(super) fn check(&self, change: &LedgerChange) -> Result<(), StoreError> {
        if self.page(&change.place).version == change.read {
            Ok(())
        } else {
            Err(StoreError::StaleLedger)
        }
    }

    pub(super) fn put(&mut self, change: &LedgerChange) {
        let page = LedgerPage {
            version: change.read + 1,
            ledger: change.ledger.clone(),
        };
        self.by_place.insert(change.place.clone(), page);
    }
}
