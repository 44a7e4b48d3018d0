//! Client tokens and secrets.

use std::collections::BTreeMap;

use jiff::Timestamp;

use engine::ports::execution_store::{TokenClaim, TokenKey, TokenState};

#[derive(Debug, Default)]
pub(super) struct Tokens {
    claims: BTreeMap<TokenKey, Claim>,
    secrets: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Claim {
    body_hash: String,
    expires_at: Timestamp,
    dead_at: Timestamp,
    answer: Option<String>,
}

impl Tokens {
    pub(super) fn claim(&mut self, request: &TokenClaim) -> TokenState {
        if let Some(known) = self.claims.get(&request.key)
            && known.expires_at > request.now
        {
            if known.body_hash != request.body_hash {
                return TokenState::OtherBody;
            }
            if let Some(answer) = &known.answer {
                return TokenState::Answered(answer.clone());
            }
            if known.dead_at > request.now {
                return TokenState::InProgress;
            }
        }
        let claim = Claim {
            body_hash: request.body_hash.clone(),
            expires_at: request.expires_at,
            dead_at: request.dead_at,
            answer: None,
        };
        self.claims.insert(request.key.clone(), claim);
        TokenState::Claimed
    }

    pub(super) fn answer(&mut self, key: &TokenKey, answer: &str) {
        if let Some(claim) = self.claims.get_mut(key) {
            claim.answer = Some(answer.to_owned());
        }
    }

    /// An answered token stays: its call has changed something.
    pub(super) fn drop_claim(&mut self, key: &TokenKey) {
        if self
            .claims
            .get(key)
            .is_some_and(|claim| claim.answer.is_none())
        {
            self.claims.remove(key);
        }
    }

    pub(super) fn secret(&mut self, name: &str, fresh: &str) -> String {
        self.secrets
            .entry(name.to_owned())
            .or_insert_with(|| fresh.to_owned())
            .clone()
    }
}
