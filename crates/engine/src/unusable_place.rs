//! A place where DRS cannot be asked is a fault of whoever named it.

use domain::usable_region::unrecognised_in;
use domain::{AccountId, Fault, FaultCode, Place};

use crate::ports::{DrsError, DrsErrorClass};
use crate::{Engine, EngineError, InvalidCode};

/// What a use case says where somebody named a place that does not recognise this account; any
/// other error is DRS's.
pub(crate) fn unusable(place: &Place, code: InvalidCode, error: DrsError) -> EngineError {
    if error.class != DrsErrorClass::NotRecognised {
        return error.into();
    }
    let (fault, message) = unrecognised_in(&place.region);
    EngineError::Invalid {
        code,
        faults: vec![Fault::new("region", fault, message)],
    }
}

impl Engine {
    /// Refuses an account that this deployment does not serve, before anybody asks there for a
    /// right that nobody here could give.
    pub(crate) fn check_account(&self, account: &AccountId) -> Result<(), EngineError> {
        if *account == self.settings.deploying_account {
            return Ok(());
        }
        let message = format!("account {account} is not one that this deployment serves");
        Err(EngineError::Invalid {
            code: InvalidCode::UnknownAccount,
            faults: vec![Fault::new("accountId", FaultCode::UnknownAccount, message)],
        })
    }
}
