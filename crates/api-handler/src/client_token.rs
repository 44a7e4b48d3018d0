//! Client tokens: a repeated call gets the answer of the first and has no effect of its own.

use std::future::Future;

use domain::{Fault, FaultCode};
use engine::EngineError;
use engine::once::TokenRequest;
use engine::ports::execution_store::TokenKey;

use crate::answer::Answer;
use crate::body::Body;
use crate::call::Call;
use crate::handlers::executions::commanded;
use crate::problem::Problem;

/// Longest client token, in characters.
const LENGTH_MAX: usize = 64;

/// Does the work once for the token, where there is one.
pub(crate) async fn once<T>(
    call: &Call,
    body: &Body<T>,
    token: Option<&str>,
    work: impl Future<Output = Result<Answer, EngineError>> + Send,
) -> Result<Answer, Problem> {
    let request = token.map(|token| TokenRequest {
        key: TokenKey {
            caller: call.caller.id().to_owned(),
            operation: call.operation.clone(),
            token: token.to_owned(),
        },
        body_hash: body.digest(),
    });
    let mut made = None;
    let work = async {
        let answer = work.await?;
        let text = answer.to_text();
        made = Some(answer);
        Ok(text)
    };
    let kept = call.engine().once(request, work).await?;
    match made {
        Some(answer) => Ok(answer),
        None => again(call, &kept).await,
    }
}

/// The answer that was kept. An execution that was too large to be kept is shown as it stands.
async fn again(call: &Call, kept: &str) -> Result<Answer, Problem> {
    let kept = Answer::from_text(kept)?;
    match kept.to_be_shown_anew() {
        None => Ok(kept),
        Some(id) => Ok(commanded(call, call.engine().execution(id).await?)),
    }
}

/// Notes what is wrong with a client token.
pub(crate) fn check(token: Option<&str>, faults: &mut Vec<Fault>) {
    let Some(token) = token else { return };
    let path = "clientToken";
    if token.is_empty() {
        let message = "a client token has at least one character";
        faults.push(Fault::new(path, FaultCode::Required, message));
    } else if token.chars().count() > LENGTH_MAX {
        let message = format!("at most {LENGTH_MAX} characters");
        faults.push(Fault::new(path, FaultCode::TooLong, message));
    }
}
