//! Executions from a few words, and a driver that lets a fake DRS answer what they ask.
//!
//! A wave is a line: `app 3-5 9@2 | after db | gate | need 50% | pause | limit 90`.
//! Servers are numbers, `@2` puts them in the second Region; without `after` a wave waits for
//! the wave before, and `after nothing` waits for nothing.

use domain::execution::clean_up::KnownLaunches;
use domain::execution::command::Resolution;
use domain::execution::creation::{self, StartRequest};
use domain::execution::event::{FaultClass, LaunchAnswer, WorldFault};
use domain::execution::note::Note;
use domain::execution::notice::Notice;
use domain::execution::queries::holds::{Hold, HoldType, open_holds};
use domain::execution::queries::status::{Drive, WaveStatus, drive, status, wave_status};
use domain::execution::{
    Command, Effect, Event, Execution, NoteCode, Refusal, Server, ServerState, Status, Waits,
    decide,
};
use domain::launchability::Consent;
use domain::name::Name;
use domain::protection_group::ProtectionGroup;
use domain::recovery_plan::draft::{Groups, PlanDraft, WaveDraft};
use domain::recovery_plan::{Gating, Need, OnFailure, RecoveryPlan};
use domain::{ExecutionId, HoldId, JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::fake_drs::FakeDrs;

/// How often a world that is run looks after its execution.
const STEP: SignedDuration = SignedDuration::from_secs(5);
/// Longest story, in steps: three days.
const STEPS_MAX: usize = 52_000;

pub(crate) fn server(number: u32) -> SourceServerId {
    format!("s-{number:017}").parse().unwrap()
}

pub(crate) fn job(number: u32) -> JobId {
    format!("drsjob-{number:017}").parse().unwrap()
}

pub(crate) fn instance(number: u32) -> RecoveryInstanceId {
    format!("i-{number:017}").parse().unwrap()
}

pub(crate) fn execution_id(number: u32) -> ExecutionId {
    format!("00000000-0000-4000-8000-{number:012}")
        .parse()
        .unwrap()
}

/// The place of a number: 1 and 2 are Regions of one account.
pub(crate) fn place(number: u32) -> Place {
    Place {
        account: "111122223333".parse().unwrap(),
        region: format!("us-west-{number}").parse().unwrap(),
    }
}

/// This many seconds after the story began.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + seconds).unwrap()
}

/// An execution of the plan that `text` describes, as it is before its first turn.
pub(crate) fn execution(kind: Kind, text: &str) -> Execution {
    execution_with(kind, text, Consent::default())
}

pub(crate) fn execution_with(kind: Kind, text: &str, consent: Consent) -> Execution {
    let (plan, groups) = plan(text);
    let request = StartRequest {
        kind,
        by: "ann@example.com".to_owned(),
        reason: None,
        consent,
        not_isolated: None,
        outage_declared_at: None,
    };
    creation::execution(
        execution_id(1),
        &plan,
        &groups,
        request,
        Waits::DEFAULT,
        at(0),
    )
}

/// The plan that `text` describes, and its groups: one for each wave and Region.
pub(crate) fn plan(text: &str) -> (RecoveryPlan, Groups) {
    let mut groups = Groups::new();
    let mut waves = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        waves.push(wave_draft(line, &mut groups));
    }
    let draft = PlanDraft {
        name: "Shop".to_owned(),
        description: String::new(),
        waves,
    };
    let plan = RecoveryPlan {
        id: "00000000-0000-4000-8000-00000000abcd".parse().unwrap(),
        content: draft.parse(&groups).unwrap(),
        version: 3,
        created_at: at(-1000),
        updated_at: at(-1000),
    };
    (plan, groups)
}

fn wave_draft(line: &str, groups: &mut Groups) -> WaveDraft {
    let mut clauses = line.split('|').map(str::trim);
    let mut words = clauses.next().unwrap().split_whitespace();
    let mut draft = WaveDraft {
        key: words.next().unwrap().to_owned(),
        ..WaveDraft::default()
    };
    let mut members: [Vec<SourceServerId>; 2] = [vec![], vec![]];
    for word in words {
        let (range, region) = word.split_once('@').unwrap_or((word, "1"));
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let region: usize = region.parse().unwrap();
        let numbers = first.parse().unwrap()..=last.parse().unwrap();
        members[region - 1].extend(numbers.map(server));
    }
    for (number, servers) in (1..).zip(members) {
        if !servers.is_empty() {
            let group = group(groups.len(), place(number), servers);
            draft.protection_groups.push(group.id.to_string());
            groups.insert(group.id.clone(), group);
        }
    }
    for clause in clauses {
        let words: Vec<&str> = clause.split_whitespace().collect();
        match words.as_slice() {
            ["after", "nothing"] => draft.depends_on = Some(vec![]),
            ["after", keys @ ..] => {
                draft.depends_on = Some(keys.iter().map(ToString::to_string).collect());
            }
            ["gate"] => draft.gate = Some(Gating::PauseBefore),
            ["need", need] => draft.need = Some(parse_need(need)),
            ["stop"] => draft.on_failure = Some(OnFailure::Stop),
            ["pause"] => draft.on_failure = Some(OnFailure::Pause),
            ["continue"] => draft.on_failure = Some(OnFailure::Continue),
            ["limit", minutes] => draft.time_limit_minutes = Some(minutes.parse().unwrap()),
            other => panic!("no clause is written {other:?}"),
        }
    }
    draft
}

