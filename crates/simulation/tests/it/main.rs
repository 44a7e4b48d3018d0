//! Seeds: no story may break a law. And rules of the engine, each in a story of its own.

mod rules;
mod seeds;
