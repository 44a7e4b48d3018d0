//! Pages of lists.

use engine::ports::Listing;
use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list. It can be short, or even empty, while there is a further one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    /// The items.
    items: Vec<T>,
    /// What to ask the next page with; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl<T> Page<T> {
    /// A page whose next position is sealed.
    pub(crate) fn of(listing: Listing<T>, seal: impl FnOnce(&str) -> String) -> Self {
        Self {
            items: listing.items,
            next_token: listing.next.as_deref().map(seal),
        }
    }
}
