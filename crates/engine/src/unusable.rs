//! A Region where DRS cannot be asked is a fault of whoever named it.

use domain::usable_region::unrecognised_in;
use domain::{Fault, FaultCode, Place};

use crate::ports::{DrsError, DrsErrorClass};
use crate::{EngineError, InvalidCode};

/// What a use case says where somebody named a place that does not recognise this account; any
/// other error is DRS's.
pub(crate) fn unusable(place: &Place, code: InvalidCode, error: DrsError) -> EngineError {
    if error.class != DrsErrorClass::NotRecognised {
        return error.into();
    }
    let message = unrecognised_in(&place.region);
    EngineError::Invalid {
        code,
        faults: vec![Fault::new("region", FaultCode::RegionNotEnabled, message)],
    }
}
