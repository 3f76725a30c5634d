//! Owns one item: which table and which example says what about an operation or an event.

use crate::config::pattern;
use crate::config::{Fact, ItemKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, BlockKind, Line, Table, Text};
use crate::entry::{
    Announcer, Entry, EntryKind, Header, Note, Row, SampleEntry, SampleKind, ValueTable,
};
use crate::json::Value;
use crate::slug;
use crate::source::Span;
use crate::spelling;

use super::account::Fate;
use super::between_items::code_note;
use super::dialect::{self, Label, caption_container};
use super::outline::Part;
use super::table_doubts::FULL_WIDTH_PIPE;
use super::table_meaning::{self, Meaning, as_note};
use super::{Reading, almost, line_doubts, samples, table_doubts};

/// Where the next table or example of an item belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Headers,
    Params,
    Returns,
    Event,
}

pub(super) fn read(reading: &mut Reading<'_>, part: &Part<'_>) {
    let Some(found) = &part.item else { return };
    let kind = entry_kind(found.kind);
    let mut entry = reading.new_entry(kind, &part.module.slug, &part.title);
    entry.at = Some(reading.file.location(part.span));
    entry.deprecated = part.struck;
    entry.wire.clone_from(&found.caught.wires);
    if kind == EntryKind::Structure && found.caught.title.is_none() {
        // Its heading says nothing else.
        entry.title = entry.wire.concat();
    }
    if let Some(path) = &found.caught.path {
        entry.path = Some(path_of(path));
        entry.method = Some(
            found
                .caught
                .method
                .clone()
                .unwrap_or_else(|| "POST".to_owned()),
        );
        entry.request_url = path.contains("://").then(|| path.clone());
    }
    // A structure has one table, as an event has.
    let own = match kind {
        EntryKind::Event | EntryKind::Structure => Side::Event,
        _ => Side::Params,
    };
    let mut item = Item {
        side: own,
        own,
        entry,
        container: None,
        caption: String::new(),
        expects_method: false,
        announced: Entry::default(),
        announces: false,
        unknown: None,
        is_announced: false,
    };
    for (n, block) in part.blocks.iter().enumerate() {
        let below = part.blocks.get(n + 1..).unwrap_or_default();
        let fate = item.take(reading, block, leads(below));
        reading.account.take(reading.file, block.span, fate);
    }
    item.finish(reading);
}

struct Item {
    /// Where the next table belongs, by the last caption.
    side: Side,
    /// Where a table without a caption belongs.
    own: Side,
    entry: Entry,
    /// The container that the last caption names.
    container: Option<String>,
    /// The last caption, as it is printed.
    caption: String,
    /// A caption has announced the method.
    expects_method: bool,
    /// What the gateway sends because of this operation.
    announced: Entry,
    announces: bool,
    /// What stands right above looks like a caption, and is none that is known.
    unknown: Option<(String, Span)>,
    /// A caption stands above that no table and no example has had yet.
    is_announced: bool,
}

/// Whether a table, a fence or a list comes next, behind what lines say.
fn leads(below: &[&Block]) -> bool {
    if let Some(BlockKind::Line(line)) = below.first().map(|block| &block.kind)
        && line.bullet.is_some()
    {
        return true;
    }
    let mut below = below.iter().map(|block| &block.kind);
    let next = below.find(|kind| !matches!(kind, BlockKind::Line(_)));
    matches!(next, Some(BlockKind::Table(_) | BlockKind::Fence(_)))
}

impl Item {
    fn take(&mut self, reading: &mut Reading<'_>, block: &Block, leads: bool) -> Fate {
        match &block.kind {
            BlockKind::Heading(heading) => self.heading(reading, &heading.text, block.span),
            BlockKind::Line(line) => self.line(reading, line, block.span, leads),
            BlockKind::Fence(fence) => {
                let fate = self.fence(reading, fence);
                (self.unknown, self.is_announced) = (None, false);
                fate
            }
            BlockKind::Table(table) => {
                let fate = self.table(reading, table, block.span);
                (self.unknown, self.is_announced) = (None, false);
                fate
            }
        }
    }