pub(crate) fn parse_need(text: &str) -> Need {
    match text.strip_suffix('%') {
        Some(percent) => Need::Percent {
            percent: percent.parse().unwrap(),
        },
        None if text == "all" => Need::All,
        None => Need::Count {
            count: text.parse().unwrap(),
        },
    }
}

pub(crate) fn group(number: usize, place: Place, servers: Vec<SourceServerId>) -> ProtectionGroup {
    ProtectionGroup {
        id: format!("00000000-0000-4000-9000-{number:012}")
            .parse()
            .unwrap(),
        name: format!("Group {number}").parse::<Name>().unwrap(),
        description: String::new(),
        place,
        servers,
        drill_isolation: None,
        version: 1,
        created_at: at(-2000),
        updated_at: at(-2000),
    }
}

/// An execution, the time, and the DRS that it talks to.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) execution: Execution,
    pub(crate) now: Timestamp,
    pub(crate) notes: Vec<Note>,
    /// When each note was made.
    pub(crate) noted_at: Vec<Timestamp>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) drs: FakeDrs,
}

impl World {
    pub(crate) fn drill(text: &str) -> Self {
        Self::of(execution(Kind::Drill, text))
    }

    pub(crate) fn recovery(text: &str) -> Self {
        Self::of(execution(Kind::Recovery, text))
    }

    pub(crate) fn of(execution: Execution) -> Self {
        Self {
            execution,
            now: at(0),
            notes: Vec::new(),
            noted_at: Vec::new(),
            notices: Vec::new(),
            drs: FakeDrs::new(),
        }
    }

    /// Tells the execution something; its effects are left undone.
    pub(crate) fn tell(&mut self, event: &Event) -> Vec<Effect> {
        self.try_tell(event).unwrap()
    }

    pub(crate) fn try_tell(&mut self, event: &Event) -> Result<Vec<Effect>, Refusal> {
        let decision = decide(&self.execution, event, self.now)?;
        self.execution = decision.next;
        self.notes.extend(decision.notes);
        self.noted_at.resize(self.notes.len(), self.now);
        self.notices.extend(decision.notices);
        Ok(decision.effects)
    }

    /// Tells it, and does what follows, one effect after the other.
    pub(crate) fn tell_and_do(&mut self, event: &Event) {
        for effect in self.tell(event) {
            self.carry_out(&effect);
        }
    }

    pub(crate) fn carry_out(&mut self, effect: &Effect) {
        for event in self.drs.perform(&self.execution, effect, self.now) {
            self.tell_and_do(&event);
        }
    }

