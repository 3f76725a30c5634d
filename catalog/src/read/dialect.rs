//! Owns the vendor's habits in force: the usual ones, with those of `provider.toml` over them.
//!
//! In: `[dialect]` and the usual words. Out: answers to the questions of a reader: `参数名` titles the column of names,
//! `返回示例` announces an example of a reply, `3. 发送消息(sendText)` begins an operation.

use super::beginnings::{Beginning, Found, compiled};
use super::seen::{Mark, Unseen, Words};
use super::usual_words::{
    ADDRESS, ASKS, CALLBACK_SUFFIX, CONTAINER_SUFFIXES, CONTAINER_WORDS, DESCRIPTION,
    EMPTY_REMARKS, EXAMPLE, FACTS, FORM_SUFFIX, LABELS, LONGEST_CAPTION, MODULE_HEADINGS, NAME,
    PARTS, PLACE, REMARK, REQUIRED, TYPE, VALUE, VALUE_SUFFIXES,
};
use crate::config::pattern::{METHODS, Pattern};
use crate::config::{Config, Fact, Identity, ItemKind, ModuleName};
use crate::document::Text;
use crate::spelling;

/// A compiled dialect.
#[derive(Debug)]
pub(crate) struct Dialect {
    module_level: Option<(u8, Mark)>,
    title_level: Option<(u8, Mark)>,
    module_headings: Vec<Pattern>,
    items: Vec<Beginning>,
    /// Chapters with a better slug or title.
    modules: Vec<(ModuleName, Mark)>,
    identities: Vec<(Identity, Mark)>,
    event_column: Words,
    columns: Vec<(Column, Words)>,
    labels: Vec<(Label, Words)>,
    references: Words,
    facts: Vec<(Fact, Words)>,
    /// Captions of an address on the line below.
    addresses: Words,
}

/// What a table's column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Field names, perhaps of a named container.
    Name(Option<String>),
    /// Whether the field is required.
    Required,
    /// The field's type.
    Type,
    /// Where it stands in a request.
    Place,
    /// What it means.
    Description,
    /// Values, perhaps of a named field.
    Value(Option<String>),
    /// Forms of a named text field.
    Form(String),
    /// Names of events.
    Event,
    /// Something else.
    Other,
}

/// What a caption announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Request headers.
    Headers,
    /// What is sent.
    Params,
    /// What comes back.
    Returns,
    /// What an announced event carries.
    Event,
}

impl Dialect {
    /// Compiles the habits in force. The patterns were checked when `provider.toml` was read.
    pub(crate) fn new(config: &Config) -> Self {
        let own = &config.dialect;
        let labels = |(label, usual): (Label, &[&str])| {
            let own = match label {
                Label::Event => &own.labels.event,
                Label::Headers => &own.labels.headers,
                Label::Returns => &own.labels.returns,
                Label::Params => &own.labels.params,
            };
            (label, Words::of(usual, own))
        };
        let facts = |(fact, usual): (Fact, &[&str])| {
            let own = own.facts.get(&fact).map_or(&[][..], Vec::as_slice);
            (fact, Words::of(usual, own))
        };
        let columns = &own.columns;
        Self {
            module_level: own.module_level.map(|level| (level, Mark::default())),
            title_level: own.title_level.map(|level| (level, Mark::default())),
            module_headings: MODULE_HEADINGS
                .iter()
                .filter_map(|text| compiled(text))
                .collect(),
            items: Beginning::all(&own.item),
            modules: marked(&config.module),
            identities: marked(&config.identity),
            event_column: Words::of(&[], own.event_column.as_slice()),
            columns: vec![
                (Column::Name(None), Words::of(NAME, &columns.name)),
                (Column::Required, Words::of(REQUIRED, &columns.required)),
                (Column::Type, Words::of(TYPE, &columns.ty)),
                (Column::Place, Words::of(PLACE, &columns.place)),
                (
                    Column::Description,
                    Words::of(DESCRIPTION, &columns.description),
                ),
                (Column::Value(None), Words::of(VALUE, &[])),
            ],
            labels: LABELS.into_iter().map(labels).collect(),
            references: Words::of(&[], &own.labels.reference),
            facts: FACTS.into_iter().map(facts).collect(),
            addresses: Words::of(ADDRESS, &[]),
        }
    }