    fn heading(&mut self, reading: &mut Reading<'_>, text: &Text, span: Span) -> Fate {
        self.expects_method = reading.dialect.announces_method(&text.plain);
        self.unknown = None;
        if self.caption(reading, text, true) || reading.dialect.is_part(&text.plain) {
            return Fate::Read;
        }
        if let Some(meant) = almost::heading(&text.plain) {
            let message = format!(
                "`{}` is almost an operation, and was not read as one",
                text.plain
            );
            let finding = Diagnostic::new(Code::AlmostOperation, message);
            let finding = finding.help(format!("write `{meant}`, or word it otherwise"));
            reading
                .diagnostics
                .push(finding.at(reading.file.location(span)));
            return Fate::Unread;
        }
        self.unknown = Some((text.plain.clone(), span));
        let title = text.plain.clone();
        self.entry.notes.push(Note::Title { title });
        Fate::Documentation
    }

    fn line(&mut self, reading: &mut Reading<'_>, line: &Line, span: Span, leads: bool) -> Fate {
        let text = &line.text;
        self.unknown = None;
        if self.method_below(reading, &text.plain)
            || self.fact(reading, text)
            || self.header(text, line.bullet.is_some())
        {
            return Fate::Read;
        }
        if let Some(finding) = line_doubts::doubt(line, reading.dialect) {
            let at = reading.file.location(span);
            reading.diagnostics.push(finding.at(at));
            return Fate::Unread;
        }
        if line.bullet.is_none() && self.caption(reading, text, text.bold || leads) {
            return Fate::Read;
        }
        let Some(remark) = reading.dialect.remark(&text.plain) else {
            return Fate::Read;
        };
        self.entry.notes.push(Note::Text(remark.to_owned()));
        if reading.dialect.looks_like_caption(text) {
            self.unknown = Some((text.plain.clone(), span));
        }
        // A slip in a caption speaks up whatever it announces; headers are a list.
        if reading.dialect.nearest_caption(&text.plain).is_some()
            && self.report_unknown_label(reading)
        {
            return Fate::Unread;
        }
        Fate::Documentation
    }

    /// The table or example below a caption that nobody knows belongs where the one above did.
    fn report_unknown_label(&mut self, reading: &mut Reading<'_>) -> bool {
        let Some((label, span)) = self.unknown.take().filter(|_| self.own == Side::Params) else {
            return false;
        };
        // It was a caption, and no documentation.
        self.entry.notes.pop();
        let near = reading.dialect.nearest_caption(&label);
        let near = near.map(|near| format!(" (did you mean `{near}`?)"));
        let read_as = match self.side {
            Side::Headers => "headers",
            Side::Params => "what is sent",
            Side::Returns => "what comes back",
            Side::Event => "what an event carries",
        };
        let key = label.trim_end_matches([':', '：']);
        let message = format!(
            "`{key}` does not say what stands below it{}: read as {read_as}",
            near.unwrap_or_default()
        );
        let finding = Diagnostic::new(Code::UnknownLabel, message)
            .because(key)
            .at(reading.file.location(span))
            .help("write a known caption, such as 请求参数 or 返回参数, or say what it means")
            .fix(format!(
                "[dialect.labels]\nreturns = [{}] # or params, headers, event",
                spelling::toml_string(key)
            ));
        reading.diagnostics.push(finding);
        true
    }

    /// Takes the method on the line below `请求方式`.
    fn method_below(&mut self, reading: &Reading<'_>, line: &str) -> bool {
        let announces = reading.dialect.announces_method(line);
        let expected = std::mem::replace(&mut self.expects_method, announces);
        announces || (expected && self.method(line))
    }

