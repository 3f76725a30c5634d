//! Owns one item: which table and which example says what about an operation or an event.

mod example;
mod table;

use crate::config::pattern;
use crate::config::{Fact, ItemKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, BlockKind, Line, Text};
use crate::entry::{Announcer, Entry, EntryKind, Header, Note};
use crate::source::Span;
use crate::spelling;

use super::account::Fate;
use super::dialect::{self, Label, caption_container};
use super::outline::Part;
use super::{Reading, address, almost, line_doubts};
pub(super) use table::{count, unread};

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
    let mut query = String::new();
    if let Some(path) = &found.caught.path {
        let parted = address::parted(path);
        entry.path = Some(parted.0);
        query = parted.1;
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
        query,
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
    /// The query of its address.
    query: String,
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

    fn finish(mut self, reading: &mut Reading<'_>) {
        let title = self.entry.title.clone();
        let findings = address::keep_constants(&mut self.entry, &self.query);
        reading.diagnostics.extend(findings);
        let own = match self.entry.operation_id.as_str() {
            "" => address::synthesized_id(&self.entry),
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