    /// What `provider.toml` says of a chapter, by its title.
    pub(crate) fn module(&self, title: &str) -> Option<&ModuleName> {
        let mut modules = self.modules.iter();
        let (module, mark) = modules.find(|(module, _)| module.title == title)?;
        mark.set();
        Some(module)
    }

    /// The id of a section, by its title; it has this one unless `provider.toml` gives it another.
    pub(crate) fn identity(&self, title: &str, own: String) -> String {
        let mut identities = self.identities.iter();
        match identities.find(|(identity, _)| identity.title == title && identity.id != own) {
            Some((identity, mark)) => {
                mark.set();
                identity.id.clone()
            }
            None => own,
        }
    }

    /// Whether headings of this level are modules.
    pub(crate) fn is_module_level(&self, level: u8) -> bool {
        is_level(self.module_level.as_ref(), level, |wanted| wanted == level)
    }

    /// Whether a heading of this level may carry the title of what a line below it names.
    pub(crate) fn may_be_title(&self, level: u8) -> bool {
        self.title_level.is_none()
            || is_level(self.title_level.as_ref(), level, |wanted| level <= wanted)
    }

    /// What `provider.toml` declares and the documents never show.
    pub(crate) fn unseen(&self) -> Vec<Unseen> {
        let mut unseen = Vec::new();
        let mut words = |key, words: &Words| {
            let found = words
                .unseen()
                .map(|word| Unseen::Word(key, word.to_owned()));
            unseen.extend(found);
        };
        words("event_column", &self.event_column);
        for (column, own) in &self.columns {
            words(column.key(), own);
        }
        for (label, own) in &self.labels {
            words(label.key(), own);
        }
        words("labels.reference", &self.references);
        for (_, own) in &self.facts {
            words("facts", own);
        }
        let levels = [
            ("module_level", &self.module_level),
            ("title_level", &self.title_level),
        ];
        for (key, level) in levels {
            let idle = level.iter().filter(|(_, mark)| !mark.is_set());
            unseen.extend(idle.map(|(level, _)| Unseen::Level(key, *level)));
        }
        unseen.extend(self.items.iter().filter_map(Beginning::unseen));
        unseen.extend(idle(&self.modules).map(Unseen::Module));
        unseen.extend(idle(&self.identities).map(Unseen::Identity));
        unseen
    }

    /// The slug that a heading such as ``模块：`biao-qian` `` names.
    pub(crate) fn module_heading(&self, heading: &str) -> Option<String> {
        self.module_headings
            .iter()
            .find_map(|pattern| pattern.matches(heading)?.slug)
    }

    /// Whether a heading is an item's own.
    pub(crate) fn item_heading(&self, text: &str, level: u8, above: &[&str]) -> Option<Found> {
        let mut items = self.items.iter();
        items.find_map(|item| item.begins_by_heading(text, level, above))
    }

    /// Whether a line below a heading names an item.
    pub(crate) fn item_line(&self, text: &str, above: &[&str]) -> Option<Found> {
        let mut items = self.items.iter();
        items.find_map(|item| item.begins_by_line(text, above))
    }

    /// Whether a line only announces the address on the next.
    pub(crate) fn announces_address(&self, text: &str) -> bool {
        self.addresses.has(&caption_key(text))
    }

    /// Whether a line only announces the method on the next.
    pub(crate) fn announces_method(&self, text: &str) -> bool {
        self.is_fact_key(Fact::Method, &caption_key(text))
    }

    /// Whether a title is that of a part of an item, as in `##### 返回示例`.
    pub(crate) fn is_part(&self, title: &str) -> bool {
        PARTS.contains(&caption_key(title).as_str())
            || self.announces_address(title)
            || self.announces_method(title)
    }

    /// The address on a line that was announced.
    pub(crate) fn address(&self, text: &str) -> Option<Found> {
        ["{path}", "{method} {path}"].iter().find_map(|pattern| {
            let caught = Pattern::parse(pattern).ok()?.matches(text)?;
            Some(Found {
                kind: ItemKind::Endpoint,
                caught,
            })
        })
    }

    fn is_fact_key(&self, fact: Fact, key: &str) -> bool {
        let mut facts = self.facts.iter().filter(|(known, _)| *known == fact);
        facts.any(|(_, keys)| keys.has(key))
    }

