//! Owns the facts that stand in Chinese description cells: enumerated values, defaults, limits, how
//! lists are joined, and the words of the type and 必选 columns.
//!
//! Every function takes the plain text of one cell: Markdown removed, `<br>` turned into `\n`. None
//! of them panics, and none takes longer than linear time.

mod chars;
mod choices;
mod default_value;
mod limits;
mod phrases;
mod separator;
#[cfg(test)]
mod tests;
mod type_word;

pub use choices::{Choice, choices};
pub use default_value::default_value;
pub use limits::{Limits, limits};
pub use phrases::{CountRule, aliases, count_rule, optional_mark, says_json_text, says_xml};
pub use separator::separator;
pub use type_word::{RequiredWord, TypeWord, required_word, type_word};
