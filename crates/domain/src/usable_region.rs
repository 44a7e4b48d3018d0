//! Whether DRS can be asked in a Region at all, as far as that is known before asking.

use crate::fault::{Fault, FaultCode};
use crate::ids::Region;
use crate::region::{Enabling, Offer, Partition, RegionFault, Service, look_up};

/// The Region of this name, or why DRS cannot be asked there. One that this program does not
/// know is let pass where it can be a Region: it may have begun later.
pub fn usable_region(path: &str, text: &str) -> Result<Region, Fault> {
    let malformed = |error: crate::ids::InvalidId| {
        Fault::new(path, FaultCode::InvalidFormat, error.to_string())
    };
    let region: Region = text.parse().map_err(malformed)?;
    match look_up(text) {
        Ok(facts) => match facts.offer(Service::ElasticDisasterRecovery) {
            Offer::Absent(reason) => Err(Fault::new(path, FaultCode::DrsNotOffered, reason)),
            Offer::Offered | Offer::NotPublished => Ok(region),
        },
        Err(RegionFault::NotKnown { .. }) => Ok(region),
        Err(
            fault @ (RegionFault::Misspelt { .. }
            | RegionFault::NotARegion { .. }
            | RegionFault::OtherPartition { .. }),
        ) => Err(Fault::new(
            path,
            FaultCode::UnknownRegion,
            fault.to_string(),
        )),
    }
}

/// What is known where a Region does not recognise the credentials that others take: a code, and a
/// sentence without its end.
pub fn unrecognised_in(region: &Region) -> (FaultCode, String) {
    let facts = match look_up(region.as_str()) {
        Ok(facts) => facts,
        Err(fault) => {
            let text = format!("{region} does not recognise this account; {fault}");
            return (FaultCode::RegionNotEnabled, text);
        }
    };
    match (facts.enabling, facts.partition) {
        (Enabling::OptIn, _) => {
            let text = format!(
                "{region} does not recognise this account; an account has to enable this Region \
                 first"
            );
            (FaultCode::RegionNotEnabled, text)
        }
        (Enabling::ByDefault, Partition::Standard) => {
            let text = format!(
                "{region} does not recognise the credentials of this product, although every \
                 account has this Region"
            );
            (FaultCode::RegionNotEnabled, text)
        }
        (Enabling::ByDefault, Partition::GovCloud | Partition::China) => {
            let text = format!(
                "{region} does not recognise this account; the Region is in the partition {}, \
                 which has accounts of its own",
                facts.partition.id()
            );
            (FaultCode::RegionOfAnotherPartition, text)
        }
    }
}
