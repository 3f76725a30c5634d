//! Owns nesting: every row of a table gets the path at which its field stands in the message.

use super::structure::Structures;
use crate::config::Beside;
use crate::config::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::document;
use crate::entry::{Entry, Row};
use crate::path::{DEEPEST, is_too_deep, join, last, parent, segments};
use crate::prose::TypeWord;
use crate::sample::Shape;
use crate::source::Location;
use crate::spelling::{fold, toml_string};

/// What is known of the message whose rows are placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    /// Whose message it is.
    pub(crate) subject: Subject<'a>,
    /// What examples show.
    pub(crate) shape: &'a Shape,
    /// What types can name.
    pub(crate) structures: &'a Structures,
    /// Keys of the envelope.
    pub(crate) managed: &'a [String],
    /// Where a row belongs that nothing else places.
    pub(crate) beside: Beside,
    /// The example's spelling wins.
    pub(crate) sample_spelling: bool,
}

impl Message<'_> {
    /// What the type cell of a row says.
    fn word(&self, row: &Row) -> Option<TypeWord> {
        let cell = document::plain(&row.ty);
        self.structures.read(self.subject.entry, &cell).word
    }

    /// Every path of the examples but those inside of what is described elsewhere.
    fn rows_of_the_example(&self, rows: &[Row], words: &[Option<TypeWord>]) -> Vec<String> {
        let is_whole = |word: &Option<TypeWord>| word.as_ref().is_some_and(TypeWord::is_whole);
        let whole = rows.iter().zip(words).filter(|(_, word)| is_whole(word));
        let whole = whole.map(|(row, _)| name_cell(&row.name).name);
        let whole: Vec<String> = whole.collect();
        let is_inside = |path: &String| {
            let mut around = segments(parent(path));
            around.any(|name| whole.iter().any(|whole| last(whole) == name))
        };
        let mut paths = self.shape.paths();
        paths.retain(|path| whole.is_empty() || !is_inside(path));
        paths
    }
}

/// The name in a name cell, with its marks taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameCell {
    /// The wire name.
    pub(crate) name: String,
    /// A mark says that it is required, or that it is not.
    pub(crate) required: Option<bool>,
    /// Struck through.
    pub(crate) struck: bool,
}

/// Reads a name cell: ``notice `必填` ``, `**wcId**`, `~phone~`.
pub(crate) fn name_cell(raw: &str) -> NameCell {
    let text = document::Text::new(raw);
    let mut name = text.plain.trim().to_owned();
    let mut required = None;
    for (mark, means) in [
        ("非必填", false),
        ("必填", true),
        ("必选", true),
        ("选填", false),
        ("可选", false),
    ] {
        let bare = name.trim_end_matches([')', '）', ']', '】']);
        if let Some(rest) = bare.strip_suffix(mark) {
            name = rest
                .trim_end_matches(['(', '（', '[', '【', ' '])
                .trim()
                .to_owned();
            required = Some(means);
            break;
        }
    }
    NameCell {
        name,
        required,
        struck: text.struck,
    }
}

/// Gives every row its path.
pub(crate) fn place(rows: &mut [Row], message: &Message<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let described: Vec<String> = rows
        .iter()
        .filter_map(|row| row.container.as_deref())
        .map(|container| last(container).to_owned())
        .collect();
    let words: Vec<Option<TypeWord>> = rows.iter().map(|row| message.word(row)).collect();
    let mut placing = Placing {
        message,
        paths: message.rows_of_the_example(rows, &words),
        used: Vec::new(),
        lists: Vec::new(),
        current: None,
        base: None,
        described,
        guessed: Vec::new(),
    };
    let subject = &message.subject;
    let is_outside = |row: &Row| subject.asks && super::place::of(subject.entry, row).is_some();
    for (row, ty) in rows.iter_mut().zip(words) {
        let name = name_cell(&row.name).name;
        let path = match &row.path {
            Some(path) => path.clone(),
            // Where so many names would stand is not even asked.
            None if is_too_deep(&name) => name,
            // Beside the message, where nothing is nested.
            None if is_outside(row) => {
                row.path = Some(name);
                continue;
            }
            None => placing.path(&name, row, ty.as_ref()),
        };
        if is_too_deep(&path) {
            diagnostics.push(too_deep(message.subject.entry, row));
            row.path = None;
            continue;
        }
        placing.remember(&path, row, ty.as_ref());
        row.path = Some(path);
    }
    diagnostics.extend(guesses(subject, &placing.guessed));
}

