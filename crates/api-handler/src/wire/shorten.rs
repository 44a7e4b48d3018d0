//! What the world says of an execution, cut to what an answer carries.

use domain::short::cut;

/// How much of an execution one answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Most bytes of the reason why a server did not launch, or an instance was not terminated.
    pub(crate) reason: usize,
    /// Most warnings of a server, and most bytes of each.
    pub(crate) warnings: usize,
    pub(crate) warning: usize,
    /// Most addresses of an instance.
    pub(crate) addresses: usize,
    /// Most bytes of a hostname.
    pub(crate) hostname: usize,
    /// Most bytes of a text about the whole, and most entries of a list about the whole.
    pub(crate) text: usize,
    pub(crate) entries: usize,
}

impl Room {
    /// From the widest to the narrowest. The narrowest still tells a code from a sentence: every
    /// warning that is a code has fewer than 24 letters.
    pub(crate) const STEPS: [Self; 6] = [
        Self::of((1_000, 10, 400), (16, 400), (4_000, 1_000)),
        Self::of((400, 5, 200), (8, 255), (2_000, 400)),
        Self::of((200, 3, 100), (8, 255), (1_000, 200)),
        Self::of((100, 2, 50), (4, 128), (500, 100)),
        Self::of((50, 1, 30), (1, 64), (200, 50)),
        Self::of((24, 1, 24), (0, 24), (100, 25)),
    ];

    const fn of(
        (reason, warnings, warning): (usize, usize, usize),
        (addresses, hostname): (usize, usize),
        (text, entries): (usize, usize),
    ) -> Self {
        Self {
            reason,
            warnings,
            warning,
            addresses,
            hostname,
            text,
            entries,
        }
    }
}

/// The same of a text that may be absent.
pub(crate) fn cut_some(text: &mut Option<String>, bytes_max: usize) {
    if let Some(text) = text {
        cut(text, bytes_max);
    }
}

/// Cuts every text of a list, and the list to its first `entries`.
pub(crate) fn cut_list(texts: &mut Vec<String>, entries: usize, bytes_max: usize) {
    texts.truncate(entries);
    for text in texts {
        cut(text, bytes_max);
    }
}