    fn method(&mut self, text: &str) -> bool {
        let method = dialect::method(text).filter(|_| self.entry.path.is_some());
        let known = method.is_some();
        self.entry.method = method.or_else(|| self.entry.method.take());
        known
    }

    /// Takes a `key: value` line that tells something about the item as a whole.
    fn fact(&mut self, reading: &Reading<'_>, line: &Text) -> bool {
        let Some((fact, value)) = reading.dialect.fact(&line.plain) else {
            return false;
        };
        if value.is_empty() {
            return false;
        }
        match fact {
            Fact::Id => self.entry.operation_id = value.to_owned(),
            Fact::Title => self.entry.title = value.to_owned(),
            Fact::Url => self.entry.request_url = Some(value.to_owned()),
            Fact::Slot => self.entry.slot = Some(value.to_owned()),
            Fact::Structure if self.entry.kind == EntryKind::Structure => return false,
            Fact::Structure => self.entry.structure = Some(value.to_owned()),
            // The page that upstream read is not the file that we read.
            Fact::Doc => {}
            Fact::Method => return self.method(value),
            Fact::Codes => {
                for code in pattern::codes(value) {
                    if !self.entry.wire.contains(&code) {
                        self.entry.wire.push(code);
                    }
                }
            }
        }
        true
    }

    fn header(&mut self, line: &Text, bullet: bool) -> bool {
        if self.side != Side::Headers || !bullet {
            return false;
        }
        let Some((name, value)) = line.raw.split_once([':', '：']) else {
            return false;
        };
        self.entry.headers.push(Header {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
        });
        true
    }

    /// Takes a line that announces the next table or example.
    fn caption(&mut self, reading: &Reading<'_>, text: &Text, stands_out: bool) -> bool {
        let plain = text.plain.as_str();
        let stands_out =
            stands_out || dialect::ends_in_colon(plain) || reading.dialect.is_part(plain);
        if !stands_out || !reading.dialect.may_announce(plain) {
            return false;
        }
        let label = reading.dialect.label(plain);
        let container = caption_container(plain);
        let is_caption = label.is_some() || container.is_some();
        if !is_caption && !reading.dialect.announces_example(plain) {
            return false;
        }
        let names_address = container_is_address(reading, plain);
        self.caption = plain.trim_end_matches([':', '：']).to_owned();
        self.is_announced = true;
        match label {
            Some(Label::Event) if self.own == Side::Params => self.side = Side::Event,
            Some(Label::Event) => {}
            Some(Label::Headers) => self.side = Side::Headers,
            Some(Label::Returns) if self.own == Side::Params => self.side = Side::Returns,
            // `data中的参数` speaks of the container, `参数` of the request.
            Some(Label::Params) if self.own == Side::Params && container.is_none() => {
                self.side = Side::Params;
            }
            Some(Label::Returns | Label::Params) | None => {}
        }
        self.container = if names_address { None } else { container };
        true
    }

