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

mod fault;
mod nearest;
mod table;

use crate::ids::Region;

pub use fault::RegionFault;
pub use table::REGIONS;

/// A set of Regions with identities and endpoints of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// `aws`: the Regions that are open to everybody.
    Standard,
    /// `aws-us-gov`: the Regions of the United States' government.
    GovCloud,
    /// `aws-cn`: the Regions in China.
    China,
}

/// A service of AWS that this product is built on and that some Region lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// AWS Elastic Disaster Recovery, `drs`.
    ElasticDisasterRecovery,
    /// Amazon CloudFront, the one origin of console and API.
    CloudFront,
    /// AWS WAF for the API of a Region, `wafv2`.
    WebApplicationFirewall,
    /// User pools of Amazon Cognito, `cognito-idp`.
    UserPools,
    /// Amazon API Gateway, `apigateway`.
    ApiGateway,
    /// AWS Step Functions, `states`.
    StepFunctions,
}

/// Whether a Region offers a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It does.
    Offered,
    /// It does not; a clause says why, such as "Amazon Cognito has no user pools in China".
    Absent(&'static str),
    /// The Region is so new that nothing is published about its services.
    NotPublished,
}

/// Whether an account can use a Region from its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabling {
    /// It can.
    ByDefault,
    /// Somebody has to enable the Region for the account first.
    OptIn,
}

/// Whether the services of a Region are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Services {
    Published,
    NotPublished,
}

/// What is known about a Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionFacts {
    /// Its code, such as `us-west-2`.
    pub code: &'static str,
    /// Where it belongs.
    pub partition: Partition,
    /// Whether an account has it by itself.
    pub enabling: Enabling,
    services: Services,
}

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

impl RegionFacts {
    /// Whether the Region offers a service.
    pub fn offer(&self, service: Service) -> Offer {
        match self.services {
            Services::Published => self.partition.offer(service),
            Services::NotPublished => match self.partition.offer(service) {
                Offer::Absent(reason) => Offer::Absent(reason),
                Offer::Offered | Offer::NotPublished => Offer::NotPublished,
            },
        }
    }
}

impl Partition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Standard, Self::GovCloud, Self::China];

    /// The partition as it stands in an ARN.
    pub fn id(self) -> &'static str {
        match self {
            Self::Standard => "aws",
            Self::GovCloud => "aws-us-gov",
            Self::China => "aws-cn",
        }
    }

    /// What the host names of most of its services end in.
    pub fn dns_suffix(self) -> &'static str {
        match self {
            Self::Standard | Self::GovCloud => "amazonaws.com",
            Self::China => "amazonaws.com.cn",
        }
    }

    /// Where a Region belongs by the beginning of its name, known or not.
    pub fn of(region: &str) -> Self {
        if region.starts_with("us-gov-") {
            Self::GovCloud
        } else if region.starts_with("cn-") {
            Self::China
        } else {
            Self::Standard
        }
    }

    /// The partition as people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Standard => "AWS",
            Self::GovCloud => "AWS GovCloud (US)",
            Self::China => "AWS in China",
        }
    }

    /// What all Regions of a partition share.
    fn offer(self, service: Service) -> Offer {
        match (self, service) {
            (Self::GovCloud, Service::CloudFront) => {
                Offer::Absent("AWS GovCloud (US) has no CloudFront")
            }
            (Self::China, Service::CloudFront) => Offer::Absent(
                "CloudFront in China is a service apart, which answers only under a domain with an ICP recordal",
            ),
            (Self::China, Service::UserPools) => {
                Offer::Absent("Amazon Cognito has no user pools in China")
            }
            (Self::China, Service::ElasticDisasterRecovery) => {
                Offer::Absent("AWS Elastic Disaster Recovery is not offered in China")
            }
            (Self::Standard, Service::CloudFront)
            | (
                Self::Standard | Self::GovCloud,
                Service::ElasticDisasterRecovery | Service::UserPools,
            )
            | (
                Self::Standard | Self::GovCloud | Self::China,
                Service::ApiGateway | Service::StepFunctions | Service::WebApplicationFirewall,
            ) => Offer::Offered,
        }
    }
}
