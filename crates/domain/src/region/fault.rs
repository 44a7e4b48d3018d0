//! Why a text is not taken for a Region, in sentences.

use std::fmt;

use super::facts::Partition;
use crate::ids::Region;

/// Why a text is not taken for a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionFault {
    /// Surely a misspelling: no Region is called that, and the nearest names are so near.
    Misspelt {
        /// What was given, cut to 64 characters.
        text: String,
        /// The Regions that are meant, at most three.
        nearest: Vec<&'static str>,
    },
    /// Not the name of a Region, and not near one.
    NotARegion {
        /// What was given, cut to 64 characters.
        text: String,
    },
    /// A Region of a partition where this product has never been.
    OtherPartition {
        /// The Region.
        region: Region,
        /// Its partition, such as `aws-iso`.
        partition: &'static str,
    },
    /// Built as the name of a Region is, but this program does not know it. It may have begun
    /// after the program was built.
    NotKnown {
        /// The Region.
        region: Region,
        /// Where it would belong.
        partition: Partition,
        /// Known names that are near, at most three; often none.
        nearest: Vec<&'static str>,
    },
}

impl fmt::Display for RegionFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misspelt { text, nearest } => {
                write!(
                    formatter,
                    "`{text}` is not a Region: did you mean {}?",
                    nearest.join(" or ")
                )
            }
            Self::NotARegion { text } => {
                write!(
                    formatter,
                    "`{text}` is not an AWS Region (such as us-west-2)"
                )
            }
            Self::OtherPartition { region, partition } => write!(
                formatter,
                "{region} is in the partition {partition}: only aws, aws-us-gov and aws-cn are known here"
            ),
            Self::NotKnown {
                region, nearest, ..
            } => {
                write!(formatter, "{region} is not a Region that is known here")?;
                match nearest.as_slice() {
                    [] => Ok(()),
                    near => write!(formatter, ": near it are {}", near.join(", ")),
                }
            }
        }
    }
}

impl std::error::Error for RegionFault {}
