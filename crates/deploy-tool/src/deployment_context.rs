//! Where a command works: the settings, the account, and what the bucket says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use command_line::deploy::{Place, Reason};
use deployment::aws::{AwsCloud, Connecting, Retried, Watch};
use deployment::cloud::{Cloud, ObjectStore};
use deployment::content;
use deployment::error::Failure;
use deployment::guard::{self, UnderWay};
use deployment::manifest::{Manifest, Written};
use deployment::observation;
use deployment::owner::{Owner, Recorded};
use deployment::ownership;
use deployment::release::{Body, Object, Provenance, Release, Tree};
use deployment::rules::{self, Environment, Source, Variables};
use deployment::settings::{Replica, Settings};
use program_build::Target;
use serde_json::json;

use crate::checkout::{Builder, Checkout};
use crate::clock;
use crate::settings_file::{self, Resolved};
use crate::terminal::OutputFormat;

/// Where records lie: of exceptions, each written once, and of what the last destruction has left.
pub const RECORDS: &str = "records/";

/// What every command works with.
#[derive(Debug)]
pub struct DeploymentContext {
    /// The options that name the place.
    pub place: Place,
    /// What they resolve to.
    pub resolved: Resolved,
    /// The same for the core.
    pub settings: Settings,
    /// AWS.
    pub cloud: AwsCloud,
    /// The account.
    pub account: String,
    /// Whose bucket this is, as far as it has been read.
    pub owner: Option<Owner>,
    /// For whom it speaks.
    pub output: OutputFormat,
}

impl DeploymentContext {
    /// Resolves the settings and asks who we are.
    pub async fn open(place: &Place, output: OutputFormat) -> Result<Self> {
        Self::of(place, settings_file::resolve(place)?, output).await
    }

    /// Asks who we are where the settings say.
    pub async fn of(place: &Place, resolved: Resolved, output: OutputFormat) -> Result<Self> {
        let cloud = connect(place, &resolved, &resolved.region, output).await;
        let account = cloud.account().await?;
        let default = || bucket_name(&resolved, &account, &resolved.region);
        let settings = Settings {
            project: resolved.project.clone(),
            environment: resolved.environment.to_string(),
            region: resolved.region.clone(),
            bucket: resolved.bucket.clone().unwrap_or_else(default),
            chosen: resolved.parameters.clone(),
            replica: Replica::Unsaid,
        };
        Ok(Self {
            place: place.clone(),
            resolved,
            settings,
            cloud,
            account,
            owner: None,
            output,
        })
    }

    /// Refuses a bucket that is not this environment's, before anything in it is taken for its own.
    pub async fn check_owner(&mut self) -> Result<Recorded> {
        let recorded = ownership::check_before_deletion(&self.cloud, &self.settings).await?;
        if let Recorded::By(owner) = &recorded {
            self.owner = Some(owner.clone());
        }
        Ok(recorded)
    }

    /// The manifest; parameters that were chosen before and are not chosen anew are chosen still.
    pub async fn manifest(&mut self) -> Result<Option<Manifest>> {
        let manifest = observation::manifest(&self.cloud, &self.settings).await?;
        if let Some(manifest) = &manifest {
            self.owner = Some(manifest.owner());
            let mut chosen = manifest.parameters.clone();
            chosen.extend(self.resolved.parameters.clone());
            self.settings.chosen = chosen;
        }
        Ok(manifest)
    }

    /// The bytes of an object that this machine or the bucket has.
    pub async fn bytes(&self, object: &Object) -> Result<Vec<u8>, Failure> {
        content::bytes(&self.cloud, &self.settings.bucket, object).await
    }

    /// The checkout, with the means to build.
    pub fn checkout(&self) -> Result<Checkout> {
        let prepared = &self.place.prepared;
        let root = prepared.checkout.as_ref().context(
            "there is no checkout here: run this by `cargo xtask` in one, or add --from-bucket",
        )?;
        let default = || root.join("target");
        let target_directory = prepared.target_directory.clone().unwrap_or_else(default);
        let builder = Builder {
            tools: target_directory.join(program_build::TOOLS),
            target_directory,
            target: Target {
                architecture: prepared.architecture,
            },
            programs: prepared.programs.clone(),
            console: prepared.console.clone(),
            compiler: prepared.compiler,
        };
        Checkout::read(root, builder)
    }

