//! Whatever happens to the work, `CloudFormation` gets exactly one answer: when the work ends,
//! when it panics, and when the time of the invocation runs out. A stack whose resource
//! does not answer hangs for an hour.

use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;
use tracing::error;

use crate::answer::{Answer, Debt};
use crate::custom_resource::CustomResource;
use crate::event::{Addressee, Malformed};
use crate::ports::{Answers, WorldFailure};

/// What is kept of the invocation's time for delivering the answer, with its repetitions.
pub const TIME_TO_ANSWER: Duration = Duration::from_secs(20);

/// The invocation failed as such. Lambda invokes again, which can help in the second case only.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The event does not say whom to answer.
    #[error("There is nobody to answer: {0}")]
    NobodyToAnswer(#[from] Malformed),
    /// The answer could not be delivered.
    #[error(transparent)]
    Undelivered(#[from] WorldFailure),
}

/// Serves one event within `remaining`, the time that is left of the invocation.
pub async fn serve(
    resource: CustomResource,
    answers: &dyn Answers,
    debt: &Debt,
    event: Value,
    remaining: Duration,
) -> Result<(), Unanswered> {
    debt.open(Addressee::from_event(&event)?);
    let mut work = tokio::spawn(resource.perform(event));
    let answer = match timeout(working_time(remaining), &mut work).await {
        Ok(Ok(Ok(data))) => Answer::Success(data),
        Ok(Ok(Err(failure))) => Answer::Failed(failure.to_string()),
        Ok(Err(_)) => panicked(),
        Err(_) => {
            work.abort();
            Answer::Failed("The time of the function ran out before the work was done.".to_owned())
        }
    };
    let Some(addressee) = debt.settle() else {
        return Ok(());
    };
    if let Answer::Failed(reason) = &answer {
        error!(stack.id = addressee.stack_id, reason, "the work failed");
    }
    Ok(answers.send(&addressee, &answer).await?)
}

/// Makes a panic give the answer that is still owed, before the process unwinds or ends: the
/// release build ends at once, and no code after the panic runs. `connect` makes a fresh way
/// to answer, because the one in use belongs to the runtime that has just lost its footing.
pub fn answer_on_panic(debt: Debt, connect: fn() -> Arc<dyn Answers>) {
    std::panic::set_hook(Box::new(move |panic| {
        log_panic(panic);
        if let Some(addressee) = debt.settle() {
            let delivery = std::thread::spawn(move || deliver(&addressee, connect().as_ref()));
            if delivery.join().is_err() {
                error!("the thread that answers for a panic panicked itself");
            }
        }
    }));
}

/// All but the answer's share, and at least half of what is left.
fn working_time(remaining: Duration) -> Duration {
    remaining.saturating_sub(TIME_TO_ANSWER).max(remaining / 2)
}

fn panicked() -> Answer {
    Answer::Failed("The function ended by a defect of its own; its log says where.".to_owned())
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    // The message of a panic may repeat what was worked on.
    let place = panic.location().map(ToString::to_string);
    error!(panic.place = place, "panicked");
}

fn deliver(addressee: &Addressee, answers: &dyn Answers) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            if let Err(failure) = runtime.block_on(answers.send(addressee, &panicked())) {
                error!(reason = failure.to_string(), "the panic is not answered");
            }
        }
        Err(reason) => error!(
            reason = reason.to_string(),
            "no runtime to answer for the panic"
        ),
    }
}
