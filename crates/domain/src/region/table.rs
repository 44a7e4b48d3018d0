//! The table, and how the name of a Region is built.

use super::facts::{Enabling, Partition, RegionFacts, Services};

use Enabling::{ByDefault, OptIn};
use Partition::{China, GovCloud, Standard};
use Services::{NotPublished, Published};

/// Every Region that is known, in the order of its code within its partition.
pub static REGIONS: [RegionFacts; 40] = [
    row("af-south-1", Standard, OptIn, Published),
    row("ap-east-1", Standard, OptIn, Published),
    row("ap-east-2", Standard, OptIn, Published),
    row("ap-northeast-1", Standard, ByDefault, Published),
    row("ap-northeast-2", Standard, ByDefault, Published),
    row("ap-northeast-3", Standard, ByDefault, Published),
    row("ap-south-1", Standard, ByDefault, Published),
    row("ap-south-2", Standard, OptIn, Published),
    row("ap-southeast-1", Standard, ByDefault, Published),
    row("ap-southeast-2", Standard, ByDefault, Published),
    row("ap-southeast-3", Standard, OptIn, Published),
    row("ap-southeast-4", Standard, OptIn, Published),
    row("ap-southeast-5", Standard, OptIn, Published),
    row("ap-southeast-6", Standard, OptIn, Published),
    row("ap-southeast-7", Standard, OptIn, Published),
    row("ca-central-1", Standard, ByDefault, Published),
    row("ca-west-1", Standard, OptIn, Published),
    row("eu-central-1", Standard, ByDefault, Published),
    row("eu-central-2", Standard, OptIn, Published),
    row("eu-north-1", Standard, ByDefault, Published),
    row("eu-south-1", Standard, OptIn, Published),
    row("eu-south-2", Standard, OptIn, Published),
    row("eu-west-1", Standard, ByDefault, Published),
    row("eu-west-2", Standard, ByDefault, Published),
    row("eu-west-3", Standard, ByDefault, Published),
    row("il-central-1", Standard, OptIn, Published),
    row("me-central-1", Standard, OptIn, Published),
    row("me-south-1", Standard, OptIn, Published),
    row("me-west-1", Standard, OptIn, NotPublished),
    row("mx-central-1", Standard, OptIn, Published),
    row("sa-east-1", Standard, ByDefault, Published),
    row("sa-west-1", Standard, OptIn, NotPublished),
    row("us-east-1", Standard, ByDefault, Published),
    row("us-east-2", Standard, ByDefault, Published),
    row("us-west-1", Standard, ByDefault, Published),
    row("us-west-2", Standard, ByDefault, Published),
    row("us-gov-east-1", GovCloud, ByDefault, Published),
    row("us-gov-west-1", GovCloud, ByDefault, Published),
    row("cn-north-1", China, ByDefault, Published),
    row("cn-northwest-1", China, ByDefault, Published),
];

/// Beginnings of the Regions of partitions where this product has never been.
const OTHER_PARTITIONS: [(&str, &str); 5] = [
    ("eusc-", "aws-eusc"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
];

/// So many Regions with the same words before their number may have begun since this was written.
const NEW_NUMBERS_MAX: u32 = 2;

/// The words that AWS puts before the number. A name with another word there is no new Region.
const DIRECTIONS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

const fn row(
    code: &'static str,
    partition: Partition,
    enabling: Enabling,
    services: Services,
) -> RegionFacts {
    RegionFacts {
        code,
        partition,
        enabling,
        services,
    }
}

/// The partition of a Region that is in none of ours.
pub(super) fn other_partition(code: &str) -> Option<&'static str> {
    OTHER_PARTITIONS
        .iter()
        .find(|(beginning, _)| code.starts_with(beginning))
        .map(|(_, partition)| *partition)
}

/// Where a Region that is not in the table would belong, if it can be one at all: an area of
/// two letters, perhaps `gov`, a direction and a number. The area itself may be new, as `il`
/// and `mx` once were; the number is one of the next, since AWS counts on.
pub(super) fn partition_of_a_new_region(code: &str) -> Option<Partition> {
    let parts: Vec<&str> = code.split('-').collect();
    let (area, direction) = match parts.as_slice() {
        ["us", "gov", direction, _] => ("us", *direction),
        [area, direction, _] => (*area, *direction),
        _ => return None,
    };
    let is_one = area.len() == 2 && DIRECTIONS.contains(&direction) && is_numbered_next(code);
    is_one.then(|| Partition::of(code))
}

/// Whether the number of a new Region follows those that are known beside it.
fn is_numbered_next(code: &str) -> bool {
    let Some((beside, number)) = numbered(code) else {
        return false;
    };
    let known = REGIONS.iter().filter_map(|facts| numbered(facts.code));
    let highest = known
        .filter(|(other, _)| *other == beside)
        .map(|(_, number)| number)
        .max();
    (1..=highest.unwrap_or(0) + NEW_NUMBERS_MAX).contains(&number)
}

/// The name of a Region without its number, and its number.
fn numbered(code: &str) -> Option<(&str, u32)> {
    let (beside, number) = code.rsplit_once('-')?;
    Some((beside, number.parse().ok()?))
}