    fn fence(&mut self, reading: &mut Reading<'_>, fence: &crate::document::Fence) -> Fate {
        let label = reading.dialect.label(&self.caption);
        let announced = label.is_some() || reading.dialect.announces_example(&self.caption);
        let kind = match (self.own, label) {
            (Side::Event, _) => SampleKind::Event,
            (_, Some(Label::Event)) => SampleKind::Event,
            (_, Some(Label::Returns)) => SampleKind::Reply,
            _ if reading.dialect.announces_request(&self.caption) => SampleKind::Request,
            _ => match self.side {
                Side::Event => SampleKind::Event,
                Side::Returns => SampleKind::Reply,
                Side::Headers | Side::Params => SampleKind::Request,
            },
        };
        let (found, issues) = samples::read(fence, kind, &sample_label(&self.caption));
        if found.is_empty() {
            let code = code_note(fence);
            let fate = code.as_ref().map_or(Fate::Read, |_| Fate::Documentation);
            self.entry.notes.extend(code);
            return fate;
        }
        let announced = announced || names_itself(reading, &found);
        let is_sure = label.is_some() && self.is_announced;
        if !self.report_unknown_label(reading)
            && (kind == SampleKind::Request && !announced || !is_sure && self.belies(kind, &found))
        {
            let finding = unlabelled(&self.entry, fence, kind, reading);
            reading.diagnostics.push(finding);
        }
        // What an open fence has swallowed is no slip of the example.
        for issue in issues.into_iter().filter(|_| fence.closed) {
            let at = Span::new(
                fence.text_span.start + issue.span.start,
                fence.text_span.start + issue.span.end,
            );
            reading.diagnostics.push(
                Diagnostic::new(
                    Code::BrokenSample,
                    format!(
                        "the example of `{}` was mended: {}",
                        self.entry.title, issue.message
                    ),
                )
                .at(reading.file.location(at))
                .help(if issue.severe {
                    "complete the example: part of it may have been lost"
                } else {
                    "nothing was lost; write the example as JSON"
                }),
            );
        }
        let target = if kind == SampleKind::Event && self.own != Side::Event {
            self.announces = true;
            &mut self.announced
        } else {
            &mut self.entry
        };
        target.samples.extend(found);
        Fate::Read
    }

    /// Whether an example shows more names of the other side than of that which it is read as.
    fn belies(&self, kind: SampleKind, found: &[SampleEntry]) -> bool {
        let (own, other) = match kind {
            SampleKind::Request => (&self.entry.params, &self.entry.returns),
            SampleKind::Reply => (&self.entry.returns, &self.entry.params),
            SampleKind::Event => return false,
        };
        let mut keys = Vec::new();
        found
            .iter()
            .for_each(|sample| names(&sample.value, &mut keys));
        let shared = |rows: &[Row]| {
            let named = |row: &&Row| {
                keys.iter()
                    .any(|key| row.name.rsplit('.').next() == Some(key))
            };
            rows.iter().filter(named).count()
        };
        shared(other) > shared(own)
    }

    fn table(&mut self, reading: &mut Reading<'_>, table: &Table, span: Span) -> Fate {
        let rows = count(reading, table);
        let container = self.container.take();
        let doubts = table_doubts::rows(table, reading.file);
        reading.diagnostics.extend(doubts);
        match table_meaning::understand(table, reading.dialect, reading.file) {
            Meaning::Fields {
                container: titled,
                rows: fields,
            } => {
                let container = titled.or(container);
                if container.is_none() {
                    self.report_unknown_label(reading);
                }
                if self.side != Side::Headers {
                    let doubts = table_doubts::titles(table, reading.dialect, reading.file);
                    reading.diagnostics.extend(doubts);
                }
                let fields = fields.into_iter().map(|row| Row {
                    container: container.clone(),
                    ..row
                });
                let is_row = |row: &Row| !row.name.contains(FULL_WIDTH_PIPE);
                let fields: Vec<Row> = fields.filter(is_row).collect();
                reading.tally.unread += rows - fields.len();
                self.fields(reading, fields);
            }
            Meaning::Values { field, values } => {
                reading.tally.values += rows;
                let field = field.unwrap_or_else(|| self.caption.clone());
                self.values_target().push(ValueTable {
                    field,
                    forms: false,
                    values,
                });
            }
            Meaning::Forms { field, values } => {
                reading.tally.values += rows;
                self.values_target().push(ValueTable {
                    field,
                    forms: true,
                    values,
                });
            }
            Meaning::Reference => {
                reading.tally.reference += rows;
                self.entry.notes.push(as_note(table));
                return Fate::Documentation;
            }
            Meaning::Index(_) | Meaning::Events(_) | Meaning::Unknown => {
                unread(reading, table, span);
                return Fate::Unread;
            }
        }
        Fate::Read
    }

    fn values_target(&mut self) -> &mut Vec<ValueTable> {
        if self.side == Side::Event && self.own != Side::Event {
            &mut self.announced.values
        } else {
            &mut self.entry.values
        }
    }

