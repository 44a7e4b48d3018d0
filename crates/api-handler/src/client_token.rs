//! Client tokens: a repeated call gets the answer of the first and has no effect of its own.

use std::future::Future;

use engine::EngineError;
use engine::idempotency::TokenRequest;
use engine::ports::execution_store::TokenKey;

use crate::answer::Answer;
use crate::body::Body;
use crate::call::Call;
use crate::execution_answer::commanded;
use crate::problem::Problem;

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
    let kept = call.engine().idempotent(request, work).await?;
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
