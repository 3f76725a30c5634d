//! Owns the vendor's habits in force: the usual ones, with those of `provider.toml` over them.

use crate::config::pattern::{Caught, METHODS, Pattern};
use crate::config::{Config, Fact, ItemKind};

/// A compiled dialect.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// See [`crate::config::Dialect::module_level`].
    pub(crate) module_level: Option<u8>,
    /// See [`crate::config::Dialect::title_level`].
    pub(crate) title_level: Option<u8>,
    module_headings: Vec<Pattern>,
    items: Vec<Item>,
    event_column: Option<String>,
    columns: Words<Column>,
    labels: Vec<(Label, Vec<String>)>,
    references: Vec<String>,
    facts: Vec<(Fact, Vec<String>)>,
    /// Captions of an address on the line below.
    addresses: Vec<String>,
}

#[derive(Debug)]
struct Item {
    kind: ItemKind,
    heading: Option<Pattern>,
    line: Option<Pattern>,
    under: Option<Pattern>,
    level: Option<u8>,
}

#[derive(Debug)]
struct Words<T>(Vec<(T, Vec<String>)>);

/// What a table's column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Field names, perhaps of a named container.
    Name(Option<String>),
    /// Whether the field is required.
    Required,
    /// The field's type.
    Type,
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

/// A recognised item.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) kind: ItemKind,
    pub(crate) caught: Caught,
}

const NAME: &[&str] = &[
    "参数名",
    "参数",
    "参数名称",
    "字段",
    "字段名",
    "字段名称",
    "参数字段",
    "数据字段",
    "名称",
    "name",
    "headers参数名",
    "请求参数",
    "返回参数",
    "返回字段",
    "field",
    "parameter",
];
const REQUIRED: &[&str] = &[
    "必选",
    "必填",
    "必须参数",
    "必须",
    "必需",
    "是否必需",
    "是否必须",
    "是否必填",
    "是否必选",
    "固定字段",
    "required",
];
const TYPE: &[&str] = &["类型", "字段类型", "参数类型", "数据类型", "type"];
const DESCRIPTION: &[&str] = &[
    "说明",
    "字段说明",
    "参数说明",
    "描述",
    "备注",
    "含义",
    "参数的含义",
    "参数含义",
    "desc",
    "description",
    "意义",
    "解释",
];
const VALUE: &[&str] = &["值", "取值", "value"];
/// Titles such as `data中的参数` name the container.
const CONTAINER_SUFFIXES: &[&str] = &["中的参数", "中的字段", "的参数", "的字段"];
/// Titles such as `scene的值` name the field whose values follow.
const VALUE_SUFFIXES: &[&str] = &["的值", "状态参数", "示例", "的取值"];
const FORM_SUFFIX: &str = "的样式";
/// Captions such as `data含义` name the container: what may follow its name.
const CONTAINER_WORDS: &[&str] = &[
    "含义",
    "解析",
    "数据说明",
    "字段",
    "数据",
    "中的",
    "说明",
    "是",
    "为",
    "释义",
];

/// Words before an address: `请求URL：/send`, or with the address on the next line.
const ADDRESS: &[&str] = &[
    "请求URL",
    "请求地址",
    "请求路径",
    "接口URL",
    "接口地址",
    "接口路径",
    "URL",
    "Path",
];
const METHOD: &[&str] = &[
    "请求方式",
    "请求方法",
    "请求类型",
    "提交方式",
    "method",
    "httpmethod",
];
/// What else the sections of an item are called; as headings, none of them starts anything new.
const PARTS: &[&str] = &[
    "简要描述",
    "参数",
    "请求参数",
    "请求示例",
    "请求头",
    "header",
    "headers",
    "返回",
    "返回示例",
    "返回参数",
    "返回参数说明",
    "返回数据",
    "返回结果",
    "响应",
    "响应参数",
    "响应示例",
    "响应数据",
    "备注",
];

