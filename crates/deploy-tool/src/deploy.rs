//! `sync` and `deploy`: look, plan, show; and, unless that was all, build, lock, look again, plan
//! again and carry out.

mod parts;
mod replica;

use anyhow::Result;
use command_line::deploy::{Allowing, DeployOptions, Place, Showing, SyncOptions};
use deployment::apply::{Applying, Outcome, Replacements, apply};
use deployment::cloud::{Keys, ObjectStore};
use deployment::error::Failure;
use deployment::guard::{self, GuardOverride, Intent, UnderWay};
use deployment::managed_keys::OWNED;
use deployment::manifest::Manifest;
use deployment::observation::Observation;
use deployment::owner::{self, Recorded};
use deployment::ownership;
use deployment::plan::{Making, Plan, Step, TablesLeft};
use deployment::progress::Event;
use deployment::region;
use deployment::release::Release;
use deployment::running_code;
use deployment::template;
use serde_json::json;

use crate::checkout::{Checkout, Stored};
use crate::command_outcome::CommandOutcome;
use crate::deployment_context::{self, DeploymentContext, Origin};
use crate::locked::locked;
use crate::settings_file;
use crate::terminal::OutputFormat;
use parts::Part;

/// One run: what is wanted, and what it is made of.
struct Run<'a> {
    context: DeploymentContext,
    part: Part,
    allowing: Allowing,
    showing: Showing,
    origin: Origin,
    replica_region: Option<&'a str>,
}

/// What a run may do to a manifest that cannot be read.
enum Replacing {
    /// It writes a new one.
    Whatever,
    /// It needs the one that is there.
    Nothing,
}

/// `sync`
pub async fn sync(options: &SyncOptions) -> Result<CommandOutcome> {
    let output = OutputFormat::of(options.showing.answering);
    let context = open(&options.place, output, None).await?;
    let run = Run {
        context,
        part: Part::Bucket,
        allowing: Allowing::default(),
        showing: options.showing,
        origin: Origin::Checkout,
        replica_region: None,
    };
    Box::pin(run.run()).await
}

/// `deploy`
pub async fn deploy(options: &DeployOptions) -> Result<CommandOutcome> {
    let output = OutputFormat::of(options.showing.answering);
    let replica_region = options.replica_region.as_deref();
    let context = open(&options.place, output, replica_region).await?;
    let part = match (&options.part.code_only, options.part.frontend_only) {
        (Some(names), _) => Part::Code(names.clone()),
        (None, true) => Part::Console,
        (None, false) => Part::Whole,
    };
    let run = Run {
        context,
        part,
        allowing: options.allowing.clone(),
        showing: options.showing,
        origin: if options.part.from_bucket {
            Origin::Bucket
        } else {
            Origin::Checkout
        },
        replica_region,
    };
    Box::pin(run.run()).await
}

/// Refuses what cannot stand where it is meant, before anything is asked of AWS.
async fn open(
    place: &Place,
    output: OutputFormat,
    replica_region: Option<&str>,
) -> Result<DeploymentContext> {
    let resolved = settings_file::resolve(place)?;
    region::check_home(&resolved.region)?;
    replica::check(&resolved, replica_region)?;
    DeploymentContext::of(place, resolved, output).await
}

