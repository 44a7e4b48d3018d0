//! Requests as they arrive: rates, outages and faults first, then the operation, then the journal.

mod answer;
mod operation;
mod surprise;

pub use operation::{OPERATIONS, Operation, OperationKind};

use crate::error::{ApiError, ErrorName};
use crate::journal::JournalEntry;
use crate::scenario::{Answer, Commitment, Effect, NEVER, Surprise};
use crate::world::{Match, Moment, Occasion, World, denied_action};
use answer::{access_denied, decided, read, refused, to_wire, waits_for_the_commit};
use jiff::SignedDuration;
use serde_json::Value;
use std::time::Duration;

/// Who calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The SDK's id of the call.
    pub invocation_id: Option<String>,
    /// Which of the SDK's own tries this is.
    pub attempt: Option<u32>,
    /// How far the clock by which the request was signed is ahead of ours.
    pub clock_ahead: Option<SignedDuration>,
}

impl Caller {
    /// A caller of whom only account and Region are known.
    pub fn new(account: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
            invocation_id: None,
            attempt: None,
            clock_ahead: None,
        }
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply<A> {
    /// The answer, at once.
    Answered(A),
    /// It has taken effect, and the caller gets the answer after this much of its own time.
    Held {
        /// How late the answer is.
        hold: Duration,
        /// The answer.
        answer: A,
    },
    /// Nothing has happened yet. After this much of the caller's time the request arrives:
    /// `World::call_delayed` or `World::perform_delayed`.
    Postponed {
        /// How late the request is.
        hold: Duration,
    },
    /// The connection was closed without an answer; the request may have taken effect.
    Lost,
}

impl<A> Reply<A> {
    fn map<B>(self, change: impl FnOnce(A) -> B) -> Reply<B> {
        match self {
            Self::Answered(answer) => Reply::Answered(change(answer)),
            Self::Held { hold, answer } => Reply::Held {
                hold,
                answer: change(answer),
            },
            Self::Postponed { hold } => Reply::Postponed { hold },
            Self::Lost => Reply::Lost,
        }
    }
}

/// An answer as the wire has it.
#[derive(Debug, Clone, PartialEq)]
pub struct WireAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The error, when it is one; its name belongs into `x-amzn-errortype`.
    pub error: Option<ApiError>,
    /// The body; none where the operation has no members to answer (204).
    pub body: Option<Value>,
    /// Whether the connection is closed in the middle of the body.
    pub cut: bool,
}

/// What became of a request, and whether it took effect.
struct Decision<T> {
    reply: Reply<Result<T, ApiError>>,
    committed: bool,
    /// What the caller would have been told, had the answer not been lost.
    unsaid: Option<Result<T, ApiError>>,
    /// How the answer differs on the wire from what was decided.
    twist: Twist,
}

/// How an answer differs on the wire from what was decided.
#[derive(Debug, Clone, Default)]
struct Twist {
    /// Only a part of it is sent.
    cut: bool,
    surprise: Option<Box<Surprise>>,
}

impl World {
    /// A typed request, with the faults of the scenario, for use in process.
    pub fn request<O: Operation>(
        &mut self,
        caller: &Caller,
        request: &O,
    ) -> Reply<Result<O::Response, ApiError>> {
        let decision = self.decide(caller, request);
        if self.journal.keeps(O::KIND) {
            let body = serde_json::to_value(request).unwrap_or_default();
            self.record::<O>(caller, body, &decision);
        }
        decision.reply
    }

    /// A typed request that was postponed arrives now; no fault meets it again.
    pub fn request_delayed<O: Operation>(
        &mut self,
        caller: &Caller,
        request: &O,
    ) -> Result<O::Response, ApiError> {
        let decision = self.undisturbed(caller, request);
        if self.journal.keeps(O::KIND) {
            let body = serde_json::to_value(request).unwrap_or_default();
            self.record::<O>(caller, body, &decision);
        }
        match decision.reply {
            Reply::Answered(answer) | Reply::Held { answer, .. } => answer,
            Reply::Postponed { .. } | Reply::Lost => {
                Err(ApiError::plain(ErrorName::InternalServer))
            }
        }
    }

    /// A request by the operation's name and its JSON body, with the faults of the scenario.
    pub fn call(&mut self, caller: &Caller, operation: &str, body: &Value) -> Reply<WireAnswer> {
        operation::dispatch(self, caller, operation, body, Arrival::First)
    }

    /// A request that was postponed arrives now; no fault meets it again.
    pub fn call_delayed(
        &mut self,
        caller: &Caller,
        operation: &str,
        body: &Value,
    ) -> Reply<WireAnswer> {
        operation::dispatch(self, caller, operation, body, Arrival::Delayed)
    }

    /// Reads the body as this operation's request and lets it arrive.
    fn arrive<O: Operation>(
        &mut self,
        caller: &Caller,
        body: &Value,
        arrival: Arrival,
    ) -> Reply<WireAnswer> {
        let decision = match read::<O>(body) {
            Ok(request) => match arrival {
                Arrival::First => self.decide(caller, &request),
                Arrival::Delayed => self.undisturbed(caller, &request),
            },
            Err(error) => refused(error),
        };
        if self.journal.keeps(O::KIND) {
            self.record::<O>(caller, body.clone(), &decision);
        }
        self.on_the_wire::<O>(decision)
    }

