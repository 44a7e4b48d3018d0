//! Client tokens and secrets.

use engine::ports::StoreError;
use engine::ports::execution_store::{TokenClaim, TokenKey, TokenState};

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::item::{
    Item, number, number_of, optional_text_of, text, text_of, time, time_to_live,
};
use crate::dynamodb::key::Key;
use crate::dynamodb::transaction::{Commit, Transaction};

/// An answer longer than this continues in further items.
const ANSWER_BYTES_PER_ITEM: usize = 90_000;

impl DynamoStore {
    pub(super) async fn claim(&self, request: &TokenClaim) -> Result<TokenState, StoreError> {
        let table = &self.tables.execution_history;
        let claim = Key::token(&request.key).with([
            ("bodyHash", text(&request.body_hash)),
            ("forgottenAt", time(request.expires_at)),
            ("deadAt", time(request.dead_at)),
            ("expiresAt", time_to_live(request.expires_at)),
        ]);
        // DynamoDB removes what has expired when it comes round to it, so expiry is read here.
        let free = Condition::new(
            "attribute_not_exists(#pk) OR #forgottenAt <= :now \
             OR (attribute_not_exists(#answer) AND #deadAt <= :now AND #bodyHash = :body)",
            [
                (":now", time(request.now)),
                (":body", text(&request.body_hash)),
            ],
        );
        let mut transaction = Transaction::default();
        transaction.put_if(table, claim, &free);
        let Commit::Refused(refused) = self.commit(transaction).await? else {
            return Ok(TokenState::Claimed);
        };
        let Some(known) = refused.into_values().next().flatten() else {
            return Ok(TokenState::InProgress);
        };
        if text_of(&known, "bodyHash")? != request.body_hash {
            return Ok(TokenState::OtherBody);
        }
        match optional_text_of(&known, "answer") {
            None => Ok(TokenState::InProgress),
            Some(first) => {
                let rest = self.rest_of_answer(&request.key, &known).await?;
                Ok(TokenState::Answered(format!("{first}{rest}")))
            }
        }
    }

    pub(super) async fn answer(&self, key: &TokenKey, answer: &str) -> Result<(), StoreError> {
        let table = &self.tables.execution_history;
        let Some(claim) = self.get(table, &Key::token(key)).await? else {
            // It has expired, and was removed: nobody can ask for the answer any more.
            return Ok(());
        };
        let expires_at = claim.get("expiresAt").cloned();
        let pieces = pieces(answer);
        let (first, rest) = pieces.split_first().unwrap_or((&"", &[]));
        for (index, piece) in rest.iter().enumerate() {
            let mut item = Key::token_answer(key, index + 1).with([("answer", text(*piece))]);
            if let Some(expires_at) = &expires_at {
                item.insert("expiresAt".to_owned(), expires_at.clone());
            }
            let mut transaction = Transaction::default();
            transaction.put(table, item);
            self.commit_or_stale(transaction).await?;
        }
        let change = Condition::new(
            "SET #answer = :answer, #pieces = :pieces",
            [(":answer", text(*first)), (":pieces", number(pieces.len()))],
        );
        let exists = Condition::new("attribute_exists(#pk)", []);
        let mut transaction = Transaction::default();
        transaction.update_if(table, &Key::token(key), &change, &exists);
        self.commit(transaction).await.map(|_| ())
    }

    async fn rest_of_answer(&self, key: &TokenKey, known: &Item) -> Result<String, StoreError> {
        let pieces: usize = number_of(known, "pieces")?;
        let table = &self.tables.execution_history;
        let mut rest = String::new();
        for piece in 1..pieces {
            let item = self.get(table, &Key::token_answer(key, piece)).await?;
            let item = item.ok_or_else(|| {
                StoreError::Corrupt("a part of a kept answer is missing".to_owned())
            })?;
            rest.push_str(text_of(&item, "answer")?);
        }
        Ok(rest)
    }

    /// An answered token stays: its call has changed something.
    pub(super) async fn drop_claim(&self, key: &TokenKey) -> Result<(), StoreError> {
        let table = &self.tables.execution_history;
        let unanswered = Condition::new("attribute_not_exists(#answer)", []);
        let mut transaction = Transaction::default();
        transaction.delete_if(table, &Key::token(key), &unanswered);
        self.commit(transaction).await.map(|_| ())
    }

    pub(super) async fn secret_or(&self, name: &str, fresh: &str) -> Result<String, StoreError> {
        let table = &self.tables.execution_history;
        let secret = Key::secret(name);
        if let Some(known) = self.get(table, &secret).await? {
            return Ok(text_of(&known, "value")?.to_owned());
        }
        let mut transaction = Transaction::default();
        let item = secret.with([("value", text(fresh))]);
        transaction.put_if(table, item, &Condition::absent());
        match self.commit(transaction).await? {
            Commit::Done => Ok(fresh.to_owned()),
            Commit::Refused(_) => {
                let known = self.get(table, &secret).await?;
                let known = known.ok_or(StoreError::Stale)?;
                Ok(text_of(&known, "value")?.to_owned())
            }
        }
    }
}

/// A text in pieces that fit an item each, cut between characters.
fn pieces(answer: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = answer;
    while !rest.is_empty() {
        let (piece, left) = rest.split_at(rest.floor_char_boundary(ANSWER_BYTES_PER_ITEM));
        pieces.push(piece);
        rest = left;
    }
    pieces
}
