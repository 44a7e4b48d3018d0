//! Performing effects: one exhaustive match from what was decided to one call, and what came of it as
//! events.

use domain::execution::event::{LaunchAnswer, TerminateAnswer};
use domain::execution::{Effect, Event, Execution, Fence};
use domain::text::Reason;
use domain::{ExecutionId, JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use jiff::SignedDuration;

use crate::advance::{DecidedEffect, EffectMode};
use crate::error::leaves_doubt;
use crate::ports::DrsError;
use crate::ports::drs::{DrsErrorClass, StartRecovery};
use crate::ports::execution_store::Taken;
use crate::{Engine, EngineError, TAG_ATTEMPT, TAG_EXECUTION, TAG_WAVE};

/// A call goes out this soon after its intent was saved, or not at all: whoever finds the
/// intent later must be able to know that nobody will still send it.
const SEND_WITHIN: SignedDuration = SignedDuration::from_secs(20);

impl Engine {
    /// Performs one effect that was decided for this version of the execution. An error is a fault
    /// of the table: faults of DRS come back as events.
    pub(crate) async fn perform(
        &self,
        execution: &Execution,
        DecidedEffect { effect, decided }: DecidedEffect,
    ) -> Result<Vec<Event>, EngineError> {
        match effect {
            Effect::CheckBeforeLaunch {
                batch,
                place,
                servers,
                taken_from,
            } => {
                let look = self
                    .check_before_launch(&place, &servers, &taken_from)
                    .await?;
                Ok(vec![Event::LaunchLooked { batch, look }])
            }
            Effect::StartRecovery {
                fence,
                place,
                kind,
                servers,
                tag,
            } => {
                let answer = self
                    .start_recovery(execution, fence, place, kind, servers, tag)
                    .await;
                Ok(vec![Event::LaunchAnswered { fence, answer }])
            }
            Effect::GiveUpRoom { batch, place } => {
                self.give_up_room(&place, &execution.head.id, batch).await;
                Ok(Vec::new())
            }
            Effect::SearchForAttempt {
                fence,
                place,
                servers,
                tag,
            } => {
                let found = self.search_for_attempt(&place, fence, &servers, &tag).await;
                Ok(vec![Event::AttemptSearched { fence, found }])
            }
            Effect::Observe { place, jobs } => {
                self.observe(&execution.head.id, &place, &jobs).await
            }
            Effect::ReleaseLocks {
                batches,
                servers,
                plan,
            } => {
                let taken = Taken::Before(decided);
                self.release(execution, &servers, plan, taken).await?;
                Ok(vec![Event::LocksReleased { batches, plan }])
            }
            Effect::TellReplaced {
                execution: other,
                instances,
            } => {
                self.tell_replaced(&other, instances, &execution.head.id)
                    .await?;
                Ok(Vec::new())
            }
            Effect::LookForCleanUp { known, places } => {
                let places = self.look_for_clean_up(&execution.head.id, places).await?;
                Ok(vec![Event::CleanUpLooked { known, places }])
            }
            Effect::Terminate { place, instances } => {
                let answer = self.terminate(&place, &instances).await;
                Ok(vec![Event::TerminateAnswered { instances, answer }])
            }
        }
    }

    async fn start_recovery(
        &self,
        execution: &Execution,
        fence: Fence,
        place: Place,
        kind: Kind,
        servers: Vec<SourceServerId>,
        tag: String,
    ) -> LaunchAnswer {
        if self.now().duration_since(fence.intent_at) > SEND_WITHIN {
            return LaunchAnswer::NotSent("it was too late to send the launch".into());
        }
        let wave = execution
            .waves
            .get(fence.batch.wave)
            .map_or_else(String::new, |wave| wave.head.key.to_string());
        let request = StartRecovery {
            place,
            kind,
            servers,
            tags: [
                (TAG_EXECUTION.to_owned(), execution.head.id.to_string()),
                (TAG_WAVE.to_owned(), wave),
                (TAG_ATTEMPT.to_owned(), tag),
            ]
            .into(),
        };
        launch_answer(
            self.ports.drs.start_recovery(&request).await,
            &request.servers,
        )
    }

    async fn terminate(&self, place: &Place, instances: &[RecoveryInstanceId]) -> TerminateAnswer {
        match self.ports.drs.terminate(place, instances).await {
            Ok(job) => TerminateAnswer::Started(job),
            Err(error) if leaves_doubt(&error) => TerminateAnswer::Doubt(reason(&error)),
            Err(error) => match error.class {
                DrsErrorClass::Throttled | DrsErrorClass::Transient => {
                    TerminateAnswer::Later(reason(&error))
                }
                DrsErrorClass::QuotaExceeded
                | DrsErrorClass::JobTooLarge
                | DrsErrorClass::Conflict => TerminateAnswer::InParts(reason(&error)),
                DrsErrorClass::NotInitialised
                | DrsErrorClass::Denied
                | DrsErrorClass::NotRecognised
                | DrsErrorClass::Invalid => TerminateAnswer::Refused(reason(&error)),
            },
        }
    }

    /// The other execution may be gone from the table by now; then there is nobody to tell.
    async fn tell_replaced(
        &self,
        other: &ExecutionId,
        instances: Vec<RecoveryInstanceId>,
        by: &ExecutionId,
    ) -> Result<(), EngineError> {
        let event = Event::InstanceReplaced {
            instances,
            by: by.clone(),
        };
        match Box::pin(self.advance(other, event, EffectMode::Leave)).await {
            Ok(_) | Err(EngineError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn reason(error: &DrsError) -> Reason {
    error.text.trim_end_matches('.').into()
}

/// What an answer of DRS means for the attempt.
fn launch_answer(answer: Result<JobId, DrsError>, servers: &[SourceServerId]) -> LaunchAnswer {
    let error = match answer {
        Ok(job) => return LaunchAnswer::Started(job),
        Err(error) => error,
    };
    let text = reason(&error);
    match error.class {
        DrsErrorClass::Throttled => LaunchAnswer::Throttled(text),
        DrsErrorClass::Conflict => LaunchAnswer::Conflict {
            offender: offender(&error, servers),
            text,
        },
        DrsErrorClass::QuotaExceeded => LaunchAnswer::Quota(text),
        DrsErrorClass::JobTooLarge => LaunchAnswer::TooLarge(text),
        // No server is at fault when DRS is not there for any.
        DrsErrorClass::Denied | DrsErrorClass::NotRecognised | DrsErrorClass::NotInitialised => {
            LaunchAnswer::Denied(text)
        }
        DrsErrorClass::Invalid => LaunchAnswer::Invalid {
            offender: offender(&error, servers),
            text,
        },
        DrsErrorClass::Transient => LaunchAnswer::Doubt(text),
    }
}

/// The one server of the request that DRS names, in its resource or in its words.
fn offender(error: &DrsError, servers: &[SourceServerId]) -> Option<SourceServerId> {
    let named = |server: &&SourceServerId| {
        error
            .resource
            .as_deref()
            .is_some_and(|resource| resource.contains(server.as_str()))
            || error.text.contains(server.as_str())
    };
    let mut found = servers.iter().filter(named);
    match (found.next(), found.next()) {
        (Some(server), None) => Some(server.clone()),
        _ => None,
    }
}
