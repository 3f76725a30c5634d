//! Owns the tests of what is read from descriptions.

mod cells;
mod choices;
mod facts;