    fn fields(&mut self, reading: &mut Reading<'_>, rows: Vec<Row>) {
        // The headers were listed already: this table is what it would be without them.
        if self.side == Side::Headers && !self.entry.headers.is_empty() {
            self.side = self.own;
        }
        match self.side {
            Side::Headers => {
                reading.tally.headers += rows.len();
                self.entry
                    .headers
                    .extend(rows.into_iter().map(|row| Header {
                        name: row.name,
                        value: row.description,
                    }));
                self.side = self.own;
            }
            Side::Returns if same_table(&self.entry.returns, &rows) => {
                reading.tally.repeated += rows.len();
                reading.diagnostics.push(
                    Diagnostic::new(
                        Code::RepeatedTable,
                        format!(
                            "the reply table of `{}` is printed twice; read once",
                            self.entry.title
                        ),
                    )
                    .at_if(rows.first().and_then(|row| row.at.clone()))
                    .help("remove one of the tables"),
                );
            }
            Side::Returns => {
                reading.tally.fields += rows.len();
                self.entry.returns.extend(rows);
            }
            Side::Event if self.own != Side::Event => {
                reading.tally.fields += rows.len();
                self.announces = true;
                self.announced.params.extend(rows);
            }
            Side::Params | Side::Event => {
                reading.tally.fields += rows.len();
                self.entry.params.extend(rows);
            }
        }
    }

    fn finish(mut self, reading: &mut Reading<'_>) {
        let title = self.entry.title.clone();
        let own = match self.entry.operation_id.as_str() {
            "" => synthesized_id(&self.entry),
            own => own.to_owned(),
        };
        self.entry.operation_id = reading.dialect.identity(&title, own);
        let announcing = announcing_param(reading, &self.entry)
            .filter(|_| self.entry.kind != EntryKind::Structure);
        let (id, module) = (self.entry.operation_id.clone(), self.entry.module.clone());
        match self.entry.kind {
            EntryKind::Event => reading.tally.event_sections += 1,
            EntryKind::Structure => reading.tally.structures += 1,
            _ => reading.tally.operations += 1,
        }
        let at = self.entry.at.clone();
        reading.entries.push(self.entry);
        if !self.announces && announcing.is_none() {
            return;
        }
        let own = reading.new_entry(
            EntryKind::Event,
            &module,
            &reading.dialect.callback_title(&title),
        );
        reading.entries.push(Entry {
            operation_id: format!("{id}_callback"),
            announced_by: Some(Announcer {
                operation_id: id,
                param: announcing.unwrap_or_default(),
            }),
            params: self.announced.params,
            values: self.announced.values,
            samples: self.announced.samples,
            at,
            ..own
        });
    }
}

fn entry_kind(kind: ItemKind) -> EntryKind {
    match kind {
        ItemKind::Endpoint => EntryKind::Endpoint,
        ItemKind::Command => EntryKind::Command,
        ItemKind::Call => EntryKind::Call,
        ItemKind::Event => EntryKind::Event,
        ItemKind::Structure => EntryKind::Structure,
    }
}

/// The path of a documented URL: `http://域名地址/foreign/auth/login` → `/foreign/auth/login`.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| {
        rest.find('/')
            .map_or("/", |at| rest.get(at..).unwrap_or("/"))
    });
    rest.split(['?', '#']).next().unwrap_or(rest).to_owned()
}

/// Module and wire name make an id that stays when titles are reworded.
fn synthesized_id(entry: &Entry) -> String {
    let wire = entry
        .path
        .as_deref()
        .or_else(|| entry.wire.first().map(String::as_str));
    let name = match wire {
        Some(wire) => wire
            .rsplit('/')
            .find(|part| !part.is_empty() && !part.starts_with(['{', ':']))
            .unwrap_or(wire)
            .to_owned(),
        None => slug::slug(&entry.title),
    };
    format!("{}_{name}", entry.module).replace('-', "_")
}

