//! The reading side: walks checked JSON, fills slots, and notes what did not fit.

use super::issue::Issue;
use super::json::Json;
use super::json::{Kind, Reader, check, number, push_text};
use super::scalar::ScalarKind;
use std::borrow::Cow;

/// A place that a decoded value goes to; what does not fit leaves it as it was and becomes an issue.
pub trait Slot {
    /// Reads exactly one value from the input.
    fn fill(&mut self, input: &mut Input<'_>);
}

/// How many objects may stand in one another, also where one is a text in another: a value of a type that holds itself
/// cannot exhaust the stack.
const DEEPEST: usize = 128;

/// A value being decoded, and the issues found so far.
pub struct Input<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) issues: Vec<Issue>,
    /// Texts that stand for nothing, besides the usual ones.
    nothing: &'static [&'static str],
    /// Objects around what comes next.
    depth: usize,
}

impl<'a> Input<'a> {
    /// Starts before the value in `text`, which has been checked.
    pub(crate) fn new(text: &'a str) -> Self {
        Self::without(text, &[])
    }

    /// Starts before a value in which these texts stand for nothing, as the usual ones do.
    pub(crate) fn without(text: &'a str, nothing: &'static [&'static str]) -> Self {
        Self {
            reader: Reader::new(text),
            issues: Vec::new(),
            nothing,
            depth: 0,
        }
    }

    /// Starts before a value that a text in this one holds.
    fn inside<'t>(&self, text: &'t str) -> Input<'t> {
        Input {
            depth: self.depth,
            ..Input::without(text, self.nothing)
        }
    }

    /// What did not fit.
    pub(crate) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    /// The value as it came; stays before it.
    pub fn whole(&self) -> Json {
        Json::checked(self.reader.peek_raw())
    }

    /// Moves past a value and returns its text, or that of the object that a text in its place holds; `None` if it is
    /// empty.
    pub(crate) fn object_text(&mut self) -> Option<Cow<'a, str>> {
        if self.empty() {
            return None;
        }
        let inside = self.json_inside('{');
        let raw = self.reader.raw();
        Some(inside.map_or(Cow::Borrowed(raw), Cow::Owned))
    }

    /// Notes what did not fit in a value that was read elsewhere.
    pub(crate) fn note(&mut self, issues: Vec<Issue>) {
        self.issues.extend(issues);
    }

    /// Moves past a value.
    pub fn skip(&mut self) {
        self.reader.raw();
    }

    /// Reads an object into these slots by name; false if it is empty or something else.
    pub fn object(&mut self, slots: &mut [(&'static str, &mut dyn Slot)]) -> bool {
        self.object_with(slots, &[])
    }

    /// Reads an object some of whose members have several spellings: `aliases` holds pairs of another spelling and
    /// the name of its slot. Where an answer has both, an empty one takes nothing away from the other.
    pub fn object_with(
        &mut self,
        slots: &mut [(&'static str, &mut dyn Slot)],
        aliases: &[(&'static str, &'static str)],
    ) -> bool {
        if self.reader.kind() != Kind::Object {
            self.misfit("an object");
            return false;
        }
        if self.depth == DEEPEST {
            let issue = Issue::new("an object less deep in others", "an object");
            self.issues.push(issue);
            self.skip();
            return false;
        }
        self.depth += 1;
        let mut expected = 0;
        let mut more = self.reader.enter();
        while more {
            let name = self.reader.name();
            // Members mostly come in the documented order, so the search starts after the last one found.
            let (before, after) = slots.split_at(expected);
            let found = after
                .iter()
                .position(|slot| slot.0 == name)
                .map(|at| at + expected);
            let found = found
                .or_else(|| before.iter().position(|slot| slot.0 == name))
                .or_else(|| {
                    let (_, meant) = aliases.iter().find(|(alias, _)| *alias == name)?;
                    slots.iter().position(|slot| slot.0 == *meant)
                });
            match found {
                Some(_) if !aliases.is_empty() && self.empty() => {}
                Some(at) => {
                    let (name, slot) = &mut slots[at];
                    self.within(name, &mut |input| slot.fill(input));
                    expected = at + 1;
                }
                None => self.skip(),
            }
            more = self.reader.more();
        }
        self.depth -= 1;
        true
    }

    /// Reads the elements of an array, of one that is written as a text too; a lone value counts as one element, an
    /// empty one as none.
    pub(crate) fn list(&mut self, element: &mut dyn FnMut(&mut Input<'_>)) {
        if self.reader.kind() != Kind::Array {
            match self.json_inside('[') {
                Some(json) => {
                    let mut inner = self.inside(&json);
                    inner.list(element);
                    self.issues.append(&mut inner.issues);
                    self.skip();
                }
                None if self.empty() => {}
                None => element(self),
            }
            return;
        }
        let mut more = self.reader.enter();
        let mut index = 0_usize;
        while more {
            let known = self.issues.len();
            element(self);
            if self.issues.len() > known {
                self.blame(known, &format!("[{index}]"));
            }
            index += 1;
            more = self.reader.more();
        }
    }

    /// Reads a scalar, whatever it is written as; `None` if it is empty or no scalar.
    pub(crate) fn scalar(&mut self, expected: &'static str) -> Option<(ScalarKind, Cow<'a, str>)> {
        match self.reader.kind() {
            Kind::Text => {
                let text = self.reader.text();
                if text.is_empty() || text == "null" || self.nothing.contains(&&*text) {
                    None
                } else {
                    Some((ScalarKind::Text, text))
                }
            }
            Kind::Number => Some((ScalarKind::Number, number(self.reader.raw()))),
            Kind::Bool => Some((ScalarKind::Bool, Cow::Borrowed(self.reader.raw()))),
            Kind::Null | Kind::Array | Kind::Object => {
                self.misfit(expected);
                None
            }
        }
    }

    /// Reads a scalar that `parse` understands.
    pub(crate) fn parsed<T>(
        &mut self,
        expected: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = self.found();
        let (_, text) = self.scalar(expected)?;
        let value = parse(text.trim());
        if value.is_none() {
            self.issues.push(Issue::new(expected, found));
        }
        value
    }

    /// Keeps a value as it is; `None` if it is empty.
    pub(crate) fn any(&mut self) -> Option<Json> {
        if self.empty() {
            None
        } else {
            Some(Json::checked(self.reader.raw()))
        }
    }

    /// Reads a list that is written as one text; a real array is read as well.
    pub(crate) fn joined(&mut self, separator: &str, slot: &mut dyn Slot) {
        if self.reader.kind() != Kind::Text {
            return slot.fill(self);
        }
        let text = self.reader.text();
        let mut array = String::from("[");
        for piece in text
            .split(separator)
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
        {
            if array.len() > 1 {
                array.push(',');
            }
            push_text(&mut array, piece);
        }
        array.push(']');
        self.nested(&array, slot);
    }

    /// Reads JSON inside a text; the value itself is read as well.
    pub(crate) fn json_text(&mut self, slot: &mut dyn Slot) {
        if self.reader.kind() != Kind::Text || self.empty() {
            return slot.fill(self);
        }
        let text = self.reader.text();
        match check(&text) {
            Ok(json) => self.nested(json, slot),
            Err(_) => self.issues.push(Issue::new("JSON in a text", "a text")),
        }
    }

    /// The JSON that a text holds, if it begins like this; stays before the text.
    fn json_inside(&self, begins: char) -> Option<String> {
        if self.reader.kind() != Kind::Text {
            return None;
        }
        let text = Reader::new(self.reader.peek_raw()).text();
        let json = check(&text).ok().filter(|json| json.starts_with(begins))?;
        Some(json.to_owned())
    }

    pub(super) fn nested(&mut self, json: &str, slot: &mut dyn Slot) {
        let mut inner = self.inside(json);
        slot.fill(&mut inner);
        self.issues.append(&mut inner.issues);
    }

    fn within(&mut self, step: &str, read: &mut dyn FnMut(&mut Self)) {
        let known = self.issues.len();
        read(self);
        if self.issues.len() > known {
            self.blame(known, step);
        }
    }

    #[cold]
    fn blame(&mut self, known: usize, step: &str) {
        for issue in &mut self.issues[known..] {
            issue.within(step);
        }
    }

    /// Moves past an empty value and says so; stays before any other.
    fn empty(&mut self) -> bool {
        let empty = match self.reader.kind() {
            Kind::Null => true,
            Kind::Text => {
                let text = self.reader.peek_raw();
                matches!(text, "\"\"" | "\"null\"") || self.is_nothing(text)
            }
            _ => false,
        };
        if empty {
            self.skip();
        }
        empty
    }

    fn is_nothing(&self, quoted: &str) -> bool {
        let text = quoted
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        text.is_some_and(|text| self.nothing.contains(&text))
    }

    /// Moves past a value that is empty, or that is not what was expected.
    fn misfit(&mut self, expected: &'static str) {
        if !self.empty() {
            self.issues.push(Issue::new(expected, self.found()));
            self.skip();
        }
    }

    fn found(&self) -> &'static str {
        match self.reader.kind() {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "a text",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }
}
