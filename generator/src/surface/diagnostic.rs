//! Owns how a diagnostic looks: as rustc prints it, with the place, the line, and the mend to paste.

use std::fmt;

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

impl Place<'_> {
    /// The column, counted from 1.
    pub(super) fn column(&self) -> Option<u32> {
        let file = self.file?;
        Some(file.line_column(self.location.span.start).column)
    }
}

/// Further places of the same mistake that are named; the others are counted.
const MOST_PLACES: usize = 5;

/// A diagnostic in full, ending in a line break; `also` are its further places, `specs/a.md:12`.
pub fn render(
    diagnostic: &Diagnostic,
    place: Option<Place<'_>>,
    also: &[String],
    paint: Paint,
) -> String {
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
        let has_more = diagnostic.help.is_some() || diagnostic.fix.is_some() || !also.is_empty();
        if has_more && place.file.is_some() {
            text.push_str(&format!("{} {}\n", " ".repeat(gutter), paint.frame("|")));
        }
    }
    let margin = " ".repeat(gutter);
    if !also.is_empty() {
        let label = paint.strong("also at:");
        let places = further(also, &format!("{margin}            "));
        text.push_str(&format!("{margin} {} {label} {places}\n", paint.frame("=")));
    }
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

/// The first of the further places, a line each, and how many there are beyond.
fn further(also: &[String], indent: &str) -> String {
    let mut lines: Vec<String> = also
        .iter()
        .take(MOST_PLACES)
        .map(|at| escape::line(at))
        .collect();
    if let Some(more) = also.len().checked_sub(MOST_PLACES).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines.join(&format!("\n{indent}"))
}

/// `error` or `warning`.
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
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

/// How many findings there are: errors, and lints, which are all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// What is no error, accepted or not.
    pub lints: usize,
    /// Those that nobody has accepted.
    pub new: usize,
}

impl Count {
    /// Counts some.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut count = Self::default();
        for finding in findings {
            match finding.severity() {
                Severity::Error => count.errors += 1,
                Severity::Warning => {
                    count.lints += 1;
                    count.new += usize::from(finding.is_new());
                }
            }
        }
        count
    }
}

impl fmt::Display for Count {
    /// `12 lints, 3 new`, and errors where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} new", plural(self.lints, "lint"), self.new)?;
        match self.errors {
            0 => Ok(()),
            errors => write!(f, ", {}", plural(errors, "error")),
        }
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
        render(diagnostic, place, &[], Paint::OFF)
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
        let also = ["y.md:3".to_owned()];
        let coloured = render(&diagnostic, Some(place), &also, Paint::ON);
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        assert_eq!(plain, render(&diagnostic, Some(place), &also, Paint::OFF));
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
    fn further_places_are_named_and_the_rest_counted() {
        let diagnostic = Diagnostic::new(Code::UnknownType, "x").help("y");
        let also: Vec<String> = (1..8).map(|line| format!("a.md:{line}")).collect();
        let text = render(&diagnostic, None, &also, Paint::OFF);
        let expected = "\
warning[unknown-type]: x
 = also at: a.md:1
            a.md:2
            a.md:3
            a.md:4
            a.md:5
            and 2 more
 = help: y
";
        assert_eq!(text, expected);
    }

    #[test]
    fn findings_are_counted_in_a_sentence() {
        let accepted = Diagnostic {
            accepted: Some("seen".to_owned()),
            ..Diagnostic::new(Code::SharedWire, "x")
        };
        let mut findings = vec![accepted, Diagnostic::new(Code::UnreadRow, "x")];
        assert_eq!(Count::of(&findings).to_string(), "2 lints, 1 new");
        findings.push(Diagnostic::error(Code::BadConfig, "x"));
        assert_eq!(Count::of(&findings).to_string(), "2 lints, 1 new, 1 error");
    }
}