impl Dialect {
    /// Compiles the habits in force. The patterns were checked when `provider.toml` was read.
    pub(crate) fn new(config: &Config) -> Self {
        let own = &config.dialect;
        let compile = |text: &Option<String>| text.as_deref().and_then(|t| Pattern::parse(t).ok());
        let usual = |kind, heading: Option<&str>, line: Option<&str>| Item {
            kind,
            heading: heading.and_then(|t| Pattern::parse(t).ok()),
            line: line.and_then(|t| Pattern::parse(t).ok()),
            under: None,
            level: None,
        };
        let mut items: Vec<Item> = own
            .item
            .iter()
            .map(|item| Item {
                kind: item.kind,
                heading: compile(&item.heading),
                line: compile(&item.line),
                under: compile(&item.under),
                level: item.level,
            })
            .collect();
        for heading in [
            "{method} {path}",
            "{method} {path} {title}",
            "{title} {method} {path}",
        ] {
            items.push(usual(ItemKind::Endpoint, Some(heading), None));
        }
        items.push(usual(ItemKind::Endpoint, None, Some("{method} {path}")));
        for word in ADDRESS {
            for line in [
                format!("{word}:{{path}}"),
                format!("{word}:{{method}} {{path}}"),
            ] {
                items.push(usual(ItemKind::Endpoint, None, Some(&line)));
            }
        }
        items.push(usual(ItemKind::Call, None, Some("命令码:{wire}")));
        let with = |usual: &[&str], own: &[String]| {
            usual
                .iter()
                .map(|word| (*word).to_owned())
                .chain(own.iter().map(|word| title_key(word)))
                .collect::<Vec<_>>()
        };
        let facts = |fact: Fact, usual: &[&str]| {
            (
                fact,
                with(usual, own.facts.get(&fact).map_or(&[][..], Vec::as_slice)),
            )
        };
        Self {
            module_level: own.module_level,
            title_level: own.title_level,
            module_headings: ["模块:{slug}", "module:{slug}"]
                .iter()
                .filter_map(|text| Pattern::parse(text).ok())
                .collect(),
            items,
            event_column: own.event_column.as_deref().map(title_key),
            columns: Words(vec![
                (Column::Name(None), with(NAME, &own.columns.name)),
                (Column::Required, with(REQUIRED, &own.columns.required)),
                (Column::Type, with(TYPE, &own.columns.ty)),
                (
                    Column::Description,
                    with(DESCRIPTION, &own.columns.description),
                ),
                (Column::Value(None), with(VALUE, &[])),
            ]),
            labels: vec![
                (
                    Label::Event,
                    with(&["回调", "callback", "推送数据"], &own.labels.event),
                ),
                (
                    Label::Headers,
                    with(&["header", "请求头"], &own.labels.headers),
                ),
                (
                    Label::Returns,
                    with(
                        &["返回", "响应", "应答", "response", "出参"],
                        &own.labels.returns,
                    ),
                ),
                (
                    Label::Params,
                    with(
                        &["参数", "请求", "request", "入参", "form data"],
                        &own.labels.params,
                    ),
                ),
            ],
            references: with(&[], &own.labels.reference),
            facts: vec![
                facts(Fact::Id, &["operationid"]),
                facts(Fact::Title, &["title", "标题"]),
                facts(Fact::Url, &["requesturl"]),
                facts(Fact::Codes, &["messagetype"]),
                facts(Fact::Slot, &["配置项"]),
                facts(Fact::Doc, &["doc"]),
                facts(Fact::Method, METHOD),
            ],
            addresses: ADDRESS.iter().map(|word| title_key(word)).collect(),
        }
    }

    /// The slug that a heading such as ``模块：`biao-qian` `` names.
    pub(crate) fn module_heading(&self, heading: &str) -> Option<String> {
        self.module_headings
            .iter()
            .find_map(|pattern| pattern.matches(heading)?.slug)
    }

    /// Whether a heading is an item's own.
    pub(crate) fn item_heading(&self, text: &str, level: u8, above: &[&str]) -> Option<Found> {
        self.items.iter().find_map(|item| {
            let pattern = item.heading.as_ref()?;
            if item.level.is_some_and(|wanted| wanted != level) || !item.is_under(above) {
                return None;
            }
            let caught = pattern.matches(text)?;
            Some(Found {
                kind: item.kind,
                caught,
            })
        })
    }

    /// Whether a line below a heading names an item.
    pub(crate) fn item_line(&self, text: &str, above: &[&str]) -> Option<Found> {
        self.items.iter().find_map(|item| {
            let pattern = item.line.as_ref()?;
            if !item.is_under(above) {
                return None;
            }
            let caught = pattern.matches(text)?;
            Some(Found {
                kind: item.kind,
                caught,
            })
        })
    }

    /// Whether a line only announces the address on the next.
    pub(crate) fn announces_address(&self, text: &str) -> bool {
        self.addresses.contains(&caption_key(text))
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
        facts.any(|(_, keys)| keys.iter().any(|known| known == key))
    }

    /// What a column holds, by its title.
    pub(crate) fn column(&self, title: &str) -> Column {
        let key = title_key(title);
        if self.event_column.as_ref() == Some(&key) {
            return Column::Event;
        }
        if let Some((column, _)) = self
            .columns
            .0
            .iter()
            .find(|(_, words)| words.contains(&key))
        {
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

    /// Whether a row of cells looks like column titles.
    pub(crate) fn is_header(&self, cells: &[&str]) -> bool {
        cells.iter().any(|cell| self.column(cell) != Column::Other)
    }

    /// Whether a table explains rather than defines, by the title of its first column.
    pub(crate) fn is_reference(&self, first_column: &str) -> bool {
        self.references.contains(&title_key(first_column))
    }

    /// What a caption announces.
    pub(crate) fn label(&self, caption: &str) -> Option<Label> {
        let caption = title_key(caption);
        self.labels
            .iter()
            .find(|(_, words)| words.iter().any(|word| caption.contains(word.as_str())))
            .map(|(label, _)| *label)
    }

    /// The fact that a `key: value` line tells.
    pub(crate) fn fact<'t>(&self, line: &'t str) -> Option<(Fact, &'t str)> {
        let (key, value) = line.split_once([':', '：'])?;
        let key = key.split(['(', '（']).next().unwrap_or_default();
        let key = title_key(key);
        self.facts
            .iter()
            .find(|(_, keys)| keys.contains(&key))
            .map(|(fact, _)| (*fact, value.trim()))
    }
}

impl Item {
    fn is_under(&self, above: &[&str]) -> bool {
        self.under.as_ref().is_none_or(|pattern| {
            above
                .iter()
                .any(|heading| pattern.matches(heading).is_some())
        })
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
    !text.is_empty()
        && !text.starts_with('.')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.[]$".contains(c))
        && text.chars().any(|c| c.is_ascii_alphabetic() || c == '_')
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
