//! Query parameters. The guard has refused unknown and repeated ones; here they are parsed.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use domain::usable_region::usable_region;
use domain::{AccountId, Fault, FaultCode, Place, Region};
use engine::ports::PageRequest;

use crate::api::Api;
use crate::cursor;
use crate::problem::Problem;

/// How many items a page of a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageSize {
    /// Where nobody says how many.
    default: usize,
    /// At most.
    max: usize,
}

impl PageSize {
    /// At most how many items.
    pub(crate) const fn max(self) -> usize {
        self.max
    }

    /// Of what is kept in tables.
    pub(crate) const USUAL: Self = Self {
        default: 50,
        max: 100,
    };
    /// Of servers and of other small things that come by the thousand. Where nobody says how
    /// many, a page ends with what an answer carries.
    pub(crate) const LARGE: Self = Self {
        default: 10_000,
        max: 1_000,
    };
}

/// The parameters of a request, with the faults found in them so far.
#[derive(Debug)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

impl Parameters {
    /// A parameter that may be left out.
    pub(crate) fn optional<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let parsed = self.values.get(name)?.parse::<T>();
        parsed
            .map_err(|error| {
                let fault = Fault::new(name, FaultCode::InvalidFormat, error.to_string());
                self.faults.push(fault);
            })
            .ok()
    }

    /// A parameter that must be given.
    pub(crate) fn required<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        if !self.values.contains_key(name) {
            let message = "this parameter is required";
            self.faults
                .push(Fault::new(name, FaultCode::Required, message));
        }
        self.optional(name)
    }

    /// What `build` makes of the parameters, or all their faults.
    pub(crate) fn settle<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Problem> {
        Problem::unless_faultless("INVALID_REQUEST", &self.faults)?;
        build().ok_or_else(|| Problem::internal("a parameter is missing without a fault"))
    }

    /// `region` and `accountId`; left out, the account is the deploying one.
    pub(crate) fn place(&mut self, deploying_account: &AccountId) -> Option<Place> {
        let region = self.region();
        let account = match self.optional("accountId") {
            None => deploying_account.clone(),
            Some(account) => account,
        };
        Some(Place {
            account,
            region: region?,
        })
    }

    /// `region`, where DRS can be asked.
    fn region(&mut self) -> Option<Region> {
        let region: Region = self.required("region")?;
        usable_region("region", region.as_str())
            .map_err(|fault| self.faults.push(fault))
            .ok()
    }

    /// Notes what is wrong with a parameter besides its form.
    pub(crate) fn note(&mut self, name: &'static str, code: FaultCode, message: impl Into<String>) {
        self.faults.push(Fault::new(name, code, message));
    }

    /// How many items a page has.
    fn results_max(&mut self, size: PageSize) -> usize {
        let Some(given) = self.values.get("maxResults") else {
            return size.default;
        };
        // A number as people write it: `+5` is read by Rust alone.
        let digits = Some(given).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        match digits.map_or("", String::as_str).parse() {
            Ok(wanted) if (1..=size.max).contains(&wanted) => wanted,
            parsed => {
                let code = match parsed {
                    Ok(_) => FaultCode::OutOfRange,
                    Err(_) => FaultCode::InvalidFormat,
                };
                let message = format!("a number from 1 to {}", size.max);
                self.note("maxResults", code, message);
                size.default
            }
        }
    }

    /// The page that is asked for, of the list that `list` describes with its filters.
    pub(crate) async fn page(
        mut self,
        api: &Api,
        list: &str,
        size: PageSize,
    ) -> Result<PageRequest, Problem> {
        let limit = self.results_max(size);
        let token = self.values.remove("nextToken");
        self.settle(|| Some(()))?;
        let after = match token {
            None => None,
            Some(token) => Some(cursor::open(api.cursor_key().await?, list, &token)?),
        };
        Ok(PageRequest { limit, after })
    }
}

impl FromRequestParts<Api> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let given = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::bad_request("INVALID_REQUEST", "The query cannot be read."))?;
        Ok(Self {
            values: given.0,
            faults: Vec::new(),
        })
    }
}
