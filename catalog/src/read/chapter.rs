//! Owns chapters: what a heading, a folder or a file calls one, `## 标签` → `biao-qian`.

use crate::config::Config;
use crate::document::{BlockKind, Document};
use crate::entry::{Entry, EntryKind};
use crate::slug;
use crate::source::{SourceFile, Span};

use super::dialect::Dialect;

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) span: Span,
}

impl Module {
    /// By its title; `[[module]]` may know a better slug and title.
    pub(super) fn titled(dialect: &Dialect, title: &str, span: Span) -> Self {
        let title = title.trim();
        Self::named(dialect, title, span, slug::slug(title))
    }

    /// The same, where documents alone would call it so in paths.
    fn named(dialect: &Dialect, title: &str, span: Span, slug: String) -> Self {
        let declared = dialect.module(title);
        let name = declared.and_then(|module| module.name.as_deref());
        Self {
            slug: declared.map_or(slug, |module| module.slug.clone()),
            title: name.unwrap_or(title).to_owned(),
            span,
        }
    }

    /// What the file itself is: its name, and the first heading that starts no item.
    pub(super) fn of_file(
        document: &Document,
        file: &SourceFile,
        config: &Config,
        dialect: &Dialect,
    ) -> Self {
        // A page of its own belongs to the chapter that its folder is.
        if titles(document, dialect).nth(1).is_none()
            && let Some(folder) = folder(file, config)
        {
            let slug = slug::slug_of_stem(folder);
            return Self::named(dialect, folder, Span::default(), slug);
        }
        let heading = document.blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Heading(heading)
                if heading.level == 1
                    && dialect.item_heading(&heading.text.plain, 1, &[]).is_none() =>
            {
                Some((heading.text.plain.trim(), block.span))
            }
            _ => None,
        });
        let stem = stem(file);
        let (title, span) = heading.unwrap_or((stem, Span::default()));
        Self::named(dialect, title, span, slug::slug_of_stem(stem))
    }

    pub(super) fn entry(&self, file: &SourceFile) -> Entry {
        Entry {
            doc: file.path().to_owned(),
            title: self.title.clone(),
            module: self.slug.clone(),
            kind: EntryKind::Category,
            operation_id: format!("{}_README", self.slug.replace('-', "_")),
            at: Some(file.location(self.span)),
            ..Entry::default()
        }
    }
}

/// A file's name, without its ending.
pub(super) fn stem(file: &SourceFile) -> &str {
    let name = file.path().rsplit('/').next().unwrap_or_default();
    name.trim_end_matches(".md")
}

/// The folder that a file lies in, unless it is that of all specifications or of an API.
fn folder<'f>(file: &'f SourceFile, config: &Config) -> Option<&'f str> {
    let path = file.path().strip_prefix("specs/").unwrap_or(file.path());
    let (folders, _) = path.rsplit_once('/')?;
    let folder = folders.rsplit('/').next()?;
    let is_api = config.api.iter().any(|api| api.id == folders);
    (!is_api).then_some(folder)
}

/// The headings that are no part of an item.
pub(super) fn titles<'d>(
    document: &'d Document,
    dialect: &'d Dialect,
) -> impl Iterator<Item = &'d str> {
    let headings = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Heading(heading) => Some(heading.text.plain.as_str()),
            BlockKind::Line(_) | BlockKind::Table(_) | BlockKind::Fence(_) => None,
        });
    headings.filter(|title| !dialect.is_part(title))
}