    pub(crate) fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let by = "ben@example.com".to_owned();
        self.try_tell(&Event::Command { by, command })
            .map(|effects| assert!(effects.is_empty(), "a command has no effects"))
    }

    pub(crate) fn tick(&mut self) {
        self.tell_and_do(&Event::Tick);
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    /// Lets time pass, in steps, with a turn at each.
    pub(crate) fn run_for(&mut self, seconds: i64) {
        let until = self.now + SignedDuration::from_secs(seconds);
        while self.now < until {
            self.now += STEP;
            self.tick();
        }
    }

    /// Lets time pass until it is as `is_so` says.
    pub(crate) fn run_until(&mut self, is_so: impl Fn(&Execution) -> bool) {
        for _ in 0..STEPS_MAX {
            self.tick();
            if is_so(&self.execution) {
                return;
            }
            self.now += STEP;
        }
        panic!("it never came to be so: {}", self.picture());
    }

    pub(crate) fn run_to_end(&mut self) {
        self.run_until(Execution::has_ended);
    }

    /// Until no work is left: locks freed, jobs followed to their end.
    pub(crate) fn run_to_rest(&mut self) {
        self.run_until(|execution| drive(execution) == Drive::Done);
    }

    /// Until something waits for a person.
    pub(crate) fn run_to_hold(&mut self) -> Hold {
        self.run_until(|execution| !open_holds(execution).is_empty());
        let holds = open_holds(&self.execution);
        assert_eq!(holds.len(), 1, "{}", self.picture());
        holds[0].clone()
    }

    pub(crate) fn run_to_status(&mut self, wanted: Status) {
        self.run_until(|execution| status(execution) == wanted);
    }

    /// Until DRS has been asked for a job for this server.
    pub(crate) fn run_to_launch_of(&mut self, number: u32) {
        self.run_until(|execution| {
            find(execution, number).state == ServerState::Launching
                && find(execution, number).job.is_some()
        });
    }

    pub(crate) fn status(&self) -> Status {
        status(&self.execution)
    }

    pub(crate) fn wave(&self, key: &str) -> WaveStatus {
        let wave = self
            .execution
            .waves
            .iter()
            .find(|wave| wave.head.key.as_str() == key)
            .unwrap();
        wave_status(&self.execution, wave)
    }

    pub(crate) fn server(&self, number: u32) -> &Server {
        find(&self.execution, number)
    }

    pub(crate) fn state(&self, number: u32) -> ServerState {
        self.server(number).state
    }

    /// The statuses of the whole and of its waves: `PAUSED: FAILED PENDING`.
    pub(crate) fn summary(&self) -> String {
        let waves = self.execution.waves.iter();
        let waves: Vec<String> = waves
            .map(|wave| word(wave_status(&self.execution, wave)))
            .collect();
        format!("{}: {}", word(self.status()), waves.join(" "))
    }

    /// The state of each server, in the order of the plan.
    pub(crate) fn states(&self) -> Vec<ServerState> {
        self.execution
            .servers()
            .map(|server| server.state)
            .collect()
    }

    pub(crate) fn noted(&self, code: NoteCode) -> usize {
        self.notes.iter().filter(|note| note.code == code).count()
    }

    /// All of it in one line, for a test that fails.
    pub(crate) fn picture(&self) -> String {
        let batches: Vec<String> = self
            .execution
            .batches()
            .map(|(reference, batch)| format!("{reference:?} {:?}", batch.state))
            .collect();
        format!(
            "{:?} {:?} {:?} {batches:?}",
            self.status(),
            self.states(),
            self.execution.head.course
        )
    }
}

pub(crate) fn find(execution: &Execution, number: u32) -> &Server {
    let id = server(number);
    execution
        .servers()
        .find(|server| server.id == id)
        .unwrap_or_else(|| panic!("{id} is not in the plan"))
}

pub(crate) fn resume(holds: &[&HoldId], comment: Option<&str>) -> Command {
    Command::Resume {
        holds: holds.iter().map(|&hold| hold.clone()).collect(),
        comment: comment.map(str::to_owned),
    }
}

pub(crate) fn no_job(hold: &HoldId, reason: &str) -> Command {
    Command::Resolve {
        hold: hold.clone(),
        resolution: Resolution::NoJob(reason.to_owned()),
    }
}

/// What a person says to let a hold go, whatever it is about.
pub(crate) fn go_on(hold: &Hold) -> Command {
    match hold.kind {
        HoldType::Gate | HoldType::Failure | HoldType::Manual => resume(&[&hold.id], Some("go on")),
        HoldType::Undecided => no_job(&hold.id, "the console of DRS shows no job"),
    }
}

pub(crate) fn retry(wave: &str, servers: Option<&[u32]>) -> Command {
    Command::Retry {
        wave: wave.parse().unwrap(),
        servers: servers.map(|numbers| numbers.iter().map(|&number| server(number)).collect()),
        reason: None,
    }
}

pub(crate) fn skip(wave: &str) -> Command {
    Command::Skip {
        wave: wave.parse().unwrap(),
        reason: "not needed today".to_owned(),
    }
}

pub(crate) fn cancel(give_up_on: &[u32]) -> Command {
    Command::Cancel {
        reason: None,
        give_up_on: give_up_on.iter().map(|&number| server(number)).collect(),
    }
}

pub(crate) fn terminate() -> Command {
    Command::TerminateInstances {
        confirm: "Shop".to_owned(),
    }
}

pub(crate) fn passing() -> WorldFault {
    WorldFault {
        class: FaultClass::Passing,
        text: "DRS does not answer".into(),
    }
}

pub(crate) fn no_answer() -> LaunchAnswer {
    LaunchAnswer::Doubt("the call timed out".into())
}

/// A word as it is on the wire.
pub(crate) fn word(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

/// A look of a clean-up at no place: what follows from it, time alone has done.
pub(crate) fn nothing_seen() -> Event {
    Event::CleanUpLooked {
        known: KnownLaunches::default(),
        places: vec![],
    }
}
