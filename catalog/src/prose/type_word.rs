//! Owns the words of two columns: 类型 and 必选.

/// What a cell of the type column says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypeCell {
    /// The type, if every word is known.
    pub(crate) word: Option<TypeWord>,
    /// A `?` says that there may be none: `string?`.
    pub(crate) optional: bool,
    /// Words that nobody knows.
    pub(crate) unknown: Vec<String>,
}

/// What a type word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeWord {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A number with a fraction.
    Fraction,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// One of several types.
    Any,
    /// A list of something.
    List(Box<TypeWord>),
    /// Bytes.
    Bytes,
    /// Nothing but null.
    Null,
    /// What a table of its own describes: `Address`.
    Structure(String),
    /// An object whose members stand right here: `{ street: string, zip: string? }`.
    Members(Vec<TypedMember>),
}

/// A member of an object that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypedMember {
    /// Its wire name.
    pub(crate) name: String,
    /// What it holds; nothing: its word is not known.
    pub(crate) ty: Option<TypeWord>,
    /// There may be none.
    pub(crate) optional: bool,
    /// What stands in parentheses behind it.
    pub(crate) note: String,
}

impl TypeWord {
    /// Whether it says by itself what its members are, so that no rows below do.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Self::List(of) => of.is_whole(),
            Self::Structure(_) | Self::Members(_) => true,
            _ => false,
        }
    }
}

/// Whether a parameter must be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RequiredWord {
    /// It must.
    Always,
    /// It need not.
    Optional,
    /// One of these fields must, whichever.
    OneOf(Vec<String>),
}

/// Lists of lists of lists are no type of any document.
const MAX_NESTING: usize = 4;

/// Longer cells are no type words, unless they write an object out.
const LONGEST_WORD: usize = 80;

/// Longer cells say neither yes nor no, and write no object out.
const LONGEST_NOTE: usize = 400;

/// The meaning of a cell of the type column where no word is a structure; `None` if one is not known, or there is none.
pub(crate) fn type_word(cell: &str) -> Option<TypeWord> {
    type_cell(cell, &|_| false).word
}

/// What a cell of the type column says; `is_structure` knows the names of structures.
pub(crate) fn type_cell(cell: &str, is_structure: &dyn Fn(&str) -> bool) -> TypeCell {
    let longest = match cell.contains('{') {
        true => LONGEST_NOTE,
        false => LONGEST_WORD,
    };
    let mut reading = Reading {
        is_structure,
        unknown: Vec::new(),
    };
    if cell.len() > longest {
        reading.unknown.push(cell.trim().to_owned());
        return TypeCell {
            unknown: reading.unknown,
            ..TypeCell::default()
        };
    }
    let plain = squeezed(cell);
    let (word, _) = noted(&plain);
    TypeCell {
        word: reading.one_or_unknown(word, MAX_NESTING),
        optional: word.ends_with(['?', '？']),
        unknown: reading.unknown,
    }
}

/// Without Markdown and without spaces, those of notes aside.
fn squeezed(cell: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: &char| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        !(c.is_whitespace() && depth == 0 || matches!(c, '\\' | '`' | '*'))
    };
    let plain: String = cell.chars().filter(keep).collect();
    match plain.contains('&') {
        true => plain.replace("&lt;", "<").replace("&gt;", ">"),
        false => plain,
    }
}

/// `string（可空）` is a string, and something beside it.
fn noted(word: &str) -> (&str, &str) {
    let is_noted = word.ends_with([')', '）']);
    let start = match word.starts_with('{') {
        true => word.rfind('}').unwrap_or_default(),
        false => 0,
    };
    let behind = word.get(start..).unwrap_or_default();
    let at = behind.find(['(', '（']).map(|at| start + at);
    match at.filter(|at| is_noted && *at > 0) {
        Some(at) => word.split_at(at),
        None => (word, ""),
    }
}

struct Reading<'n> {
    is_structure: &'n dyn Fn(&str) -> bool,
    unknown: Vec<String>,
}

