//! Owns the words of the column 位置: where a parameter stands in a request.

use crate::model::Place;

/// Where a cell says that a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceWord {
    /// In the body, wherever its layout puts it.
    Body,
    /// Outside of it.
    Outside(Place),
}

const QUERY: &[&str] = &[
    "query",
    "querystring",
    "查询",
    "查询字符串",
    "url",
    "地址栏",
];
const PATH: &[&str] = &["path", "路径", "url路径"];
const HEADER: &[&str] = &["header", "headers", "请求头", "头", "头部"];
const BODY: &[&str] = &[
    "body",
    "请求体",
    "正文",
    "请求正文",
    "json",
    "form",
    "formdata",
    "表单",
];
/// What may follow any of them: `查询参数`.
const SUFFIXES: [&str; 3] = ["参数", "parameter", "param"];

/// The meaning of a cell of the column; `None` if the word is not known.
pub(crate) fn place_word(cell: &str) -> Option<PlaceWord> {
    let letters = cell.chars().filter(|c| c.is_alphanumeric());
    let word: String = letters.flat_map(char::to_lowercase).collect();
    let bare = SUFFIXES.iter().find_map(|suffix| word.strip_suffix(suffix));
    let bare = bare.unwrap_or(&word);
    let is = |words: &[&str]| words.contains(&bare);
    Some(match () {
        () if is(QUERY) => PlaceWord::Outside(Place::Query),
        () if is(PATH) => PlaceWord::Outside(Place::Path),
        () if is(HEADER) => PlaceWord::Outside(Place::Header),
        () if is(BODY) => PlaceWord::Body,
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words_are_known() {
        for (cell, place) in [
            ("query", Place::Query),
            ("`Query`", Place::Query),
            ("查询参数", Place::Query),
            ("URL 参数", Place::Query),
            ("路径参数", Place::Path),
            ("请求头", Place::Header),
        ] {
            assert_eq!(place_word(cell), Some(PlaceWord::Outside(place)), "{cell}");
        }
        for cell in ["body", "请求体", "form-data", "JSON 参数"] {
            assert_eq!(place_word(cell), Some(PlaceWord::Body), "{cell}");
        }
        for cell in ["", "参数", "cookie", "qurey"] {
            assert_eq!(place_word(cell), None, "{cell}");
        }
    }
}