/// Where rows were placed by a guess.
fn guesses(subject: &Subject<'_>, guessed: &[(String, Option<Location>)]) -> Option<Diagnostic> {
    let (first, at) = guessed.first()?;
    let home = parent(first);
    let fixes = guessed.iter().map(|(path, _)| {
        let home = path.rsplit_once('.').map_or("", |(home, _)| home);
        let nest = format!("nest = {}", toml_string(subject.inside(home)));
        subject.correction(path, &nest)
    });
    let fixes: Vec<String> = fixes.collect();
    let message = format!(
        "`{}`: no example shows where {} stand; read as members of `{home}`",
        subject.entry.title,
        list(guessed.iter().map(|(path, _)| last(path))),
    );
    let help = format!(
        "add an example, write dotted names (`{home}.{}`), or say here where each belongs; `nest = \"\"` is beside `{}`",
        last(first),
        last(home),
    );
    let finding = Diagnostic::new(Code::GuessedNesting, message).at_if(at.clone());
    Some(finding.help(help).fix(fixes.join("\n\n")))
}

/// A row without a path is no field.
fn too_deep(entry: &Entry, row: &Row) -> Diagnostic {
    let message = format!(
        "a row of `{}` stands more than {DEEPEST} levels deep",
        entry.title
    );
    Diagnostic::error(Code::TooDeep, message)
        .at_if(row.at.clone())
        .help("name it by its last names alone, or describe its container in a table of its own")
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

struct Placing<'a> {
    message: &'a Message<'a>,
    /// Every path of the examples.
    paths: Vec<String>,
    used: Vec<String>,
    /// Paths that rows declare as lists of objects.
    lists: Vec<String>,
    /// The container whose members the rows are at.
    current: Option<String>,
    /// The outermost container of this table; further containers are its members.
    base: Option<String>,
    /// Containers that a table of their own describes: rows after them are not theirs.
    described: Vec<String>,
    guessed: Vec<(String, Option<Location>)>,
}