impl Reading<'_> {
    /// A type; of a form that is none, all of it is unknown.
    fn one_or_unknown(&mut self, word: &str, depth: usize) -> Option<TypeWord> {
        let known = self.unknown.len();
        let meant = self.one(word, depth);
        if meant.is_none() && self.unknown.len() == known && !word.is_empty() {
            self.unknown.push(word.to_owned());
        }
        meant
    }

    fn one(&mut self, word: &str, depth: usize) -> Option<TypeWord> {
        let nested = depth.checked_sub(1);
        let word = word.strip_suffix(['?', '？']).unwrap_or(word);
        if is_word(word, &["byte[]", "bytes"]) {
            return Some(TypeWord::Bytes);
        }
        if let Some(item) = word.strip_suffix("[]") {
            return self.one(item, nested?).map(list_of);
        }
        if let Some(inside) = word.strip_prefix('{') {
            return self.members(inside.strip_suffix('}')?, nested?);
        }
        if let Some((name, rest)) = word.split_once('<') {
            let item = rest.strip_suffix('>')?;
            if is_word(name, &["map", "hashmap"]) {
                return Some(TypeWord::Object);
            }
            let is_list = is_word(name, &["array", "list", "arraylist", "set"]);
            return match is_list {
                true => self.one(item, nested?).map(list_of),
                false => None,
            };
        }
        if word.contains(['/', '|', '或']) {
            let parts = word.split(['/', '|', '或']);
            let kinds: Option<Vec<TypeWord>> = parts.map(|part| self.one(part, nested?)).collect();
            let kinds = kinds?;
            let first = kinds.first()?.clone();
            let same = kinds.iter().all(|kind| *kind == first);
            return Some(if same { first } else { TypeWord::Any });
        }
        if (self.is_structure)(word) {
            return Some(TypeWord::Structure(word.to_owned()));
        }
        let meant = plain(&word.to_lowercase());
        if meant.is_none() && !word.is_empty() {
            self.unknown.push(word.to_owned());
        }
        meant
    }

    /// What stands between braces: `title:string,item:Item`, the names perhaps with a `?`.
    fn members(&mut self, inside: &str, depth: usize) -> Option<TypeWord> {
        let mut members: Vec<TypedMember> = Vec::new();
        let parts = parts(inside);
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        for part in parts {
            let (name, word) = part.split_once([':', '：'])?;
            let (bare, mark) = match name.strip_suffix(['?', '？']) {
                Some(bare) => (bare, true),
                None => (name, false),
            };
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$');
            let is_new = members.iter().all(|known| known.name != bare);
            if bare.is_empty() || !bare.chars().all(is_name) || !is_new {
                return None;
            }
            let (word, note) = noted(word);
            members.push(TypedMember {
                name: bare.to_owned(),
                optional: mark || word.ends_with(['?', '？']),
                note: note.trim_matches(['(', ')', '（', '）']).trim().to_owned(),
                ty: self.one_or_unknown(word, depth),
            });
        }
        (!members.is_empty()).then_some(TypeWord::Members(members))
    }
}

fn is_word(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The parts between commas or semicolons, those inside of brackets aside.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let between = |c: char| {
        match c {
            '{' | '<' | '(' | '（' => depth += 1,
            '}' | '>' | ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, ',' | ';' | '，' | '；')
    };
    text.split(between).collect()
}

fn plain(word: &str) -> Option<TypeWord> {
    Some(match word {
        "string" | "str" | "text" | "char" | "varchar" | "xml" | "字符串" | "字符" | "文本" => {
            TypeWord::Text
        }
        "int" | "integer" | "long" | "short" | "bigint" | "int8" | "int16" | "int32" | "int64"
        | "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "整数" | "整型" | "整形"
        | "长整型" => TypeWord::Integer,
        "number" | "numver" | "数字" | "数值" => TypeWord::Number,
        "float" | "double" | "decimal" | "浮点" | "浮点数" | "浮点型" | "小数" => {
            TypeWord::Fraction
        }
        "boolean" | "bool" | "布尔" | "布尔值" => TypeWord::Boolean,
        "object" | "jsonobject" | "json" | "map" | "dict" | "对象" => TypeWord::Object,
        "array" | "arrary" | "list" | "jsonarray" | "arraylist" | "数组" | "列表" => {
            list_of(TypeWord::Any)
        }
        "字符串数组" => list_of(TypeWord::Text),
        "对象数组" => list_of(TypeWord::Object),
        "any" | "mixed" | "任意" => TypeWord::Any,
        "null" => TypeWord::Null,
        _ => return None,
    })
}

fn list_of(item: TypeWord) -> TypeWord {
    TypeWord::List(Box::new(item))
}

/// The meaning of a cell of the 必选 column; `None` if it says neither yes nor no.
pub(crate) fn required_word(cell: &str) -> Option<RequiredWord> {
    if cell.len() > LONGEST_NOTE {
        return None;
    }
    let word = cell.trim().trim_matches(['*', '`', '~']);
    let lower = word.to_lowercase();
    match lower.as_str() {
        "是" | "必填" | "必须" | "必选" | "必传" | "yes" | "y" | "true" | "required" | "√" =>
        {
            return Some(RequiredWord::Always);
        }
        "否" | "no" | "n" | "false" | "可选" | "选填" | "可空" | "非必填" | "非必须" | "非必选"
        | "非必传" | "optional" | "×" => return Some(RequiredWord::Optional),
        _ => {}
    }
    let one_of = [
        "任选其一",
        "任选一",
        "二选一",
        "三选一",
        "选其一",
        "选一",
        "其中之一",
    ];
    if !one_of.iter().any(|mark| word.contains(mark)) {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for name in word.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))) {
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && !names.iter().any(|n| n == name)
        {
            names.push(name.to_owned());
        }
    }
    (names.len() >= 2).then_some(RequiredWord::OneOf(names))
}
