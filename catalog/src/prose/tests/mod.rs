//! Owns the tests of what is read from descriptions.

mod choices;
mod facts;
mod type_word;
