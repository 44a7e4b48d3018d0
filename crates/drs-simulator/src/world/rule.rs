//! The rules of a world: which one a request or a phase meets first.

use super::World;
use super::job::{JobEffects, Spot};
use super::server::Server;
use crate::scenario::{Effect, PhaseEffect, PhaseEnding, Rule, ServerPhase, ServerSelector, When};
#[cfg(feature = "server")]
use crate::scenario::{RuleFault, rule_fault};
use crate::wire::Tags;
use crate::wire::job::JobLogEvent;
use jiff::SignedDuration;

/// The rules that still apply, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    rules: Vec<ActiveRule>,
    made: u32,
}

#[derive(Debug, Clone)]
struct ActiveRule {
    id: String,
    when: When,
    effect: Effect,
    left: Option<u32>,
    applied: u32,
}

/// What a rule is compared with.
pub(crate) struct Occasion<'a> {
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) tags: Option<&'a Tags>,
    /// The source servers of the request or of the phase.
    pub(crate) servers: Vec<String>,
    pub(crate) moment: Moment<'a>,
}

/// A rule that matched, as long as no rule comes or goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuleIndex(usize);

/// A rule that matched, and what it does.
pub(crate) struct Match {
    pub(crate) rule: RuleIndex,
    pub(crate) effect: Effect,
}

/// Whether a request or a phase is going on.
#[derive(Clone, Copy)]
pub(crate) enum Moment<'a> {
    Call(&'a str),
    Phase(ServerPhase),
}

impl Rules {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut made = Self::default();
        for rule in rules {
            made.add(rule.clone());
        }
        made
    }

    /// An id that no rule has, neither by itself nor because a file says so.
    fn free_id(&mut self) -> String {
        loop {
            self.made += 1;
            let id = format!("rule-{}", self.made);
            if !self.has(&id) {
                return id;
            }
        }
    }

    fn has(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id)
    }

    fn add(&mut self, rule: Rule) -> String {
        let id = rule.id.unwrap_or_else(|| self.free_id());
        self.rules.push(ActiveRule {
            id: id.clone(),
            when: rule.when,
            effect: rule.effect,
            left: rule.times,
            applied: 0,
        });
        id
    }
}

impl World {
    /// Adds a rule after all others and gives its id.
    pub fn add_rule(&mut self, rule: Rule) -> String {
        self.rules.add(rule)
    }

    /// Adds a rule as `add_rule` does, unless it would never apply or has an id that is taken.
    #[cfg(feature = "server")]
    pub(crate) fn add_checked_rule(&mut self, rule: Rule) -> Result<String, RuleFault> {
        let is_server = |name: &str| self.server(name).is_some();
        match rule_fault(&rule, is_server, |id| self.rules.has(id)) {
            Some(fault) => Err(fault),
            None => Ok(self.add_rule(rule)),
        }
    }

    /// Removes all rules.
    pub fn clear_rules(&mut self) {
        self.rules.rules.clear();
    }

    /// Removes one rule. False when there is none of this id.
    pub fn remove_rule(&mut self, id: &str) -> bool {
        let before = self.rules.rules.len();
        self.rules.rules.retain(|rule| rule.id != id);
        self.rules.rules.len() < before
    }

    /// The rules that are left: id, how often each has applied, and how often it still can.
    pub fn rules(&self) -> Vec<(String, u32, Option<u32>)> {
        self.rules
            .rules
            .iter()
            .map(|rule| (rule.id.clone(), rule.applied, rule.left))
            .collect()
    }

    /// The first rule that matches, which is used up by one.
    pub(crate) fn first_match(&mut self, occasion: &Occasion<'_>) -> Option<Match> {
        let elapsed = self.now.duration_since(self.started_at);
        let matching = self.rules.rules.iter().position(|rule| {
            rule.left != Some(0)
                && concerns(&rule.effect, occasion)
                && self.fits(&rule.when, occasion, elapsed)
        })?;
        let rule = self.rules.rules.get_mut(matching)?;
        rule.applied += 1;
        rule.left = rule.left.map(|left| left.saturating_sub(1));
        Some(Match {
            rule: RuleIndex(matching),
            effect: rule.effect.clone(),
        })
    }

