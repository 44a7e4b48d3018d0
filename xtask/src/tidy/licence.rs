//! Licence expressions (SPDX), judged against the licences that this product may carry.

/// Licences that ask for no more than their text and a notice.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether the expression can be satisfied by allowed licences alone. What cannot be read is not.
pub fn is_allowed(expression: &str) -> bool {
    // `/` is how crates wrote `OR` before SPDX expressions.
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        at: 0,
    };
    let allowed = reader.any_of();
    reader.at == words.len() && allowed == Some(true)
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Reader<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is);
        is
    }

    fn any_of(&mut self) -> Option<bool> {
        let mut allowed = self.all_of()?;
        while self.next_is("OR") {
            allowed |= self.all_of()?;
        }
        Some(allowed)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut allowed = self.one()?;
        while self.next_is("AND") {
            allowed &= self.one()?;
        }
        Some(allowed)
    }

    fn one(&mut self) -> Option<bool> {
        if self.next_is("(") {
            let inner = self.any_of()?;
            return self.next_is(")").then_some(inner);
        }
        let name = *self.words.get(self.at)?;
        self.at += 1;
        if !self.next_is("WITH") {
            return Some(ALLOWED.contains(&name));
        }
        let exception = self.words.get(self.at)?;
        self.at += 1;
        Some(ALLOWED.contains(&format!("{name} WITH {exception}").as_str()))
    }
}
