//! Pages of lists: bounded in items by who asks, and in bytes by what a function may answer.

use std::future::Future;

use engine::ports::{Listing, PageRequest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::json_bytes;
use crate::problem::Problem;

/// Most bytes of the items of one page. A page ends early rather than have more.
pub(crate) const PAGE_BYTES_MAX: usize = 3_900_000;

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

/// Reads a page that fits an answer. Only the list itself knows where a shorter page ends, so
/// one that is too large is asked for again, with as many items as fit.
pub(crate) async fn fitting<T, R>(
    mut page: PageRequest,
    read: impl Fn(PageRequest) -> R,
) -> Result<Listing<T>, Problem>
where
    T: Serialize,
    R: Future<Output = Result<Listing<T>, Problem>>,
{
    loop {
        let listing = read(page.clone()).await?;
        let fit = count_that_fit(&listing.items);
        if fit >= listing.items.len() {
            return Ok(listing);
        }
        page.limit = fit;
    }
}

/// The beginning of what is left of a list, each item with its position: at most `limit` items,
/// and as many as fit.
pub(crate) fn beginning<T: Serialize>(rest: Vec<(String, T)>, limit: usize) -> Listing<T> {
    let found = rest.len();
    let (positions, mut items): (Vec<String>, Vec<T>) = rest.into_iter().unzip();
    items.truncate(limit);
    items.truncate(count_that_fit(&items));
    let last = items.len().checked_sub(1);
    let last = last.filter(|_| items.len() < found);
    Listing {
        next: last.and_then(|last| positions.into_iter().nth(last)),
        items,
    }
}

/// How many of the first items fit a page: one at least, so that every page goes on.
fn count_that_fit<T: Serialize>(items: &[T]) -> usize {
    let mut bytes = 0;
    let fitting = items.iter().take_while(|item| {
        bytes += json_bytes(*item) + 1;
        bytes <= PAGE_BYTES_MAX
    });
    fitting.count().max(1)
}