    /// The rule that matched last has done nothing after all, and can still do it.
    pub(crate) fn give_back(&mut self, RuleIndex(rule): RuleIndex) {
        if let Some(rule) = self.rules.rules.get_mut(rule) {
            rule.applied = rule.applied.saturating_sub(1);
            rule.left = rule.left.map(|left| left.saturating_add(1));
        }
    }

    /// The source servers of a request: those it names, and those of the instances it names.
    pub(crate) fn servers_of(&self, servers: Vec<&str>, instances: Vec<&str>) -> Vec<String> {
        if self.rules.rules.is_empty() {
            return Vec::new();
        }
        let of_instances = instances.into_iter().filter_map(|id| {
            let instance = self.sites.iter().find_map(|site| site.instances.get(id))?;
            Some(instance.server.clone())
        });
        servers
            .into_iter()
            .map(str::to_owned)
            .chain(of_instances)
            .collect()
    }

    fn fits(&self, when: &When, occasion: &Occasion<'_>, elapsed: SignedDuration) -> bool {
        let operation_fits = match (&when.operation, occasion.moment) {
            (None, _) => true,
            (Some(wanted), Moment::Call(operation)) => wanted == operation,
            (Some(_), Moment::Phase(_)) => false,
        };
        let has_tags = |tags: Option<&Tags>| {
            when.tags
                .iter()
                .all(|(key, value)| tags.and_then(|tags| tags.get(key)) == Some(value))
        };
        operation_fits
            && when
                .account
                .as_deref()
                .is_none_or(|account| account == occasion.account)
            && when
                .region
                .as_deref()
                .is_none_or(|region| region == occasion.region)
            && when
                .after
                .is_none_or(|after| elapsed >= self.settings.scaled(after))
            && when
                .until
                .is_none_or(|until| elapsed < self.settings.scaled(until))
            && has_tags(occasion.tags)
            && when.server.as_ref().is_none_or(|selector| {
                occasion
                    .servers
                    .iter()
                    .filter_map(|id| self.server(id))
                    .any(|server| selects(selector, server))
            })
    }

    pub(super) fn phase_effect(&mut self, spot: Spot, phase: ServerPhase) -> PhaseEffect {
        if self.rules.rules.is_empty() {
            return PhaseEffect::default();
        }
        let Some(site) = self.sites.get(spot.site) else {
            return PhaseEffect::default();
        };
        let Some(job) = site.jobs.get(&spot.job) else {
            return PhaseEffect::default();
        };
        let Some(participant) = job.participants.get(spot.participant) else {
            return PhaseEffect::default();
        };
        let (account, region, tags) = (site.account.clone(), site.region.clone(), job.tags.clone());
        let occasion = Occasion {
            account: &account,
            region: &region,
            tags: Some(&tags),
            servers: vec![participant.server.clone()],
            moment: Moment::Phase(phase),
        };
        match self.first_match(&occasion).map(|found| found.effect) {
            Some(Effect::Phase { effect, .. }) => effect,
            Some(Effect::Deny(actions)) => {
                let mut effect = denied(&actions, phase);
                effect.orphan &= self.settings.switches.orphan_after_denied_registration;
                effect
            }
            Some(Effect::Call { .. }) | None => PhaseEffect::default(),
        }
    }

    /// What the current request's rule wants of its job and of its reads.
    pub(crate) fn prepare(&mut self, effect: Option<&Effect>) {
        self.next_job = JobEffects::default();
        self.reads_stale = false;
        if let Some(Effect::Call {
            stale,
            hide_job,
            hide_participants,
            vanish_after,
            expire_points,
            ..
        }) = effect
        {
            self.reads_stale = *stale;
            self.next_job = JobEffects {
                hide_job: *hide_job,
                hide_participants: *hide_participants,
                vanish_after: *vanish_after,
                expire_points: *expire_points,
            };
        }
    }
}

fn concerns(effect: &Effect, occasion: &Occasion<'_>) -> bool {
    match (effect, occasion.moment) {
        (Effect::Call { .. }, Moment::Call(_)) => true,
        (Effect::Phase { phase, .. }, Moment::Phase(now)) => *phase == now,
        (Effect::Deny(actions), Moment::Call(operation)) => {
            let tags = occasion.tags.is_some_and(|tags| !tags.is_empty());
            denied_action(actions, operation, tags).is_some()
        }
        (Effect::Deny(actions), Moment::Phase(phase)) => {
            actions.iter().any(|action| denies_phase(action, phase))
        }
        (Effect::Call { .. }, Moment::Phase(_)) | (Effect::Phase { .. }, Moment::Call(_)) => false,
    }
}

