//! Owns the words of two columns: 类型 and 必选.

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

/// Longer cells are no type words.
const LONGEST_WORD: usize = 80;

/// Longer cells say neither yes nor no.
const LONGEST_NOTE: usize = 400;

/// The meaning of a cell of the type column; `None` if the word is not known, or there is none.
pub(crate) fn type_word(cell: &str) -> Option<TypeWord> {
    if cell.len() > LONGEST_WORD {
        return None;
    }
    let plain: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\\' | '`' | '*'))
        .collect();
    let mut lower = plain.to_lowercase();
    if lower.contains('&') {
        lower = lower.replace("&lt;", "<").replace("&gt;", ">");
    }
    one_type(without_note(&lower), MAX_NESTING)
}

/// `string（可空）` is a string.
fn without_note(word: &str) -> &str {
    let noted = word.ends_with([')', '）']);
    let end = word.find(['(', '（']).filter(|at| noted && *at > 0);
    end.map_or(word, |at| &word[..at])
}

fn one_type(word: &str, depth: usize) -> Option<TypeWord> {
    let nested = depth.checked_sub(1);
    if word == "byte[]" || word == "bytes" {
        return Some(TypeWord::Bytes);
    }
    if let Some(item) = word.strip_suffix("[]") {
        return one_type(item, nested?).map(list_of);
    }
    if let Some((name, rest)) = word.split_once('<') {
        let item = rest.strip_suffix('>')?;
        if matches!(name, "map" | "hashmap") {
            return Some(TypeWord::Object);
        }
        let is_list = matches!(name, "array" | "list" | "arraylist" | "set");
        return one_type(item, nested?).filter(|_| is_list).map(list_of);
    }
    if word.contains(['/', '|', '或']) {
        let kinds: Option<Vec<TypeWord>> = word
            .split(['/', '|', '或'])
            .map(|part| one_type(part, nested?))
            .collect();
        let kinds = kinds?;
        let first = kinds.first()?.clone();
        let same = kinds.iter().all(|kind| *kind == first);
        return Some(if same { first } else { TypeWord::Any });
    }
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