impl Placing<'_> {
    fn path(&mut self, name: &str, row: &Row, ty: Option<&TypeWord>) -> String {
        if let Some(container) = &row.container {
            let container = self.container(container);
            return self.inside(&container, name);
        }
        if name.contains(['.', '[']) {
            return self.dotted(name);
        }
        if let Some(path) = self.in_example(name) {
            return path;
        }
        if self.message.managed.iter().any(|key| key == name)
            && !self.used.iter().any(|p| p == name)
        {
            return name.to_owned();
        }
        match &self.current {
            Some(current) => {
                // A container row after the members of another is its sibling, not its member.
                let home = match (&self.base, is_container(ty)) {
                    (Some(base), true) => base.clone(),
                    _ => current.clone(),
                };
                let path = self.spelled(&join(&home, name));
                let inner = self.base.as_ref().is_some_and(|base| *base != home);
                if inner && self.message.shape.is_empty() {
                    self.guessed.push((path.clone(), row.at.clone()));
                }
                path
            }
            None => match self.message.subject.payload {
                Some(payload) if self.message.beside == Beside::Payload && name != payload => {
                    self.spelled(&join(payload, name))
                }
                _ => name.to_owned(),
            },
        }
    }

    /// Where a dotted name stands: its first part is placed as a bare name is.
    fn dotted(&self, name: &str) -> String {
        let Some(first) = segments(name).next() else {
            return self.spelled(name);
        };
        let message = self.message;
        let at_root = Some(first) == message.subject.payload
            || message.managed.iter().any(|key| key == first)
            || self.used.iter().any(|path| path == first)
            || message.shape.at(first).is_some();
        if at_root {
            return self.spelled(name);
        }
        if let Some(row) = self.used.iter().rev().find(|path| last(path) == first) {
            let members = name.get(first.len()..).unwrap_or_default();
            return self.spelled(&format!("{row}{members}"));
        }
        match message.subject.payload {
            Some(payload)
                if message.beside == Beside::Payload
                    || message.shape.at(&join(payload, first)).is_some() =>
            {
                self.spelled(&join(payload, name))
            }
            _ => self.spelled(name),
        }
    }

    /// Where a container stands that a caption or a column title names.
    fn container(&self, name: &str) -> String {
        if name.contains('.') {
            return self.spelled(name);
        }
        if Some(name) == self.message.subject.payload {
            return name.to_owned();
        }
        let from_rows = self.used.iter().rev().find(|path| last(path) == name);
        let from_example = || self.paths.iter().find(|path| last(path) == name);
        // `xml中的参数` speaks of `xmlmsg`.
        let by_start = || {
            let mut begun = self.used.iter().filter(|path| last(path).starts_with(name));
            begun.next().filter(|_| begun.next().is_none())
        };
        match from_rows.or_else(from_example).or_else(by_start) {
            Some(path) => path.clone(),
            None => match self.message.subject.payload {
                Some(payload) => join(payload, name),
                None => name.to_owned(),
            },
        }
    }

    /// Where a member of a named container stands: there, or deeper where the example has it.
    fn inside(&self, container: &str, name: &str) -> String {
        let direct = self.spelled(&join(container, name));
        if self.paths.contains(&direct) || self.message.shape.is_empty() {
            return direct;
        }
        let below: Vec<&String> = self
            .paths
            .iter()
            .filter(|path| {
                path.strip_prefix(container)
                    .is_some_and(|rest| rest.starts_with(['.', '[']))
            })
            .collect();
        let exact = below
            .iter()
            .find(|path| last(path) == name && !self.used.contains(path))
            .or_else(|| below.iter().find(|path| last(path) == name));
        if let Some(path) = exact {
            return (*path).clone();
        }
        if self.message.sample_spelling
            && let Some(path) = below.iter().find(|path| fold(last(path)) == fold(name))
        {
            return (*path).clone();
        }
        // Not in the example: beside the members that are.
        match self.used.iter().rev().find(|path| below.contains(path)) {
            Some(sibling) if parent(sibling) != container => {
                self.spelled(&join(parent(sibling), name))
            }
            _ => direct,
        }
    }

    /// Where the examples have a bare name: nearest to the rows before it, and not taken yet.
    fn in_example(&self, name: &str) -> Option<String> {
        let spelled = |path: &&String| {
            last(path) == name || (self.message.sample_spelling && fold(last(path)) == fold(name))
        };
        let candidates: Vec<&String> = self.paths.iter().filter(spelled).collect();
        let free = |path: &&&String| !self.used.contains(**path);
        let mut home = self.current.clone().unwrap_or_default();
        loop {
            let here = |path: &&&String| parent(path) == home;
            if let Some(path) = candidates.iter().find(|path| free(path) && here(path)) {
                return Some((**path).clone());
            }
            if home.is_empty() {
                break;
            }
            home = parent(&home).to_owned();
        }
        candidates
            .iter()
            .find(|path| free(path))
            .or_else(|| {
                candidates
                    .iter()
                    .find(|path| Some(parent(path)) == self.current.as_deref())
            })
            .or_else(|| candidates.first())
            .map(|path| (*path).clone())
    }

    fn remember(&mut self, path: &str, row: &Row, ty: Option<&TypeWord>) {
        self.used.push(path.to_owned());
        let shape = self.message.shape.at(path);
        let holds = shape.is_some_and(Shape::is_container) || is_container(ty);
        let holds = holds && !ty.is_some_and(TypeWord::is_whole);
        if matches!(ty, Some(TypeWord::List(_))) {
            self.lists.push(path.to_owned());
        }
        if row.container.is_some() {
            return;
        }
        let is_payload = Some(path) == self.message.subject.payload;
        let described = self.described.iter().any(|name| name == last(path));
        if (holds || (is_payload && row.ty.is_empty())) && !described {
            self.current = Some(path.to_owned());
            if self.base.is_none() {
                self.base = Some(path.to_owned());
            }
        } else if shape.is_some() && !parent(path).is_empty() {
            self.current = Some(parent(path).to_owned());
        }
    }

    /// The path with `[]` as the examples have it, else as rows declare it.
    fn spelled(&self, path: &str) -> String {
        let path = self.message.shape.spelled(path);
        let mut spelled = String::new();
        for segment in path.split('.') {
            if !spelled.is_empty() {
                let listed =
                    self.lists.contains(&spelled) && self.message.shape.at(&spelled).is_none();
                if listed && !spelled.ends_with("[]") {
                    spelled.push_str("[]");
                }
                spelled.push('.');
            }
            spelled.push_str(segment);
        }
        spelled
    }
}

/// Whether a row of this type has members.
fn is_container(ty: Option<&TypeWord>) -> bool {
    match ty {
        Some(TypeWord::Object) => true,
        Some(TypeWord::List(of)) => matches!(**of, TypeWord::Object | TypeWord::Any),
        _ => false,
    }
}
