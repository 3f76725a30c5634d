//! Owns the outline of a document: its modules, its items, and which blocks belong to which.

use crate::config::Config;
use crate::document::{Block, BlockKind, Document, Text};
use crate::source::{SourceFile, Span};

use super::beginnings::Found;
use super::chapter::{Module, stem, titles};
use super::dialect::Dialect;

/// The parts of a document, in order.
#[derive(Debug)]
pub(super) struct Outline<'d> {
    /// Its chapters.
    pub(super) modules: Vec<Module>,
    /// Items and what stands between them.
    pub(super) parts: Vec<Part<'d>>,
    /// Headings, and the lines that name items: no part has them among its blocks.
    pub(super) taken: Vec<Span>,
}

impl Outline<'_> {
    /// The highest level at which an item's heading stands.
    pub(super) fn item_level(&self) -> Option<u8> {
        let items = self.parts.iter().filter(|part| part.item.is_some());
        items.filter_map(|part| part.level).min()
    }
}

/// A run of blocks under one item, or under none.
#[derive(Debug)]
pub(super) struct Part<'d> {
    /// The item that the blocks document.
    pub(super) item: Option<Found>,
    /// The item's title, or that of the nearest heading.
    pub(super) title: String,
    /// The chapter.
    pub(super) module: Module,
    /// The level of its heading, if it has one.
    pub(super) level: Option<u8>,
    /// The item's title is struck through.
    pub(super) struck: bool,
    /// Where it starts.
    pub(super) span: Span,
    /// Its blocks, the item's own heading left out.
    pub(super) blocks: Vec<&'d Block>,
}

/// A heading that encloses what follows.
struct Open<'d> {
    level: u8,
    title: &'d str,
    anchors: &'d [String],
    span: Span,
    struck: bool,
}

/// One in-page link of a table of contents: which anchor belongs to which group.
struct Indexed {
    anchor: String,
    group: String,
}

pub(super) fn outline<'d>(
    document: &'d Document,
    file: &SourceFile,
    config: &Config,
    dialect: &Dialect,
) -> Outline<'d> {
    let mut builder = Builder {
        dialect,
        index: table_of_contents(document),
        by_file: Module::of_file(document, file, config, dialect),
        by_file_name: stem(file).to_owned(),
        is_page: titles(document, dialect).next().is_none(),
        marked: None,
        single_marked: marked_headings(document, dialect) == 1,
        open: Vec::new(),
        anchors: Vec::new(),
        modules: Vec::new(),
        parts: Vec::new(),
        taken: Vec::new(),
        item_level: None,
        expects_address: false,
    };
    for block in &document.blocks {
        builder.take(block);
    }
    Outline {
        modules: builder.modules,
        parts: builder.parts,
        taken: builder.taken,
    }
}

struct Builder<'d, 'c> {
    dialect: &'c Dialect,
    index: Vec<Indexed>,
    by_file: Module,
    by_file_name: String,
    /// The document has no headings but those of an item's parts.
    is_page: bool,
    marked: Option<Module>,
    /// The file's title is the title of its one marked module.
    single_marked: bool,
    open: Vec<Open<'d>>,
    /// Anchors on lines of their own, waiting for the heading below them.
    anchors: Vec<String>,
    modules: Vec<Module>,
    parts: Vec<Part<'d>>,
    taken: Vec<Span>,
    /// The level of the current item's heading; a heading of this level or higher ends it.
    item_level: Option<u8>,
    /// A caption has announced an address.
    expects_address: bool,
}

