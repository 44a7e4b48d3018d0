//! Random walks: an execution, a DRS with faults, callers that die, people who do anything.
//! A walk is a list of numbers, so that a failure shrinks to the few that matter.

use domain::Kind;
use domain::execution::event::LaunchAnswer;
use domain::execution::queries::holds::{HoldType, open_holds};
use domain::execution::{Command, Effect, Event, Execution};
use domain::launchability::InstanceOwner;
use domain::source_server::{DrillFlag, RecoveryInstance};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::commands::every_command;
use crate::fake_drs::{Call, Fate, Sight};
use crate::world::{World, execution, find, instance, job, nothing_seen, place, server};

/// One step: what kind, and which of it.
pub(crate) type Step = (u8, u16);

/// Plans that a walk can have: a chain, branches that join, two Regions, gates.
const PLANS: [&str; 4] = [
    "db 1-2 | pause\napp 3 | need 1 | limit 30\nweb 4 | gate",
    "a 1 | after nothing | stop\nb 2-3 | after nothing | pause | limit 15\nc 4 | after a b",
    "db 1-2 3@2 | need 2 | continue | limit 20\napp 4@2 | pause",
    "a 1 | after nothing | gate | pause\nb 2 | after nothing | gate | continue\nc 3-4 | after b",
];

pub(crate) fn steps() -> impl Strategy<Value = (usize, Vec<Step>)> {
    (
        0..PLANS.len() * 2,
        proptest::collection::vec(any::<Step>(), 0..150),
    )
}

/// What a walk is told of each decision, to judge it.
pub(crate) struct Moved<'a> {
    pub(crate) before: &'a Execution,
    pub(crate) event: &'a Event,
    pub(crate) effects: &'a [Effect],
    pub(crate) world: &'a World,
}

#[derive(Clone)]
pub(crate) struct Walk {
    pub(crate) world: World,
    /// What invocations have in hand.
    effects: Vec<Effect>,
    /// Answers under way, and what can arrive a second time.
    answers: Vec<Event>,
    heard: Vec<(Timestamp, Event)>,
}

