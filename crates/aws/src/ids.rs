//! Identifiers that nobody can guess.

use engine::ports::Ids;

/// Random UUIDs.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the implementation of the port that everybody else asks"
    )]
    fn uuid(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}