impl<'d> Builder<'d, '_> {
    fn take(&mut self, block: &'d Block) {
        match &block.kind {
            BlockKind::Heading(heading) => self.heading(block, heading.level, &heading.text),
            BlockKind::Line(line) => {
                self.anchors.extend(line.text.anchors.iter().cloned());
                let plain = &line.text.plain;
                let announced = std::mem::replace(
                    &mut self.expects_address,
                    self.dialect.announces_address(plain),
                );
                let starts = self
                    .dialect
                    .item_line(plain, &self.above())
                    .or_else(|| self.dialect.address(plain).filter(|_| announced));
                match starts {
                    Some(found) => self.named_by_line(block, found),
                    None => self.keep(block),
                }
            }
            BlockKind::Table(_) | BlockKind::Fence(_) => {
                self.expects_address = false;
                self.keep(block);
            }
        }
    }

    fn above(&self) -> Vec<&'d str> {
        self.open.iter().map(|open| open.title).collect()
    }

    fn heading(&mut self, block: &'d Block, level: u8, text: &'d Text) {
        // `##### 返回示例` opens nothing of its own, whatever its level.
        self.expects_address = self.dialect.announces_address(&text.plain);
        if self.dialect.is_part(&text.plain) {
            self.keep(block);
            return;
        }
        let waiting = std::mem::take(&mut self.anchors);
        self.open.retain(|open| open.level < level);
        let above = self.above();
        self.open.push(Open {
            level,
            title: &text.plain,
            anchors: &text.anchors,
            span: block.span,
            struck: text.struck,
        });
        if let Some(slug) = self.dialect.module_heading(&text.plain) {
            let title = if self.single_marked {
                self.by_file.title.clone()
            } else {
                slug.clone()
            };
            self.taken.push(block.span);
            self.marked = Some(Module {
                slug,
                title,
                span: block.span,
            });
            self.end_item(block, level, &text.plain);
            return;
        }
        if let Some(found) = self.dialect.item_heading(&text.plain, level, &above) {
            self.taken.push(block.span);
            let module = self.module_here(&waiting);
            let title = found
                .caught
                .title
                .clone()
                .unwrap_or_else(|| text.plain.clone());
            self.start(block.span, level, title, text.struck, module, found);
            return;
        }
        match self.item_level {
            Some(item) if level > item => self.keep(block),
            _ => {
                self.taken.push(block.span);
                self.end_item(block, level, &text.plain);
            }
        }
    }

    /// A line such as `> POST …` makes the heading above it an item.
    fn named_by_line(&mut self, block: &'d Block, found: Found) {
        let mut open = self.open.iter().rev();
        let owner = open.find(|open| self.dialect.may_be_title(open.level));
        let (level, title, span, struck) = match owner {
            Some(open) => (open.level, open.title.to_owned(), open.span, open.struck),
            // The page has one operation, and the file's name is its title.
            None if self.is_page => {
                let first = self.parts.first().map_or(block.span, |part| part.span);
                (u8::MAX, self.by_file_name.clone(), first, false)
            }
            None => {
                self.keep(block);
                return;
            }
        };
        self.taken.push(block.span);
        let module = self.module_here(&[]);
        // What already stands between the heading and the line (remarks) belongs to the item.
        let mut before = Vec::new();
        while let Some(part) = self
            .parts
            .pop_if(|part| part.item.is_none() && part.span.start >= span.start)
        {
            before.splice(0..0, part.blocks);
        }
        self.start(span, level, title, struck, module, found);
        if let Some(part) = self.parts.last_mut() {
            part.blocks = before;
        }
    }

    fn start(
        &mut self,
        span: Span,
        level: u8,
        title: String,
        struck: bool,
        module: Module,
        found: Found,
    ) {
        self.item_level = Some(level);
        if !self.modules.iter().any(|known| known.slug == module.slug) {
            self.modules.push(module.clone());
        }
        self.parts.push(Part {
            item: Some(found),
            title,
            module,
            level: (level <= 6).then_some(level),
            struck,
            span,
            blocks: Vec::new(),
        });
    }

    fn end_item(&mut self, block: &'d Block, level: u8, title: &str) {
        self.item_level = None;
        let module = self.module_here(&[]);
        self.parts.push(Part {
            item: None,
            title: title.to_owned(),
            module,
            level: Some(level),
            struck: false,
            span: block.span,
            blocks: Vec::new(),
        });
    }

    fn keep(&mut self, block: &'d Block) {
        if self.parts.is_empty() {
            self.parts.push(Part {
                item: None,
                title: String::new(),
                module: self.by_file.clone(),
                level: None,
                struck: false,
                span: block.span,
                blocks: Vec::new(),
            });
        }
        if let Some(part) = self.parts.last_mut() {
            part.blocks.push(block);
        }
    }

    /// The chapter in force: a marked heading, else the index, else the module level, else the file.
    fn module_here(&self, waiting: &[String]) -> Module {
        if let Some(marked) = &self.marked {
            return marked.clone();
        }
        let anchors = waiting
            .iter()
            .chain(self.open.iter().rev().flat_map(|open| open.anchors));
        for anchor in anchors {
            if let Some(indexed) = self.index.iter().find(|i| &i.anchor == anchor) {
                return self.titled(&indexed.group, self.by_file.span);
            }
        }
        let mut open = self.open.iter();
        if let Some(open) = open.find(|open| self.dialect.is_module_level(open.level)) {
            return self.titled(open.title, open.span);
        }
        self.by_file.clone()
    }

    fn titled(&self, title: &str, span: Span) -> Module {
        Module::titled(self.dialect, title, span)
    }
}

fn marked_headings(document: &Document, dialect: &Dialect) -> usize {
    let marked = |block: &&Block| match &block.kind {
        BlockKind::Heading(heading) => dialect.module_heading(&heading.text.plain).is_some(),
        BlockKind::Line(_) | BlockKind::Table(_) | BlockKind::Fence(_) => false,
    };
    document.blocks.iter().filter(marked).count()
}

/// Reads the links of a table of contents: a leaf belongs to the list item above it, or else to the
/// heading above the list.
fn table_of_contents(document: &Document) -> Vec<Indexed> {
    let mut found = Vec::new();
    let mut heading = "";
    let mut parents: Vec<(usize, &str, &str)> = Vec::new();
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Heading(h) => {
                heading = &h.text.plain;
                parents.clear();
            }
            BlockKind::Line(line) => {
                let (Some(bullet), Some(link)) = (&line.bullet, line.text.links.first()) else {
                    continue;
                };
                let Some(anchor) = link.target.strip_prefix('#') else {
                    continue;
                };
                parents.retain(|(indent, ..)| *indent < bullet.indent);
                let group = parents.last().map_or(heading, |(_, text, _)| text);
                found.push(Indexed {
                    anchor: anchor.to_owned(),
                    group: group.to_owned(),
                });
                parents.push((bullet.indent, &link.text, anchor));
            }
            BlockKind::Table(_) | BlockKind::Fence(_) => {}
        }
    }
    found
}