impl Run<'_> {
    async fn run(mut self) -> Result<CommandOutcome> {
        let manifest = match (self.context.manifest().await, self.makes_a_new_manifest()) {
            (Err(unreadable), Replacing::Whatever) => self.give_up(unreadable).await?,
            (manifest, _) => manifest?,
        };
        self.context.settings.replica = replica::said(&self.context, self.replica_region)?;
        let checkout = match self.origin {
            Origin::Bucket => None,
            Origin::Checkout => Some(self.context.checkout()?),
        };
        if let Some(checkout) = &checkout {
            checkout.refuse_secrets()?;
            let architecture = self.context.place.prepared.architecture.name().to_owned();
            self.context
                .settings
                .chosen
                .insert("Architecture".to_owned(), architecture);
        }
        let bucket = &self.context.settings.bucket;
        let keys = match &checkout {
            Some(_) => self.context.cloud.keys(bucket, &OWNED).await?,
            None => None,
        };
        let keys = keys.unwrap_or_default();
        let mut release = self.release(checkout.as_ref(), manifest.as_ref(), &keys)?;
        let template = self.check_parameters(&release).await?;
        let (observation, plan) = self.plan(&release).await?;
        self.check_nothing_is_missing(&template, &plan, &observation, &release)?;
        self.context.output.tell(&plan.to_string());
        let stack = observation.stack.as_ref();
        // A Region that does not answer stands in the way of nothing at home; the run ends with it.
        let replica = replica::behind(&self.context, stack, &release).await;
        if self.showing.dry_run {
            self.guard(
                &plan,
                &observation,
                GuardOverride::DuringExecution("only looking"),
            )
            .await?;
            let end = self.end(&plan, matches!(replica, Ok(Some(_))));
            return replica.map(|_| end);
        }
        let source = deployment_context::source(&release, self.origin);
        let break_glass = self.allowing.break_glass.as_ref();
        self.context.check_rules(source, break_glass)?;
        if plan.steps.is_empty() {
            return self.catch_up_alone(replica, &release, &plan).await;
        }
        let live = self.guard(&plan, &observation, self.said()).await?;
        if let Some(checkout) = &checkout {
            let output = self.context.output;
            checkout.build(&mut release, &|text| output.tell(text))?;
        }
        self.make_bucket(&plan).await?;
        locked(
            &self.context,
            self.part.word(),
            self.carry_out(&release, &live),
        )
        .await?;
        self.afterwards(&release).await?;
        let replica = replica::behind(&self.context, stack, &release).await?;
        self.replicate(replica, &release).await?;
        Ok(self.end(&plan, false))
    }

    /// The bucket and the stacks are what they shall be; the replica may not be.
    async fn catch_up_alone(
        &self,
        replica: Result<Option<replica::Behind>>,
        release: &Release,
        plan: &Plan,
    ) -> Result<CommandOutcome> {
        let is_behind = matches!(replica, Ok(Some(_)));
        if is_behind {
            let break_glass = self.allowing.break_glass.as_ref();
            self.context.break_glass(break_glass).await?;
        }
        self.afterwards(release).await?;
        self.replicate(replica?, release).await?;
        Ok(self.end(plan, is_behind))
    }

    /// Before anything is written: a name that no template has would be remembered. Answers the text
    /// of the master template.
    async fn check_parameters(&mut self, release: &Release) -> Result<String> {
        let text = self.context.bytes(release.master()).await?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let said = &self.context.resolved.parameters;
        let chosen = template::chosen(&text, said, &self.context.settings.chosen)?;
        for name in chosen.dropped {
            self.context.output.tell(&format!(
                "{name} was chosen once and the master template no longer has it: it is forgotten"
            ));
        }
        self.context.settings.chosen = chosen.parameters;
        Ok(text)
    }

    /// Before anything is built: what a stack is made or changed with is all there. A stack that
    /// stands keeps the values that it has.
    fn check_nothing_is_missing(
        &self,
        template: &str,
        plan: &Plan,
        observation: &Observation,
        release: &Release,
    ) -> Result<()> {
        let kept = match plan.making() {
            Making::Nothing => return Ok(()),
            Making::Anew => None,
            Making::Further => observation.stack.as_ref(),
        };
        let given = self.context.settings.parameters(release);
        let is_given = |name: &str| {
            given.contains_key(name)
                || kept.is_some_and(|stack| stack.parameters.contains_key(name))
        };
        Ok(template::check_nothing_is_missing(template, is_given)?)
    }

    /// Whether this run can do without the manifest that is there.
    fn makes_a_new_manifest(&self) -> Replacing {
        match (self.origin, &self.part) {
            (Origin::Checkout, Part::Bucket | Part::Whole) => Replacing::Whatever,
            (Origin::Checkout, Part::Code(_) | Part::Console) | (Origin::Bucket, _) => {
                Replacing::Nothing
            }
        }
    }

    /// A manifest that cannot be read is replaced, unless its bucket is somebody else's.
    async fn give_up(&mut self, failure: anyhow::Error) -> Result<Option<Manifest>> {
        let Some(Failure::Manifest(_)) = failure.downcast_ref::<Failure>() else {
            return Err(failure);
        };
        let DeploymentContext {
            settings, cloud, ..
        } = &self.context;
        let recorded = ownership::recorded(cloud, &settings.bucket).await?;
        owner::check(&recorded, settings)?;
        if let Recorded::By(owner) = recorded {
            self.context.owner = Some(owner);
        }
        crate::terminal::problem(&format!("*** {failure}: it is replaced now ***"));
        Ok(None)
    }

    fn release(
        &self,
        checkout: Option<&Checkout>,
        manifest: Option<&Manifest>,
        keys: &Keys,
    ) -> Result<Release> {
        let stored = || {
            let missing = || Failure::NothingSynced {
                bucket: self.context.settings.bucket.clone(),
            };
            manifest.ok_or_else(missing)?.release()
        };
        match checkout {
            None => Ok(stored()?),
            Some(checkout) => {
                let held = manifest.map(|manifest| Stored { manifest, keys });
                let release = checkout.release(held.as_ref())?;
                match self.part {
                    // All but a part stays what the bucket's manifest says.
                    Part::Code(_) | Part::Console => Ok(self.part.of(release, stored()?)),
                    Part::Bucket | Part::Whole => Ok(release),
                }
            }
        }
    }

    async fn plan(&self, release: &Release) -> Result<(Observation, Plan)> {
        let tables_left = if self.allowing.adopt_tables {
            TablesLeft::Adopt
        } else {
            TablesLeft::Refuse
        };
        parts::plan(&self.part, &self.context, release, tables_left).await
    }

    fn said(&self) -> GuardOverride<'_> {
        match &self.allowing.during_execution {
            Some(reason) => GuardOverride::DuringExecution(reason.as_str()),
            None => GuardOverride::None,
        }
    }

    async fn guard(
        &self,
        plan: &Plan,
        observation: &Observation,
        said: GuardOverride<'_>,
    ) -> Result<UnderWay> {
        if !plan.touches_executions() {
            return Ok(UnderWay::Known(Vec::new()));
        }
        let live = guard::live(&self.context.cloud, &self.context.settings, observation).await?;
        self.context.tell_what_is_under_way(&live);
        guard::check(&live, Intent::Deploy, said)?;
        Ok(live)
    }

    /// Before the lock, which lies in it.
    async fn make_bucket(&self, plan: &Plan) -> Result<()> {
        for step in &plan.steps {
            if let Step::CreateBucket { bucket } = step {
                self.context.output.tell(&step.to_string());
                self.context.cloud.create_bucket(bucket).await?;
            }
        }
        Ok(())
    }

    async fn record_exceptions(&self, live: &UnderWay) -> Result<()> {
        let break_glass = self.allowing.break_glass.as_ref();
        self.context.break_glass(break_glass).await?;
        if let Some(reason) = &self.allowing.during_execution {
            let what = "during-execution";
            let context = &self.context;
            context.record(what, reason.as_str(), Some(live)).await?;
        }
        Ok(())
    }

    /// Under the lock: what was seen before it was taken may be over.
    async fn carry_out(&self, release: &Release, live: &UnderWay) -> Result<()> {
        let DeploymentContext {
            settings,
            cloud,
            output,
            ..
        } = &self.context;
        self.record_exceptions(live).await?;
        let written = self.context.written();
        let replacements = if self.allowing.allow_replacement {
            Replacements::Allowed
        } else {
            Replacements::Refused
        };
        loop {
            let (observation, plan) = self.plan(release).await?;
            // Building takes minutes, in which an execution may have begun.
            self.guard(&plan, &observation, self.said()).await?;
            let applying = Applying {
                release,
                settings,
                cloud,
                replacements,
                before: observation.manifest.as_ref(),
                written: &written,
            };
            let mut progress = |event: Event| output.tell(&event.to_string());
            match apply(&plan, &applying, &mut progress).await {
                Ok(Outcome::Done) => return Ok(()),
                Ok(Outcome::PlanAnew) => {}
                Err(failure) => {
                    self.say_what_runs(release).await;
                    return Err(failure.into());
                }
            }
        }
    }

    /// A rollback brings back the stack's code: whoever had newer code running must hear of it.
    async fn say_what_runs(&self, release: &Release) {
        let DeploymentContext {
            settings,
            cloud,
            output,
            ..
        } = &self.context;
        let running = match running_code::digests(cloud, settings).await {
            Ok(running) => running,
            Err(failure) => {
                output.tell(&format!(
                    "  what the functions run could not be read: {failure}"
                ));
                return;
            }
        };
        for artifact in &release.functions {
            let runs = running.get(artifact.name.as_str()).and_then(Option::as_ref);
            if let Some(digest) = runs.filter(|digest| **digest != artifact.sha256) {
                output.tell(&format!(
                    "  {} does not run the code of the manifest (it runs {})",
                    settings.function(&artifact.name),
                    &digest[..12.min(digest.len())]
                ));
            }
        }
    }

    /// What was meant to be is compared with what is.
    async fn afterwards(&self, release: &Release) -> Result<()> {
        let DeploymentContext {
            settings,
            cloud,
            output,
            ..
        } = &self.context;
        match self.part {
            Part::Bucket | Part::Code(_) => {}
            Part::Console => parts::check_page(&self.context, release).await?,
            Part::Whole => {
                let outputs = deployment::verify::verify(release, settings, cloud).await?;
                for (name, value) in &outputs {
                    output.tell(&format!("  {name} = {value}"));
                }
            }
        }
        Ok(())
    }

    async fn replicate(&self, replica: Option<replica::Behind>, release: &Release) -> Result<()> {
        match replica {
            Some(behind) => replica::catch_up(&self.context, behind, release).await,
            None => Ok(()),
        }
    }

    fn end(&self, plan: &Plan, replica_behind: bool) -> CommandOutcome {
        let changes = !plan.steps.is_empty() || replica_behind;
        self.context.output.answer_a_program(&json!({
            "environment": self.context.settings.environment,
            "bucket": self.context.settings.bucket,
            "dryRun": self.showing.dry_run,
            "changes": changes,
            "plan": plan,
        }));
        if changes && self.showing.detailed_exitcode {
            CommandOutcome::DifferencesFound
        } else {
            CommandOutcome::Succeeded
        }
    }
}
