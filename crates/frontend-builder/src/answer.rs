//! The answer that `CloudFormation` waits for, and the one place that knows whether it is still owed.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::event::Addressee;

/// `CloudFormation` refuses answers over 4 KB; a reason of this length leaves room for the rest.
const LONGEST_REASON: usize = 1_500;

/// How the work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Done; the members can be read with `Fn::GetAtt`.
    Success(Map<String, Value>),
    /// Not done, and why.
    Failed(String),
}

impl Answer {
    /// The body that `CloudFormation` expects.
    pub fn body(&self, addressee: &Addressee) -> Value {
        let mut body = json!({
            "PhysicalResourceId": addressee.physical_resource_id,
            "StackId": addressee.stack_id,
            "RequestId": addressee.request_id,
            "LogicalResourceId": addressee.logical_resource_id,
        });
        match self {
            Self::Success(data) => {
                body["Status"] = "SUCCESS".into();
                body["Data"] = data.clone().into();
            }
            Self::Failed(reason) => {
                body["Status"] = "FAILED".into();
                body["Reason"] = reason
                    .chars()
                    .take(LONGEST_REASON)
                    .collect::<String>()
                    .into();
            }
        }
        body
    }
}

/// The answer that is owed. The work, the clock and the panic hook all may want to give it;
/// whoever settles first does, the others find nothing left to do.
#[derive(Debug, Clone, Default)]
pub struct Debt(Arc<Mutex<Option<Addressee>>>);

impl Debt {
    /// Notes that `addressee` waits.
    pub fn open(&self, addressee: Addressee) {
        *self.lock() = Some(addressee);
    }

    /// Takes the debt over, if nobody has.
    pub fn settle(&self) -> Option<Addressee> {
        self.lock().take()
    }

    /// A panic while the lock was held leaves the value whole: both uses are one assignment.
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Addressee>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
