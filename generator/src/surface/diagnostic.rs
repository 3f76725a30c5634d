//! Owns how a diagnostic looks: as rustc prints it, with the place, the line, and the mend to paste.

use catalog::diagnostic::{Diagnostic, Severity};
use catalog::source::{Location, SourceFile};

use super::columns::plural;
use super::excerpt::excerpt;
use super::{Paint, escape};

/// Where a diagnostic points.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file as people see it.
    pub path: &'a str,
    /// Where in the file.
    pub location: &'a Location,
    /// The file; without it there is no line to show.
    pub file: Option<&'a SourceFile>,
}

/// A diagnostic in full, ending in a line break.
pub fn render(diagnostic: &Diagnostic, place: Option<Place<'_>>, paint: Paint) -> String {
    let colour = Colour {
        severity: diagnostic.severity(),
        paint,
    };
    let head = colour.of(&format!(
        "{}[{}]",
        word(diagnostic.severity()),
        diagnostic.code
    ));
    let message = continued(&diagnostic.message, "    ");
    let mut text = format!("{head}{} {}\n", paint.strong(":"), paint.strong(&message));
    let gutter = place.map_or(0, |place| place.location.line.to_string().len());
    if let Some(place) = place {
        text.push_str(&pointer(place, gutter, colour));
        let has_more = diagnostic.help.is_some() || diagnostic.fix.is_some();
        if has_more && place.file.is_some() {
            text.push_str(&format!("{} {}\n", " ".repeat(gutter), paint.frame("|")));
        }
    }
    let margin = " ".repeat(gutter);
    if let Some(help) = &diagnostic.help {
        let help = continued(help, &format!("{margin}         "));
        text.push_str(&format!(
            "{margin} {} {} {help}\n",
            paint.frame("="),
            paint.strong("help:")
        ));
    }
    if let Some(fix) = &diagnostic.fix {
        let title = paint.strong("paste into provider.toml:");
        text.push_str(&format!("{margin} {} {title}\n", paint.frame("=")));
        text.push_str(&block(fix, &format!("{margin}     ")));
    }
    text
}

/// `error`, `warning` or `lint`.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Lint => "lint",
    }
}

#[derive(Clone, Copy)]
struct Colour {
    severity: Severity,
    paint: Paint,
}

impl Colour {
    fn of(self, text: &str) -> String {
        match self.severity {
            Severity::Error => self.paint.error(text),
            Severity::Warning => self.paint.warning(text),
            Severity::Lint => self.paint.lint(text),
        }
    }
}

/// The arrow to the place, and the line with the span underlined.
fn pointer(place: Place<'_>, gutter: usize, colour: Colour) -> String {
    let Place {
        path,
        location,
        file,
    } = place;
    let (path, line) = (escape::line(path), location.line);
    let margin = " ".repeat(gutter);
    let arrow = colour.paint.frame("-->");
    let Some(file) = file else {
        return format!("{margin}{arrow} {path}:{line}\n");
    };
    let column = file.line_column(location.span.start).column;
    let (start, source) = file.line_at(location.span.start);
    let within = |byte: usize| byte.saturating_sub(start);
    let shown = excerpt(
        source,
        within(location.span.start)..within(location.span.end),
    );
    let bar = colour.paint.frame("|");
    let number = colour.paint.frame(&format!("{line:gutter$}"));
    let carets = colour.of(&"^".repeat(shown.marked));
    let indent = " ".repeat(shown.indent);
    format!(
        "{margin}{arrow} {path}:{line}:{column}\n\
         {margin} {bar}\n\
         {number} {bar} {}\n\
         {margin} {bar} {indent}{carets}\n",
        shown.text.trim_end(),
    )
}

/// A text whose further lines are indented.
fn continued(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(escape::line).collect();
    lines.join(&format!("\n{indent}"))
}

/// Lines to paste, indented.
fn block(text: &str, indent: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| match escape::toml_line(line) {
            line if line.is_empty() => "\n".to_owned(),
            line => format!("{indent}{line}\n"),
        })
        .collect()
}

/// What has no place of its own is about `provider.toml`: where a word of the message stands there in quotes, or the
/// file.
pub fn declared(config: &SourceFile, message: &str) -> Location {
    let mut words = message.split('`').skip(1).step_by(2);
    let found = words.find_map(|word| config.quoted(word));
    config.location(found.unwrap_or_default())
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    errors: usize,
    warnings: usize,
    lints: usize,
}

impl Count {
    /// Counts more.
    pub fn add(&mut self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            match diagnostic.severity() {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Lint => self.lints += 1,
            }
        }
    }

    /// `12 lints, 1 warning, 0 errors in 4 providers`.
    pub fn sentence(self, providers: usize) -> String {
        format!(
            "{}, {}, {} in {}",
            plural(self.lints, "lint"),
            plural(self.warnings, "warning"),
            plural(self.errors, "error"),
            plural(providers, "provider"),
        )
    }

    /// How many errors there are.
    pub fn errors(self) -> usize {
        self.errors
    }
}

#[cfg(test)]
mod tests {
    use catalog::diagnostic::Code;
    use catalog::source::Span;