impl Walk {
    pub(crate) fn new(number: usize) -> Self {
        let kind = if number < PLANS.len() {
            Kind::Drill
        } else {
            Kind::Recovery
        };
        Self {
            world: World::of(execution(kind, PLANS[number % PLANS.len()])),
            effects: Vec::new(),
            answers: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// Walks to the end of `steps`; `judge` sees every decision.
    pub(crate) fn run(&mut self, steps: &[Step], mut judge: impl FnMut(&Moved<'_>)) {
        for &(kind, which) in steps {
            let which = usize::from(which);
            // No two things happen at the same time: an intent is told from another by its own.
            self.world.now += SignedDuration::from_millis(1);
            match kind % 16 {
                0..4 => self.hear(&Event::Tick, &mut judge),
                4..8 => self.work(which, &mut judge),
                8..10 => self.answer(which, &mut judge),
                10 => {
                    if !self.effects.is_empty() {
                        self.effects.remove(which % self.effects.len());
                    }
                }
                11 => {
                    self.hear_again(which, &mut judge);
                }
                12 => {
                    let seconds = [1, 3, 5, 15, 60, 200, 700, 3_600];
                    self.world.now += SignedDuration::from_secs(seconds[which % seconds.len()]);
                }
                13 => self.person(which, &mut judge),
                14 => self.fault(which),
                _ => self.call(which),
            }
        }
    }

    /// Something arrives a second time, or late: within the life of one invocation.
    fn hear_again(&mut self, which: usize, judge: &mut impl FnMut(&Moved<'_>)) {
        let now = self.world.now;
        self.heard
            .retain(|(at, _)| now.duration_since(*at).as_secs() <= 120);
        if !self.heard.is_empty() {
            let (_, event) = self.heard[which % self.heard.len()].clone();
            self.hear(&event, judge);
        }
    }

    fn hear(&mut self, event: &Event, judge: &mut impl FnMut(&Moved<'_>)) {
        let before = self.world.execution.clone();
        let Ok(effects) = self.world.try_tell(event) else {
            assert!(
                matches!(event, Event::Command { .. }),
                "only commands are refused"
            );
            return;
        };
        let world = &self.world;
        judge(&Moved {
            before: &before,
            event,
            effects: &effects,
            world,
        });
        self.effects.extend(effects);
    }

    /// An invocation performs one effect. What it sees it tells at once; answers of DRS can be
    /// delayed or lost.
    fn work(&mut self, which: usize, judge: &mut impl FnMut(&Moved<'_>)) {
        if self.effects.is_empty() {
            return;
        }
        let effect = self.effects.remove(which % self.effects.len());
        let too_late = |fence: &domain::execution::Fence| {
            self.world.now.duration_since(fence.intent_at).as_secs() > 20
        };
        if let Effect::StartRecovery { fence, .. } = &effect
            && too_late(fence)
        {
            let answer = LaunchAnswer::NotSent("too late".into());
            self.answers.push(Event::LaunchAnswered {
                fence: *fence,
                answer,
            });
            return;
        }
        let events = self
            .world
            .drs
            .perform(&self.world.execution, &effect, self.world.now);
        for event in events {
            match &event {
                Event::LaunchAnswered { .. } | Event::TerminateAnswered { .. } => {
                    self.answers.push(event);
                }
                Event::JobsObserved { .. } | Event::LookFailed { .. } => {
                    self.heard.push((self.world.now, event.clone()));
                    self.hear(&event, judge);
                }
                Event::Tick
                | Event::Command { .. }
                | Event::LaunchLooked { .. }
                | Event::AttemptSearched { .. }
                | Event::LocksReleased { .. }
                | Event::InstanceReplaced { .. }
                | Event::TakenOver(_)
                | Event::SaveRefused { .. }
                | Event::CleanUpLooked { .. } => self.hear(&event, judge),
            }
        }
    }

    fn answer(&mut self, which: usize, judge: &mut impl FnMut(&Moved<'_>)) {
        if !self.answers.is_empty() {
            let event = self.answers.remove(which % self.answers.len());
            self.heard.push((self.world.now, event.clone()));
            self.hear(&event, judge);
        }
    }

    fn person(&mut self, which: usize, judge: &mut impl FnMut(&Moved<'_>)) {
        // What time alone has changed is a decision of its own, to be judged by itself.
        self.hear(&nothing_seen(), judge);
        let commands = every_command(&self.world.execution);
        let command = commands[which % commands.len()].clone();
        self.vouch(&command);
        let by = "ben@example.com".to_owned();
        self.hear(&Event::Command { by, command }, judge);
    }

    /// Servers that a person names: the laws let them be launched again.
    fn vouch(&mut self, command: &Command) {
        let execution = &self.world.execution;
        match command {
            Command::Retry {
                servers: Some(servers),
                ..
            } => {
                self.world.drs.vouched.extend(servers.iter().cloned());
            }
            Command::Resolve { hold: named, .. } => {
                let undecided = open_holds(execution)
                    .into_iter()
                    .filter(|hold| hold.kind == HoldType::Undecided && hold.id == *named);
                for hold in undecided {
                    let wave = &execution.waves[hold.wave.unwrap()];
                    let ids = wave.servers().map(|server| server.id.clone());
                    self.world.drs.vouched.extend(ids);
                }
            }
            Command::Pause
            | Command::Resume { .. }
            | Command::Retry { servers: None, .. }
            | Command::Skip { .. }
            | Command::Cancel { .. }
            | Command::TerminateInstances { .. } => {}
        }
    }

    fn fault(&mut self, which: usize) {
        let number = u32::try_from(which / 8 % 4).unwrap() + 1;
        let drs = &mut self.world.drs;
        match which % 8 {
            0 => drs.sight = Sight::Failing,
            1 => drs.sight = Sight::Clear,
            2 => drs.hides_jobs_for = [0, 60, 170][which / 8 % 3],
            3 => drs.fate(number, Fate::Fails),
            4 => drs.fate(number, Fate::Sticks),
            5 => drs.fate(number, Fate::Launches),
            6 => self.foreign_job(number),
            _ => self.foreign_instance(number),
        }
    }

    /// Somebody else launches a server.
    fn foreign_job(&mut self, number: u32) {
        let World {
            execution,
            drs,
            now,
            ..
        } = &mut self.world;
        let batches = execution.batches();
        let at = batches
            .filter(|(_, batch)| batch.servers.iter().any(|one| one.id == server(number)))
            .map(|(_, batch)| batch.place.clone())
            .next()
            .unwrap_or_else(|| place(1));
        drs.foreign_launch(&at, &server(number), *now);
    }

    /// Somebody else has recovered a server, before anything of ours is on its way there.
    fn foreign_instance(&mut self, number: u32) {
        let on_its_way = self.effects.iter().any(|effect| {
            matches!(effect, Effect::StartRecovery { servers, .. }
                if servers.contains(&server(number)))
        });
        if on_its_way || find(&self.world.execution, number).instance.is_some() {
            return;
        }
        let recovered = RecoveryInstance {
            id: instance(900_000 + number),
            server: Some(server(number)),
            job: Some(job(99_999)),
            drill: DrillFlag::Recovery,
            ec2_state: Some("RUNNING".into()),
            private_ips: vec![],
            recovery_point_at: None,
            failback_state: None,
        };
        self.world
            .drs
            .foreign
            .push((recovered, InstanceOwner::Recovery));
    }

    /// What becomes of the next call of `StartRecovery`.
    fn call(&mut self, which: usize) {
        let text = String::new;
        let number = u32::try_from(which / 16 % 4).unwrap() + 1;
        let refused = Call::IsRefused;
        self.world.drs.calls.push_back(match which % 10 {
            0 | 1 => Call::LosesAnswer,
            2 => Call::Dies,
            3 => Call::LosesRequest,
            4 => refused(LaunchAnswer::Quota(text().into())),
            5 => refused(LaunchAnswer::Throttled(text().into())),
            6 => refused(LaunchAnswer::Denied(text().into())),
            7 => refused(LaunchAnswer::Invalid {
                offender: Some(server(number)),
                text: text().into(),
            }),
            8 => refused(LaunchAnswer::Invalid {
                offender: None,
                text: text().into(),
            }),
            _ => refused(LaunchAnswer::Conflict {
                offender: None,
                text: text().into(),
            }),
        });
    }

    /// The faults stop; whoever had something in hand is dead.
    pub(crate) fn calm(mut self) -> World {
        let drs = &mut self.world.drs;
        drs.sight = Sight::Clear;
        drs.hides_jobs_for = 0;
        drs.calls.clear();
        drs.terminations.clear();
        for number in 1..=4 {
            drs.fate(number, Fate::Launches);
        }
        self.world
    }
}
