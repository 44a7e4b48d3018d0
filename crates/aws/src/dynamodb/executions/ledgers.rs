//! Who launches next, place by place, under a version of its own.

use domain::Place;
use domain::execution::decision::LedgerChange;
use domain::execution::event::LedgerPage;
use engine::ports::StoreError;

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, decode, encode};
use crate::dynamodb::item::{number, number_of, text};
use crate::dynamodb::key::Key;
use crate::dynamodb::transaction::{Commit, Transaction};

impl DynamoStore {
    pub(super) async fn ledger_of(&self, place: &Place) -> Result<LedgerPage, StoreError> {
        let table = &self.tables.execution_history;
        match self.get(table, &Key::ledger(place)).await? {
            None => Ok(LedgerPage::default()),
            Some(item) => Ok(LedgerPage {
                version: number_of(&item, "version")?,
                ledger: decode(&item)?,
            }),
        }
    }

    pub(super) async fn put_ledger_alone(&self, change: &LedgerChange) -> Result<(), StoreError> {
        let mut transaction = Transaction::default();
        self.put_ledger(&mut transaction, change)?;
        match self.commit(transaction).await? {
            Commit::Done => Ok(()),
            Commit::Refused(_) => Err(StoreError::StaleLedger),
        }
    }

    pub(super) fn put_ledger(
        &self,
        transaction: &mut Transaction,
        change: &LedgerChange,
    ) -> Result<(), StoreError> {
        let item = Key::ledger(&change.place).with([
            ("version", number(change.read + 1)),
            (DOCUMENT, text(encode(&change.ledger)?)),
        ]);
        let stands = if change.read == 0 {
            Condition::absent()
        } else {
            Condition::new("#version = :read", [(":read", number(change.read))])
        };
        transaction.put_if(&self.tables.execution_history, item, &stands);
        Ok(())
    }
}