    use super::*;

    fn rendered(diagnostic: &Diagnostic, path: &str, file: Option<&SourceFile>) -> String {
        let place = diagnostic.at.as_ref().map(|location| Place {
            path,
            location,
            file,
        });
        render(diagnostic, place, Paint::OFF)
    }

    fn location(file: &SourceFile, words: &str) -> Location {
        let start = file.text().find(words).unwrap();
        file.location(Span::new(start, start + words.len()))
    }

    #[test]
    fn a_finding_is_printed_as_rustc_prints_it() {
        let text = format!("{}| 标签名称 | 是 | text |\r\n", "\n".repeat(11));
        let file = SourceFile::new("specs/x.md", &text);
        let diagnostic = Diagnostic::new(Code::UnknownType, "`text` is no known type")
            .at(location(&file, "text"))
            .help("write string")
            .fix("[[correction]]\nparam = \"标签名称\"\n\nwhy = \"…\"\n");
        assert_eq!(
            rendered(
                &diagnostic,
                "catalog/providers/eyun/specs/x.md",
                Some(&file)
            ),
            "\
warning[unknown-type]: `text` is no known type
  --> catalog/providers/eyun/specs/x.md:12:14
   |
12 | | 标签名称 | 是 | text |
   |                   ^^^^
   |
   = help: write string
   = paste into provider.toml:
       [[correction]]
       param = \"标签名称\"

       why = \"…\"
"
        );
    }

    #[test]
    fn without_a_file_or_a_place_there_is_less() {
        let file = SourceFile::new("specs/x.md", "x");
        let lost = Diagnostic::error(Code::NotUtf8, "bad").at(file.location(Span::default()));
        assert_eq!(
            rendered(&lost, "specs/x.md", None),
            "error[not-utf8]: bad\n --> specs/x.md:1\n"
        );
        let nowhere = Diagnostic::error(Code::Unreadable, "gone").help("look");
        assert_eq!(
            rendered(&nowhere, "", None),
            "error[unreadable]: gone\n = help: look\n"
        );
    }

    #[test]
    fn a_span_over_several_lines_is_underlined_on_the_first() {
        let file = SourceFile::new("x.md", "ab标\n签");
        let diagnostic = Diagnostic::new(Code::BrokenSample, "x").at(location(&file, "b标\n签"));
        assert!(rendered(&diagnostic, "x.md", Some(&file)).contains("1 | ab标\n  |  ^^^\n"));
    }

    #[test]
    fn nothing_of_a_document_reaches_the_terminal_raw() {
        let evil = "\u{1b}]0;x\u{7}\u{202e}";
        let file = SourceFile::new("x.md", evil);
        let diagnostic = Diagnostic::new(Code::UnreadRow, format!("{evil}\n{evil}"))
            .at(location(&file, evil))
            .help(evil)
            .fix(format!("title = \"{evil}\""));
        let text = rendered(&diagnostic, evil, Some(&file));
        assert!(
            !text.chars().any(|c| c != '\n' && escape::is_unsafe(c)),
            "{text:?}"
        );
        assert!(
            text.contains("title = \"\\U0000001B]0;x\\U00000007\\U0000202E\""),
            "{text}"
        );
    }

    #[test]
    fn further_lines_of_a_message_are_indented() {
        let diagnostic = Diagnostic::error(Code::BadConfig, "one\nerror: two").help("a\nb");
        assert_eq!(
            rendered(&diagnostic, "", None),
            "error[bad-config]: one\n    error: two\n = help: a\n         b\n"
        );
    }

    #[test]
    fn colours_only_add() {
        let file = SourceFile::new("x.md", "标签 x");
        let diagnostic = Diagnostic::new(Code::UnknownType, "x")
            .at(location(&file, "x"))
            .help("y")
            .fix("z");
        let place = Place {
            path: "x.md",
            location: diagnostic.at.as_ref().unwrap(),
            file: Some(&file),
        };
        let coloured = render(&diagnostic, Some(place), Paint::ON);
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        assert_eq!(plain, render(&diagnostic, Some(place), Paint::OFF));
    }

    #[test]
    fn what_has_no_place_is_found_in_the_declaration() {
        let toml = "title = \"x\"\n[event.result]\nevent = \"onDon\"\n";
        let file = SourceFile::new("provider.toml", toml);
        let line = |message: &str| declared(&file, message).line;
        let named =
            "`event.result` names the event `onDon`, which is not there (did you mean `x`?)";
        assert_eq!(line(named), 3);
        assert_eq!(
            line("nothing says under which keys a message has its name"),
            1
        );
        assert_eq!(line("`odd"), 1);
    }

    #[test]
    fn findings_are_counted_in_a_sentence() {
        let mut count = Count::default();
        let lint = || Diagnostic::new(Code::SharedWire, "x");
        count.add(&[lint(), Diagnostic::new(Code::UnreadRow, "x"), lint()]);
        assert_eq!(
            count.sentence(4),
            "2 lints, 1 warning, 0 errors in 4 providers"
        );
        assert_eq!(count.errors(), 0);
    }
}
