//! What a Region and a partition are, and what is offered there.

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

/// Whether it is published which services a Region offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Services {
    /// It is.
    Published,
    /// Only that the Region is there, or comes.
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
    /// Whether its services are known.
    pub services: Services,
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

    /// Whether the Regions of a partition offer a service, apart from those that are too new.
    pub fn offer(self, service: Service) -> Offer {
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
