//! Seeds: no story may break a law.

mod seeds;