    /// Refuses what the rules forbid, of the environment that is meant and of the one whose bucket it
    /// is.
    pub fn check_rules(&self, source: Source, break_glass: Option<&Reason>) -> Result<()> {
        let job = &self.place.job;
        let variables = Variables {
            ci: job.ci.clone(),
            ref_protected: job.ref_protected.clone(),
            environment_tier: job.environment_tier.clone(),
        };
        let place = rules::Place::of(&variables);
        let owner = self.owner.iter();
        // One that is none has been refused as another's.
        let owner = owner.filter_map(|owner| owner.environment.parse::<Environment>().ok());
        for environment in [self.resolved.environment].into_iter().chain(owner) {
            rules::check(environment, place, source, break_glass.map(Reason::as_str))?;
        }
        Ok(())
    }

    /// Writes down that a rule was overridden, before anything is done, with what was known of
    /// executions then. Without a bucket there is no place for it, which is said.
    pub async fn record(
        &self,
        what: &str,
        reason: &str,
        executions: Option<&UnderWay>,
    ) -> Result<()> {
        let bucket = &self.settings.bucket;
        if self.cloud.keys(bucket, &[RECORDS]).await?.is_none() {
            let text = format!("there is no bucket {bucket} in which the reason could be recorded");
            self.output.tell(&text);
            return Ok(());
        }
        let time = clock::now().to_string();
        let record = json!({
            "what": what,
            "reason": reason,
            "executions": executions.map(ToString::to_string),
            "time": time,
            "stack": self.settings.stack(),
            "account": self.account,
            "machine": crate::locked::machine(),
            "job": self.place.job.ci,
        });
        let key = format!("{RECORDS}{}-{what}.json", time.replace([':', '.'], "-"));
        let body = Body::Bytes(record.to_string().into_bytes().into());
        self.cloud
            .put(bucket, &key, &body, &BTreeMap::new())
            .await?;
        Ok(())
    }

    /// Tells an exception loudly, if one was made, and records it: just before it changes something.
    pub async fn break_glass(&self, reason: Option<&Reason>) -> Result<()> {
        let Some(reason) = reason else {
            return Ok(());
        };
        crate::terminal::problem(&format!(
            "*** BREAK GLASS: {} is changed outside the pipeline: {reason} ***",
            self.settings.stack()
        ));
        self.record("break-glass", reason.as_str(), None).await
    }

    /// The same account in another Region, with the bucket that belongs to it there.
    pub async fn elsewhere(&self, region: &str) -> (AwsCloud, String) {
        let cloud = connect(&self.place, &self.resolved, region, self.output).await;
        (cloud, self.bucket_in(region))
    }

    /// The bucket that belongs to this environment in another Region.
    pub fn bucket_in(&self, region: &str) -> String {
        match &self.resolved.bucket {
            Some(bucket) => format!("{bucket}-{region}"),
            None => bucket_name(&self.resolved, &self.account, region),
        }
    }

    /// Names each execution, or says that nobody knows.
    pub fn tell_what_is_under_way(&self, live: &UnderWay) {
        match live {
            UnderWay::Known(live) => {
                for execution in live {
                    let text = format!("under way: {}", guard::named(execution));
                    self.output.tell(&text);
                }
            }
            UnderWay::TableGone { .. } => self.output.tell(&live.to_string()),
        }
    }

    /// Who writes, and when.
    pub fn written(&self) -> Written {
        Written {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            time: clock::now().to_string(),
        }
    }
}

/// Where the release of a run is taken from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The working tree.
    Checkout,
    /// The bucket alone.
    Bucket,
}

/// Where a release comes from, as the rules see it.
pub fn source(release: &Release, origin: Origin) -> Source {
    match (origin, &release.provenance) {
        (Origin::Bucket, _) => Source::Bucket,
        (Origin::Checkout, Some(Provenance { tree, .. })) => Source::Checkout(*tree),
        (Origin::Checkout, None) => Source::Checkout(Tree::Dirty),
    }
}

async fn connect(
    place: &Place,
    resolved: &Resolved,
    region: &str,
    output: OutputFormat,
) -> AwsCloud {
    let tell = move |retried: Retried| {
        let Retried { operation, attempt } = retried;
        output.tell(&format!(
            "  {operation} did not succeed; attempt {attempt} follows"
        ));
    };
    AwsCloud::connect(Connecting {
        region,
        profile: resolved.profile.as_deref(),
        endpoint: place.endpoint_url.as_deref(),
        watch: Watch::new(Arc::new(tell)),
    })
    .await
}

/// One bucket for each environment, account and Region; a replica is found by the same rule.
fn bucket_name(resolved: &Resolved, account: &str, region: &str) -> String {
    let Resolved {
        project,
        environment,
        ..
    } = resolved;
    format!("{project}-{environment}-deploy-{account}-{region}")
}
