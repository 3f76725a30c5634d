//! Owns the facts that stand in Chinese description cells: enumerated values, defaults, limits, how
//! lists are joined, and the words of the type and 必选 columns.
//!
//! In: a cell such as `性别，1：男 2：女，默认1`. Out: facts of the model, here two values and the default `1`.
//! Every function takes the plain text of one cell: Markdown removed, `<br>` turned into `\n`. None
//! of them panics, and none takes longer than linear time.

mod chars;
mod choices;
mod default_value;
mod limits;
mod phrases;
mod place_word;
mod separator;
#[cfg(test)]
mod tests;
mod type_word;

pub(crate) use choices::choices;
pub(crate) use default_value::default_value;
pub(crate) use limits::{limits, pace_ms};
pub(crate) use phrases::{aliases, count_rule, optional_mark, says_json_text, says_null, says_xml};
pub(crate) use place_word::{PlaceWord, place_word};
pub(crate) use separator::separator;
pub(crate) use type_word::{
    RequiredWord, TypeCell, TypeWord, TypedMember, required_word, type_cell, type_word,
};