/// The parameter that takes the address of a callback.
fn announcing_param(reading: &Reading<'_>, entry: &Entry) -> Option<String> {
    let wanted = &reading
        .config
        .layouts(reading.api.as_deref())
        .event
        .announce;
    entry.params.iter().find_map(|row| {
        let name = crate::document::plain(&row.name);
        wanted
            .iter()
            .find(|param| {
                name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .next()
                    == Some(param.as_str())
            })
            .cloned()
    })
}

fn container_is_address(reading: &Reading<'_>, caption: &str) -> bool {
    let caption = spelling::fold(caption);
    reading
        .config
        .layouts(reading.api.as_deref())
        .event
        .announce
        .iter()
        .any(|param| caption.starts_with(&spelling::fold(param)))
}

/// Whether an example has the member that names the operation in a request.
fn names_itself(reading: &Reading<'_>, found: &[SampleEntry]) -> bool {
    let layouts = reading.config.layouts(reading.api.as_deref());
    let command = layouts.request.command.as_deref();
    command.is_some_and(|key| found.iter().any(|sample| sample.value.get(key).is_some()))
}

/// Every name in a value.
fn names<'v>(value: &'v Value, keys: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            keys.push(key);
            names(value, keys);
        }),
        Value::Array(elements) => elements.iter().for_each(|value| names(value, keys)),
        _ => {}
    }
}

/// An example that nothing announces.
fn unlabelled(
    entry: &Entry,
    fence: &crate::document::Fence,
    kind: SampleKind,
    reading: &Reading<'_>,
) -> Diagnostic {
    let read = match kind {
        SampleKind::Request => "sent",
        SampleKind::Reply | SampleKind::Event => "coming back",
    };
    let message = format!(
        "nothing says what this example of `{}` shows: read as what is {read}",
        entry.title
    );
    Diagnostic::new(Code::UnlabelledSample, message)
        .at(reading.file.location(fence.text_span))
        .help("write 请求示例 or 返回示例 above it")
}

/// What a caption says beyond that it announces an example: `返回示例（code 200）` → `code 200`.
fn sample_label(caption: &str) -> String {
    let Some(open) = caption.find(['（', '(']) else {
        return String::new();
    };
    caption
        .get(open..)
        .unwrap_or_default()
        .trim_matches(['（', '）', '(', ')', ' '])
        .to_owned()
}

fn same_table(known: &[Row], rows: &[Row]) -> bool {
    let key = |row: &Row| (row.name.clone(), row.ty.clone(), row.description.clone());
    !rows.is_empty() && known.iter().map(key).eq(rows.iter().map(key))
}

/// Counts a table; the number of its rows is what must be accounted for.
pub(super) fn count(reading: &mut Reading<'_>, table: &Table) -> usize {
    reading.tally.tables += 1;
    reading.tally.headerless += usize::from(table.header.is_none());
    reading.tally.rows += table.rows.len();
    reading.tally.blank_rows += table.blank_rows;
    table.rows.len()
}

/// Reports a table that nothing could use.
pub(super) fn unread(reading: &mut Reading<'_>, table: &Table, span: Span) {
    reading.tally.unread += table.rows.len();
    let titles: Vec<&str> = table
        .header
        .iter()
        .flat_map(|header| header.cells.iter().map(|cell| cell.plain.as_str()))
        .collect();
    let first = titles.first().copied().unwrap_or_default();
    let at = table.header.as_ref().map_or(span, |header| header.span);
    reading.diagnostics.push(
        Diagnostic::new(
            Code::UnknownTable,
            format!(
                "no column of this table is known ({}): {} rows were not read",
                titles.join(", "),
                table.rows.len()
            ),
        )
        .at(reading.file.location(at))
        .because(titles.join(", "))
        .help("say what its columns are, or that it only explains")
        .fix(format!(
            "[dialect.columns]\nname = [{0}] # or, where it only explains: [dialect.labels] reference = [{0}]",
            spelling::toml_string(first)
        )),
    );
}