/// The action that a request lacks: its own, or that of tagging what it makes.
pub(crate) fn denied_action<'a>(
    actions: &[String],
    operation: &'a str,
    gives_tags: bool,
) -> Option<&'a str> {
    let denied = |operation: &str| actions.iter().any(|action| denies(action, operation));
    if denied(operation) {
        Some(operation)
    } else {
        let tags = gives_tags && operation == "StartRecovery" && denied("TagResource");
        tags.then_some("TagResource")
    }
}

/// Whether an action, perhaps with `*` for the name, is that of an operation.
fn denies(action: &str, operation: &str) -> bool {
    let (service, name) = operation.split_once(':').unwrap_or(("drs", operation));
    let Some((denied_service, denied_name)) = action.split_once(':') else {
        return false;
    };
    denied_service == service
        && match denied_name.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => denied_name == name,
        }
}

fn selects(selector: &ServerSelector, server: &Server) -> bool {
    selector.id.as_ref().is_none_or(|id| *id == server.id)
        && selector
            .hostname
            .as_ref()
            .is_none_or(|hostname| *hostname == server.hostname)
        && selector
            .tag
            .iter()
            .all(|(key, value)| server.tags.get(key) == Some(value))
}

/// The phase in which DRS misses an action of its caller.
fn phase_of_action(action: &str) -> Option<ServerPhase> {
    match action {
        "ec2:CreateSnapshot" | "ec2:DescribeSnapshots" | "ec2:ModifySnapshotAttribute" => {
            Some(ServerPhase::Snapshot)
        }
        "ec2:CreateVolume" | "ec2:AttachVolume" | "ec2:DetachVolume" => {
            Some(ServerPhase::Conversion)
        }
        "ec2:DeleteVolume" => Some(ServerPhase::Cleanup),
        "ec2:TerminateInstances" => Some(ServerPhase::Terminate),
        "drs:CreateRecoveryInstanceForDrs" => Some(ServerPhase::Launch),
        action if action.starts_with("ec2:") => Some(ServerPhase::Launch),
        _ => None,
    }
}

/// Whether DRS misses an action of its caller in this phase.
fn denies_phase(action: &str, phase: ServerPhase) -> bool {
    action == "ec2:*" || phase_of_action(action) == Some(phase)
}

/// The first action of EC2 that a phase needs.
const fn first_action(phase: ServerPhase) -> &'static str {
    match phase {
        ServerPhase::Cleanup => "ec2:DeleteVolume",
        ServerPhase::Snapshot => "ec2:CreateSnapshot",
        ServerPhase::Conversion => "ec2:CreateVolume",
        ServerPhase::Launch => "ec2:RunInstances",
        ServerPhase::Terminate => "ec2:TerminateInstances",
    }
}

fn denied(actions: &[String], phase: ServerPhase) -> PhaseEffect {
    let action = actions.iter().find(|action| denies_phase(action, phase));
    let action = action.map(|action| match action.as_str() {
        "ec2:*" => first_action(phase),
        named => named,
    });
    let registers = action == Some("drs:CreateRecoveryInstanceForDrs");
    let raw_error = action.map(|action| match action.split_once(':') {
        Some(("drs", name)) => format!("AccessDeniedException when calling {name} operation"),
        Some((_, name)) => format!("UnauthorizedOperation when calling the {name} operation"),
        None => format!("UnauthorizedOperation when calling the {action} operation"),
    });
    let event = match phase {
        ServerPhase::Cleanup | ServerPhase::Terminate => JobLogEvent::CleanupFail,
        ServerPhase::Snapshot => JobLogEvent::UsingPreviousSnapshotFailed,
        ServerPhase::Conversion => JobLogEvent::ConversionFail,
        ServerPhase::Launch => JobLogEvent::LaunchFailed,
    };
    PhaseEffect {
        ending: PhaseEnding::Fails(event),
        raw_error,
        orphan: registers,
        ..PhaseEffect::default()
    }
}
