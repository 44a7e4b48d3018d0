//! Whether a deployment can be meant for a Region and can stand there, known before anything is
//! asked of AWS.

use domain::region::{Offer, Partition, RegionFault, Service, Services, look_up};

use crate::error::Failure;

/// What the stacks are made of, besides what every Region has.
const BUILT_ON: [Service; 5] = [
    Service::CloudFront,
    Service::UserPools,
    Service::ApiGateway,
    Service::StepFunctions,
    Service::WebApplicationFirewall,
];

/// Refuses what is no Region. One of which too little is known is taken where somebody vouches for
/// it by its name: AWS opens Regions more often than this program is built.
///
/// # Errors
///
/// [`Failure::Region`] with what was meant or what is missing.
pub fn check(region: &str, vouched_for: &[String]) -> Result<(), Failure> {
    let is_vouched_for = vouched_for.iter().any(|name| name == region);
    let reason = match look_up(region) {
        Ok(facts) => match facts.services {
            Services::Published => return Ok(()),
            Services::NotPublished if is_vouched_for => return Ok(()),
            Services::NotPublished => format!("what {region} offers is not known here"),
        },
        Err(RegionFault::NotKnown { .. }) if is_vouched_for => return Ok(()),
        Err(fault @ RegionFault::NotKnown { .. }) => fault.to_string(),
        Err(
            fault @ (RegionFault::Misspelt { .. }
            | RegionFault::NotARegion { .. }
            | RegionFault::OtherPartition { .. }),
        ) => return Err(Failure::Region(fault.to_string())),
    };
    Err(Failure::Region(format!(
        "{reason}; whoever has seen that AWS offers there what this product is built on says \
         --new-region {region}"
    )))
}

/// Refuses a Region in which the stacks cannot stand. Without CloudFront there is no console, and
/// the product without a console is half of it: it is not deployed.
///
/// # Errors
///
/// [`Failure::Region`] with each thing that is missing.
pub fn check_home(region: &str) -> Result<(), Failure> {
    let partition = Partition::of(region);
    let missing: Vec<&str> = BUILT_ON
        .into_iter()
        .filter_map(|service| match partition.offer(service) {
            Offer::Absent(reason) => Some(reason),
            Offer::Offered | Offer::NotPublished => None,
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Region(format!(
        "nothing is deployed into {region}, because {}",
        missing.join(", and ")
    )))
}

/// Refuses a replica where the stack's account does not reach: each partition has its own accounts.
///
/// # Errors
///
/// [`Failure::Region`] with both partitions.
pub fn check_replica(home: &str, replica: &str) -> Result<(), Failure> {
    let (ours, theirs) = (Partition::of(home), Partition::of(replica));
    if ours == theirs {
        return Ok(());
    }
    Err(Failure::Region(format!(
        "a replica of {home} cannot lie in {replica}: no account reaches from {} into {}",
        ours.title(),
        theirs.title()
    )))
}