    /// What a column holds, by its title.
    pub(crate) fn column(&self, title: &str) -> Column {
        let key = title_key(title);
        if self.event_column.has(&key) {
            return Column::Event;
        }
        let mut columns = self.columns.iter();
        if let Some((column, _)) = columns.find(|(_, words)| words.has(&key)) {
            return column.clone();
        }
        let title = title.trim();
        let before = |suffix: &str| {
            title
                .strip_suffix(suffix)
                .map(str::trim)
                .map(|name| is_path(name).then(|| name.to_owned()))
        };
        if let Some(Some(field)) = before(FORM_SUFFIX) {
            return Column::Form(field);
        }
        if let Some(field) = VALUE_SUFFIXES.iter().find_map(|s| before(s)).flatten() {
            return Column::Value(Some(field));
        }
        if let Some(container) = CONTAINER_SUFFIXES.iter().find_map(|s| before(s)) {
            return Column::Name(container);
        }
        Column::Other
    }

    /// Known titles of columns, each with the key of `[dialect.columns]` that adds one.
    pub(crate) fn column_titles(&self) -> Vec<(&str, &'static str)> {
        let columns = self.columns.iter().filter_map(|(column, words)| {
            let key = match column {
                Column::Name(_) => "name",
                Column::Required => "required",
                Column::Type => "type",
                Column::Place => "place",
                Column::Description => "description",
                Column::Value(_) | Column::Form(_) | Column::Event | Column::Other => return None,
            };
            Some(words.iter().map(move |word| (word, key)))
        });
        columns.flatten().collect()
    }

    /// A known caption that a line is but for a slip.
    pub(crate) fn nearest_caption(&self, line: &str) -> Option<&str> {
        let key = caption_key(line);
        let labels = self.labels.iter().flat_map(|(_, words)| words.iter());
        let mut known = PARTS.iter().copied().chain(labels);
        known.find(|known| spelling::is_slip_of(&key, known))
    }

    /// Whether a row of cells looks like column titles.
    pub(crate) fn is_header(&self, cells: &[&str]) -> bool {
        cells.iter().any(|cell| self.column(cell) != Column::Other)
    }

    /// Whether a table explains rather than defines, by the title of its first column.
    pub(crate) fn is_reference(&self, first_column: &str) -> bool {
        self.references.has(&title_key(first_column))
    }

    /// What a caption announces.
    pub(crate) fn label(&self, caption: &str) -> Option<Label> {
        let caption = title_key(caption);
        self.labels
            .iter()
            .find(|(_, words)| words.occur_in(&caption))
            .map(|(label, _)| *label)
    }

    /// Whether a line may announce what stands below it: it is short, and says nothing itself. One that ends in a
    /// colon does, and `说明：…` does not.
    pub(crate) fn may_announce(&self, line: &str) -> bool {
        let says = |c| matches!(c, '。' | '，' | '；' | '！' | '？');
        line.chars().count() <= LONGEST_CAPTION
            && !line.starts_with(REMARK)
            && (ends_in_colon(line) || !line.contains(says))
    }

    /// Whether a line that is no known caption looks like one, but for a slip or a word that nobody knows.
    pub(crate) fn looks_like_caption(&self, text: &Text) -> bool {
        let stands_out = text.bold || ends_in_colon(&text.plain);
        self.may_announce(&text.plain)
            && (stands_out || self.nearest_caption(&text.plain).is_some())
    }

    /// Whether a caption announces an example.
    pub(crate) fn announces_example(&self, caption: &str) -> bool {
        let caption = caption.to_lowercase();
        EXAMPLE.iter().any(|word| caption.contains(word))
    }

    /// Whether the example that a caption announces shows what is sent.
    pub(crate) fn announces_request(&self, caption: &str) -> bool {
        let caption = caption.to_lowercase();
        ASKS.iter().any(|word| caption.contains(word))
    }

