//! JSON with places to be filled, as the generator writes it where a declaration says what a request holds.

use super::error::Error;
use crate::runtime::codec::json::{Json, plain, push_text};

/// JSON with places to be filled.
#[derive(Clone, Copy, Debug)]
pub struct Template(pub &'static [Part]);

/// A part of a [`Template`].
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// What is always the same.
    Json(&'static str),
    /// The value of this name.
    Value(&'static str),
    /// The same, written as a text.
    Text(&'static str),
}

impl Template {
    /// The JSON with these values.
    ///
    /// # Errors
    ///
    /// If one is missing.
    pub fn filled(&self, values: &[(&str, &Json)]) -> Result<Json, Error> {
        let mut text = String::new();
        let value = |name: &str| match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(value.as_str()),
            None => Err(Error::misuse(format!("nothing to fill `{{{name}}}` with"))),
        };
        for part in self.0 {
            match part {
                Part::Json(json) => text.push_str(json),
                Part::Value(name) => text.push_str(value(name)?),
                Part::Text(name) => push_text(&mut text, &plain(value(name)?)),
            }
        }
        text.parse()
            .map_err(|_| Error::misuse("a template is no JSON once it is filled"))
    }
}

#[cfg(all(feature = "media", feature = "poll"))]
impl Template {
    /// Whether there is a place for this value.
    pub(crate) fn wants(&self, name: &str) -> bool {
        let mut parts = self.0.iter();
        parts.any(|part| matches!(part, Part::Value(place) | Part::Text(place) if *place == name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Template};
    use crate::runtime::Json;

    #[test]
    fn places_are_filled_as_they_are_or_as_texts() {
        let template = Template(&[
            Part::Json("{\"a\":"),
            Part::Value("n"),
            Part::Json(",\"b\":["),
            Part::Text("n"),
            Part::Json(","),
            Part::Text("t"),
            Part::Json("]}"),
        ]);
        let (n, t) = (Json::from(7), Json::from("\"好\"\n"));
        let filled = template.filled(&[("t", &t), ("n", &n)]).unwrap();
        assert_eq!(filled.as_str(), r#"{"a":7,"b":["7","\"好\"\n"]}"#);
        let missing = template.filled(&[("t", &t)]).unwrap_err();
        assert!(missing.to_string().contains("`{n}`"), "{missing}");
    }
}
