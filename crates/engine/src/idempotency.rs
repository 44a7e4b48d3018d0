//! Client tokens: the same call sent twice has one effect and one answer.

use std::future::Future;

use jiff::SignedDuration;

use crate::ports::StoreError;
use crate::ports::execution_store::{TokenClaim, TokenKey, TokenState};
use crate::{Engine, EngineError, RefusalCode};

/// How long a token is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// How often the answer of a call under way is asked for, and how long between.
const ASKS_MAX: u32 = 80;
const ASK_EVERY: SignedDuration = SignedDuration::from_millis(250);

/// A call that is to be made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The token with its caller and operation.
    pub key: TokenKey,
    /// The hash of the body.
    pub body_hash: String,
}

impl Engine {
    /// Makes a call once for its token, and gives its answer again to repetitions. A call that
    /// changed nothing, because it was refused or failed, gives its token back.
    pub async fn idempotent(
        &self,
        request: Option<TokenRequest>,
        call: impl Future<Output = Result<String, EngineError>> + Send,
    ) -> Result<String, EngineError> {
        let Some(request) = request else {
            return call.await;
        };
        for _ in 0..ASKS_MAX {
            let now = self.now();
            let claim = TokenClaim {
                key: request.key.clone(),
                body_hash: request.body_hash.clone(),
                now,
                expires_at: now + REMEMBERED,
                dead_at: self.owner_expiry(),
            };
            match self.ports.store.claim_token(&claim).await? {
                TokenState::Claimed => return self.answer(&request.key, call).await,
                TokenState::Answered(answer) => return Ok(answer),
                TokenState::OtherBody => {
                    return Err(EngineError::refused(
                        RefusalCode::ClientTokenReused,
                        "This client token was used with another body.",
                    ));
                }
                TokenState::InProgress => self.ports.clock.sleep(ASK_EVERY).await,
            }
        }
        Err(StoreError::Unavailable("the same call is still being made".to_owned()).into())
    }

    async fn answer(
        &self,
        key: &TokenKey,
        call: impl Future<Output = Result<String, EngineError>> + Send,
    ) -> Result<String, EngineError> {
        let store = &self.ports.store;
        let called = call.await;
        let noted = match &called {
            Ok(answer) => store.answer_token(key, answer).await,
            Err(_) => store.drop_token(key).await,
        };
        // What the call has done stands, whatever becomes of its token: that expires.
        if let Err(error) = noted {
            tracing::error!("what came of a call could not be noted at its token: {error}");
        }
        called
    }

    /// A secret of this deployment, the same for every instance of every function: 64
    /// hexadecimal digits.
    pub async fn secret(&self, name: &str) -> Result<String, EngineError> {
        let ids = &self.ports.ids;
        let fresh = format!("{}{}", ids.uuid(), ids.uuid()).replace('-', "");
        Ok(self.ports.store.secret(name, &fresh).await?)
    }
}