    fn undisturbed<O: Operation>(&mut self, caller: &Caller, request: &O) -> Decision<O::Response> {
        self.prepare(None);
        let answer = self.perform(&caller.account, &caller.region, request);
        Decision {
            committed: answer.is_ok(),
            reply: Reply::Answered(answer),
            unsaid: None,
            twist: Twist::default(),
        }
    }

    fn decide<O: Operation>(&mut self, caller: &Caller, request: &O) -> Decision<O::Response> {
        if self.is_out(&caller.account, &caller.region) {
            return Decision {
                reply: Reply::Lost,
                committed: false,
                unsaid: None,
                twist: Twist::default(),
            };
        }
        if !self.takes_token(&caller.account, O::NAME) {
            let mut error = ApiError::plain(ErrorName::Throttling);
            error.retry_after_seconds = Some(1);
            return refused(error);
        }
        let occasion = Occasion {
            account: &caller.account,
            region: &caller.region,
            tags: request.tags(),
            servers: self.servers_of(request.source_servers(), request.recovery_instances()),
            moment: Moment::Call(O::NAME),
        };
        let Some(Match { rule, effect }) = self.first_match(&occasion) else {
            return self.undisturbed(caller, request);
        };
        match effect {
            Effect::Phase { .. } => self.undisturbed(caller, request),
            Effect::Deny(actions) => {
                let tags = request.tags().is_some_and(|tags| !tags.is_empty());
                let action = denied_action(&actions, O::NAME, tags).unwrap_or(O::NAME);
                refused(access_denied(caller, action))
            }
            Effect::Call {
                ref answer,
                ref foreign_job,
                ref servers,
                ref surprise,
                expire_points,
                ..
            } => {
                if let Some(change) = servers {
                    self.change_servers(&occasion.servers, change);
                }
                if let (Some(settings), Some(recovery)) = (foreign_job, request.as_recovery()) {
                    self.prepare(None);
                    self.start_foreign_job(&caller.account, &caller.region, recovery, settings);
                }
                self.prepare(Some(&effect));
                let mut decision = self.answer_with(caller, request, answer.as_ref());
                let interfered = servers.is_some() || foreign_job.is_some() || expire_points;
                let in_vain = !decision.committed && waits_for_the_commit(answer.as_ref());
                if in_vain && !interfered {
                    self.give_back(rule);
                } else {
                    decision.twist.surprise.clone_from(surprise);
                }
                decision
            }
        }
    }

    fn answer_with<O: Operation>(
        &mut self,
        caller: &Caller,
        request: &O,
        answer: Option<&Answer>,
    ) -> Decision<O::Response> {
        if let Some(Answer::Held {
            hold,
            commitment: Commitment::BeforeCommit,
        }) = answer
        {
            let hold = answer::wait(*hold);
            return Decision {
                reply: Reply::Postponed { hold },
                committed: false,
                unsaid: None,
                twist: Twist::default(),
            };
        }
        if let Some(Answer::Skewed(skew)) = answer
            && !answer::clocks_agree(caller, *skew)
        {
            self.prepare(None);
            return refused(answer::skewed(*skew));
        }
        let commits = match answer {
            None | Some(Answer::Skewed(_)) => Commitment::AfterCommit,
            Some(
                Answer::Error { commitment, .. }
                | Answer::Lost(commitment)
                | Answer::Half(commitment)
                | Answer::Held { commitment, .. },
            ) => *commitment,
        };
        let result = match commits {
            Commitment::AfterCommit => Some(self.perform(&caller.account, &caller.region, request)),
            Commitment::BeforeCommit => None,
        };
        self.prepare(None);
        decided(answer, result)
    }

    fn record<O: Operation>(
        &mut self,
        caller: &Caller,
        request: Value,
        decision: &Decision<O::Response>,
    ) {
        let (answer, delivered) = match &decision.reply {
            Reply::Answered(answer) => (Some(answer), true),
            Reply::Held { hold, answer } => (Some(answer), *hold < NEVER.unsigned_abs()),
            Reply::Postponed { .. } => (None, false),
            Reply::Lost => (decision.unsaid.as_ref(), false),
        };
        let code = |error: &ApiError| self.error_code(error);
        let answer = answer.map(|answer| to_wire::<O>(answer.clone(), code));
        self.journal.record(
            O::KIND,
            JournalEntry {
                sequence: 0,
                at: self.now(),
                operation: O::NAME.to_owned(),
                account_id: caller.account.clone(),
                region: caller.region.clone(),
                request,
                status: answer.as_ref().map(|answer| answer.status),
                response: answer.and_then(|answer| answer.body),
                committed: decision.committed,
                delivered,
                invocation_id: caller.invocation_id.clone(),
                attempt: caller.attempt,
            },
        );
    }
}

/// Whether a request arrives as it was sent, or after it was postponed.
#[derive(Debug, Clone, Copy)]
enum Arrival {
    First,
    Delayed,
}
