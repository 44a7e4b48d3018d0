//! Where and how a release is deployed, and the master template's parameters that follow from both.

use std::collections::BTreeMap;

use domain::region::Partition;

use crate::release::{Object, Release};

/// One environment in one account and Region.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Beginning of every resource name.
    pub project: String,
    /// `dev`, `test`, `qa`, `uat` or `prod`.
    pub environment: String,
    /// Region of the stack and of its bucket.
    pub region: String,
    /// The deployment bucket.
    pub bucket: String,
    /// Parameters that the customer chooses, by the names of the master template.
    pub chosen: BTreeMap<String, String>,
    /// What was said about a replica in another Region.
    pub replica: Replica,
}

/// What is said about a replica of the bucket, and of groups and plans, in another Region. The stack
/// remembers it, not the manifest: the manifest is copied, and a stack that stands up beside the copy
/// must not take the copy for its own replica.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Replica {
    /// Nothing: it stays as the stack has it.
    #[default]
    Unsaid,
    /// It is kept there.
    At {
        /// The Region.
        region: String,
        /// The bucket.
        bucket: String,
    },
    /// It is kept no longer.
    Ended,
}

impl Settings {
    /// Name of the master stack.
    pub fn stack(&self) -> String {
        format!("{}-{}", self.project, self.environment)
    }

    /// Name of a function, by the name of its program.
    pub fn function(&self, name: &str) -> String {
        format!("{}-{}-{name}", self.project, self.environment)
    }

    /// Address of an object of the bucket, as CloudFormation wants it.
    pub fn address(&self, key: &str) -> String {
        let suffix = Partition::of(&self.region).dns_suffix();
        format!("https://s3.{}.{suffix}/{}/{key}", self.region, self.bucket)
    }

    /// All parameters of the master stack: those that are chosen, and every key of the release.
    pub fn parameters(&self, release: &Release) -> BTreeMap<String, String> {
        let named = [
            ("ProjectName", self.project.clone()),
            ("Environment", self.environment.clone()),
            ("DeploymentBucket", self.bucket.clone()),
            ("StateMachineDefinitionKey", release.definition.key.clone()),
        ];
        let children = release.templates.iter().skip(1);
        let children = children.filter_map(|template| {
            let stem = template.name.strip_suffix("-stack.yaml")?;
            Some((
                format!("{}TemplateKey", in_capitals(stem)),
                template.key.clone(),
            ))
        });
        let artifacts = release
            .functions
            .iter()
            .chain([&release.console])
            .map(artifact_parameter);
        let mut parameters = self.chosen.clone();
        parameters.extend(self.replica.parameters());
        parameters.extend(named.map(|(name, value)| (name.to_owned(), value)));
        parameters.extend(children);
        parameters.extend(artifacts);
        parameters
    }
}

/// The parameters by which the master stack knows its replica.
const REPLICA_REGION: &str = "ReplicaRegion";
const REPLICA_BUCKET: &str = "ReplicaBucket";

/// The Region of the replica that a stack with these parameters remembers.
pub fn replica_region(parameters: &BTreeMap<String, String>) -> Option<String> {
    let region = parameters.get(REPLICA_REGION).cloned();
    region.filter(|region| !region.is_empty())
}

impl Replica {
    fn parameters(&self) -> BTreeMap<String, String> {
        let (region, bucket) = match self {
            Self::Unsaid => return BTreeMap::new(),
            Self::At { region, bucket } => (region.as_str(), bucket.as_str()),
            Self::Ended => ("", ""),
        };
        let named = [(REPLICA_REGION, region), (REPLICA_BUCKET, bucket)];
        named
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }
}

fn artifact_parameter(artifact: &Object) -> (String, String) {
    (
        format!("{}ArtifactKey", in_capitals(&artifact.name)),
        artifact.key.clone(),
    )
}

/// `step-functions` as `StepFunctions`.
pub fn in_capitals(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_uppercase())
    };
    name.split('-').map(word).collect()
}