    /// What a line remarks, if it says anything.
    pub(crate) fn remark<'t>(&self, line: &'t str) -> Option<&'t str> {
        let line = line.trim();
        let remark = line.strip_prefix(REMARK).unwrap_or(line).trim();
        let says_something = remark.chars().any(char::is_alphanumeric);
        let is_empty = self.is_part(line) || EMPTY_REMARKS.contains(&remark);
        (says_something && !is_empty).then_some(remark)
    }

    /// What the event is called that an operation of this title announces.
    pub(crate) fn callback_title(&self, operation: &str) -> String {
        format!("{operation}{CALLBACK_SUFFIX}")
    }

    /// A key that nobody knows, and the one that it is but for a slip.
    pub(crate) fn misspelt_fact<'t>(&self, line: &'t str) -> Option<(&'t str, &str)> {
        let (key, _) = line.split_once([':', '：'])?;
        let key = key.trim();
        let folded = title_key(key);
        if self.facts.iter().any(|(_, keys)| keys.has(&folded)) {
            return None;
        }
        let mut known = self.facts.iter().flat_map(|(_, keys)| keys.iter());
        let meant = known.find(|known| known.len() > 4 && spelling::is_slip_of(&folded, known))?;
        Some((key, meant))
    }

    /// The fact that a `key: value` line tells.
    pub(crate) fn fact<'t>(&self, line: &'t str) -> Option<(Fact, &'t str)> {
        let (key, value) = line.split_once([':', '：'])?;
        let key = key.split(['(', '（']).next().unwrap_or_default();
        let key = title_key(key);
        self.facts
            .iter()
            .find(|(_, keys)| keys.has(&key))
            .map(|(fact, _)| (*fact, value.trim()))
    }
}

/// Whether a declared level fits; that a heading has it is remembered.
fn marked<T: Clone>(declared: &[T]) -> Vec<(T, Mark)> {
    let declared = declared.iter();
    declared.map(|one| (one.clone(), Mark::default())).collect()
}

/// Which of the declared have had no effect.
fn idle<T>(declared: &[(T, Mark)]) -> impl Iterator<Item = usize> {
    let declared = declared.iter().enumerate();
    declared
        .filter(|(_, (_, mark))| !mark.is_set())
        .map(|(n, _)| n)
}

fn is_level(declared: Option<&(u8, Mark)>, level: u8, fits: impl Fn(u8) -> bool) -> bool {
    let Some((wanted, mark)) = declared.filter(|(wanted, _)| fits(*wanted)) else {
        return false;
    };
    if *wanted == level {
        mark.set();
    }
    true
}

impl Column {
    /// The key of `[dialect]` for further titles of such columns.
    fn key(&self) -> &'static str {
        match self {
            Self::Required => "columns.required",
            Self::Type => "columns.type",
            Self::Place => "columns.place",
            Self::Description => "columns.description",
            _ => "columns.name",
        }
    }
}

impl Label {
    /// The key of `[dialect]` for further words of such captions.
    fn key(self) -> &'static str {
        match self {
            Self::Headers => "labels.headers",
            Self::Params => "labels.params",
            Self::Returns => "labels.returns",
            Self::Event => "labels.event",
        }
    }
}

/// The container that a caption such as `data含义` or `data.Member字段…` names.
pub(crate) fn caption_container(caption: &str) -> Option<String> {
    let caption = caption.trim().trim_start_matches(['*', '>', ' ']);
    let end = caption
        .find(|c: char| !(c.is_ascii_alphanumeric() || "_.[]".contains(c)))
        .unwrap_or(caption.len());
    let (name, rest) = caption.split_at(end);
    let rest = rest.trim_start();
    let named = CONTAINER_WORDS.iter().any(|word| rest.starts_with(word));
    (named && is_path(name)).then(|| name.to_owned())
}

/// Whether a text is a wire name, perhaps dotted.
pub(crate) fn is_path(text: &str) -> bool {
    // `[]` stands behind a list, and nowhere else.
    let named = text.replace("[]", "");
    !text.starts_with('.')
        && named
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.$".contains(c))
        && named.chars().any(|c| c.is_ascii_alphabetic() || c == '_')
}

/// Whether a line leads to what is below it.
pub(crate) fn ends_in_colon(line: &str) -> bool {
    line.ends_with([':', '：'])
}

/// A caption as it is compared: as a title, and without its colon.
fn caption_key(caption: &str) -> String {
    title_key(caption.trim().trim_end_matches([':', '：']))
}

/// The HTTP method that a text names: `POST`, `HTTP POST`, `POST（表单）`.
pub(crate) fn method(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    let mut methods = words.map(str::to_ascii_uppercase);
    methods.find(|word| METHODS.contains(&word.as_str()))
}

/// A title as it is compared: trimmed, without spaces, in lower case.
pub(crate) fn title_key(title: &str) -> String {
    title
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '*')
        .flat_map(char::to_lowercase)
        .collect()
}
