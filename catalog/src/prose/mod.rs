//! Owns the facts that stand in Chinese description cells: enumerated values, defaults, limits, how
//! lists are joined, and the words of the type and 必选 columns.
//!
//! Every function takes the plain text of one cell: Markdown removed, `<br>` turned into `\n`. None
//! of them panics, and none takes longer than linear time.

mod cells;
mod chars;
mod choices;
mod default;
mod limits;
mod marks;
mod separator;
#[cfg(test)]
mod tests;

pub use cells::{RequiredWord, TypeWord, required_word, type_word};
pub use choices::{Choice, choices};
pub use default::default_value;
pub use limits::{Limits, limits};
pub use marks::{CountRule, aliases, count_rule, optional_mark, says_json_text, says_xml};
pub use separator::separator;
