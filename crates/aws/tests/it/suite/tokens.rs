//! Client tokens and secrets.

use engine::ports::Store;
use engine::ports::execution_store::{TokenClaim, TokenKey, TokenState};
use futures::future::join_all;
use jiff::SignedDuration;

use crate::samples::at;

fn key() -> TokenKey {
    TokenKey {
        caller: "user-1".to_owned(),
        operation: "POST /executions".to_owned(),
        token: "my token".to_owned(),
    }
}

/// A claim made so many seconds after the first.
fn claim(seconds: i64, body: &str) -> TokenClaim {
    let now = at(seconds);
    TokenClaim {
        key: key(),
        body_hash: body.to_owned(),
        now,
        expires_at: now + SignedDuration::from_hours(24),
        dead_at: now + SignedDuration::from_secs(120),
    }
}

async fn state(store: &dyn Store, seconds: i64, body: &str) -> TokenState {
    store.claim_token(&claim(seconds, body)).await.unwrap()
}

pub(crate) async fn one_of_ten_claims_makes_the_call(store: &dyn Store) {
    let wish = claim(0, "body");
    let states = join_all((0..10).map(|_| store.claim_token(&wish))).await;
    let count = |state: &TokenState| {
        states
            .iter()
            .filter(|other| **other == Ok(state.clone()))
            .count()
    };
    let claimed = count(&TokenState::Claimed);
    let waiting = count(&TokenState::InProgress);
    assert_eq!((claimed, waiting), (1, 9), "{states:?}");
    let other = TokenClaim {
        key: TokenKey {
            caller: "user-2".to_owned(),
            ..key()
        },
        ..wish
    };
    assert_eq!(store.claim_token(&other).await, Ok(TokenState::Claimed));
}

pub(crate) async fn an_answer_is_given_again(store: &dyn Store) {
    state(store, 0, "body").await;
    store
        .answer_token(&key(), r#"{"executionId":"1"}"#)
        .await
        .unwrap();
    let answered = TokenState::Answered(r#"{"executionId":"1"}"#.to_owned());
    assert_eq!(state(store, 1, "body").await, answered);
    assert_eq!(state(store, 86_399, "body").await, answered);
    store.drop_token(&key()).await.unwrap();
    assert_eq!(
        state(store, 2, "body").await,
        answered,
        "what was answered stays"
    );
}

pub(crate) async fn another_body_is_told_apart(store: &dyn Store) {
    state(store, 0, "body").await;
    assert_eq!(state(store, 1, "other").await, TokenState::OtherBody);
    store.answer_token(&key(), "{}").await.unwrap();
    assert_eq!(state(store, 2, "other").await, TokenState::OtherBody);
}

pub(crate) async fn a_token_is_forgotten_when_it_expires(store: &dyn Store) {
    state(store, 0, "body").await;
    store.answer_token(&key(), "{}").await.unwrap();
    assert_eq!(state(store, 86_400, "other").await, TokenState::Claimed);
    assert_eq!(state(store, 86_401, "other").await, TokenState::InProgress);
}

pub(crate) async fn a_dead_claim_is_taken_over_by_the_same_body_only(store: &dyn Store) {
    state(store, 0, "body").await;
    assert_eq!(state(store, 119, "body").await, TokenState::InProgress);
    assert_eq!(state(store, 120, "other").await, TokenState::OtherBody);
    assert_eq!(state(store, 120, "body").await, TokenState::Claimed);
    assert_eq!(state(store, 121, "body").await, TokenState::InProgress);
}

pub(crate) async fn a_token_that_is_given_back_is_free(store: &dyn Store) {
    state(store, 0, "body").await;
    store.drop_token(&key()).await.unwrap();
    assert_eq!(state(store, 1, "other").await, TokenState::Claimed);
}

pub(crate) async fn a_long_answer_is_kept_whole(store: &dyn Store) {
    state(store, 0, "body").await;
    let answer = "Größe ".repeat(70_000);
    store.answer_token(&key(), &answer).await.unwrap();
    assert_eq!(state(store, 1, "body").await, TokenState::Answered(answer));
}

pub(crate) async fn a_secret_stays_what_it_was_first(store: &dyn Store) {
    let fresh: Vec<String> = (0..6).map(|index| format!("secret-{index}")).collect();
    let asked = fresh.iter().map(|fresh| store.secret("cursor-key", fresh));
    let answers = join_all(asked).await;
    let first = answers[0].clone().unwrap();
    assert!(fresh.contains(&first));
    assert!(answers.iter().all(|answer| *answer == Ok(first.clone())));
    let other = store.secret("other", "another").await;
    assert_eq!(other, Ok("another".to_owned()));
}
