//! The Regions of AWS as data: which partition each is in, whether an account enables it by
//! itself, and which of the services that this product needs are offered there.
//!
//! The names and offers are those of botocore 1.44.8 (November 2026): Regions from its
//! `partitions.json`, services from its `endpoints.json`. That data does not say which Regions
//! are opt-in: those that began after 20 March 2019 (AWS Account Management Reference Guide,
//! "Enable or disable AWS Regions").
//!
//! This is knowledge of one day. A Region that begins later is not wrong, only unknown:
//! [`RegionFault::NotKnown`] says so apart from a misspelling, and the caller decides whether
//! a person must vouch for it.

mod facts;
mod fault;
mod nearest;
mod table;

use crate::ids::Region;

pub use facts::{Enabling, Offer, Partition, RegionFacts, Service, Services};
pub use fault::RegionFault;
pub use table::REGIONS;

/// What is known about the Region of this name.
///
/// # Errors
///
/// A [`RegionFault`] where no Region of this name is known.
pub fn look_up(text: &str) -> Result<&'static RegionFacts, RegionFault> {
    if let Some(facts) = REGIONS.iter().find(|facts| facts.code == text) {
        return Ok(facts);
    }
    let nearest = nearest::of(text);
    let Ok(region) = text.parse::<Region>() else {
        return Err(not_a_region(text, nearest));
    };
    if let Some(partition) = table::other_partition(text) {
        return Err(RegionFault::OtherPartition { region, partition });
    }
    match table::partition_of_a_new_region(text) {
        Some(partition) => Err(RegionFault::NotKnown {
            region,
            partition,
            nearest,
        }),
        None => Err(not_a_region(text, nearest)),
    }
}

fn not_a_region(text: &str, nearest: Vec<&'static str>) -> RegionFault {
    let text = text.chars().take(64).collect();
    if nearest.is_empty() {
        RegionFault::NotARegion { text }
    } else {
        RegionFault::Misspelt { text, nearest }
    }
}
