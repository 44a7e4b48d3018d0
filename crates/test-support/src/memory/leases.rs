//! The right to look at a place.

use std::collections::BTreeMap;

use domain::Place;
use jiff::Timestamp;

use engine::ports::StoreError;
use engine::ports::execution_store::{Lease, LeaseMark};

#[derive(Debug, Default)]
pub(super) struct Leases {
    held: BTreeMap<Place, Held>,
}

#[derive(Debug)]
struct Held {
    holder: String,
    until: Timestamp,
    mark: LeaseMark,
}

impl Leases {
    pub(super) fn take(
        &mut self,
        place: &Place,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Lease {
        if let Some(held) = self.held.get_mut(place)
            && held.holder != holder
            && held.until > now
        {
            held.mark = LeaseMark::Dirty;
            return Lease::Busy;
        }
        let taken = Held {
            holder: holder.to_owned(),
            until,
            mark: LeaseMark::Clean,
        };
        self.held.insert(place.clone(), taken);
        Lease::Taken
    }

    pub(super) fn touch(
        &mut self,
        place: &Place,
        holder: &str,
        until: Option<Timestamp>,
    ) -> Result<LeaseMark, StoreError> {
        let held = self
            .held
            .get_mut(place)
            .filter(|held| held.holder == holder)
            .ok_or(StoreError::Stale)?;
        let mark = std::mem::replace(&mut held.mark, LeaseMark::Clean);
        match until {
            Some(until) => held.until = until,
            None => {
                self.held.remove(place);
            }
        }
        Ok(mark)
    }
}
