//! Owns values and containers: what a bracket opens, where it ends, and what was meant by it.

use super::lexer::{
    Lexer, WordPlace, is_close, is_comma, is_null, is_number, is_open, is_quote, truth,
};
use super::members::{Items, take_comment};
use super::{MAX_DEPTH, Node, NodeKind};
use crate::source::Span;

/// What opened a container.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Brace,
    Square,
    /// `array(`, as PHP writes it.
    Round,
    /// Members without braces around them.
    Missing,
}

impl Bracket {
    fn close(self) -> Option<char> {
        match self {
            Self::Brace => Some('}'),
            Self::Square => Some(']'),
            Self::Round => Some(')'),
            Self::Missing => None,
        }
    }
}

pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    /// How many containers of each bracket are open.
    open: [usize; 4],
    /// Whether the end came too early was said already.
    pub(super) cut_off: bool,
}

/// A value and the comment that stands behind its opening bracket.
pub(super) struct Valued {
    pub(super) node: Node,
    pub(super) quoted: bool,
    pub(super) comment: Option<String>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            lexer: Lexer::new(text),
            open: [0; 4],
            cut_off: false,
        }
    }

    pub(super) fn at_php_array(&self) -> bool {
        self.php_array_length().is_some()
    }

    fn php_array_length(&self) -> Option<usize> {
        let rest = self.lexer.rest();
        let name = rest.get(..5)?;
        let behind = rest[5..].trim_start_matches([' ', '\t']);
        (name.eq_ignore_ascii_case("array") && behind.starts_with('('))
            .then_some(rest.len() - behind.len() + 1)
    }

    /// Whether a member without quotes and braces begins here, or a PHP array.
    pub(super) fn at_bare_start(&self) -> bool {
        let rest = self.lexer.rest();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')))
            .unwrap_or(rest.len());
        let behind = rest[length..].trim_start_matches([' ', '\t']);
        let names = rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'));
        let colon = behind.starts_with(['：', ':']) && !behind.starts_with("://");
        names && (colon || behind.starts_with("=>") || self.at_php_array())
    }

    pub(super) fn value(&mut self, place: WordPlace, depth: usize) -> Valued {
        match self.lexer.peek() {
            Some('{') => self.container(Bracket::Brace, depth),
            Some('[') => self.container(Bracket::Square, depth),
            Some(c) if is_quote(c) => {
                let start = self.lexer.at;
                let quoted = self.lexer.quoted(place == WordPlace::Value);
                self.cut_off |= !quoted.closed && self.lexer.rest().trim().is_empty();
                let kind = NodeKind::Text(quoted.text);
                Valued {
                    node: Node::new(kind, self.lexer.span_from(start)),
                    quoted: true,
                    comment: None,
                }
            }
            _ if self.at_php_array() => self.container(Bracket::Round, depth),
            _ => self.word_value(place),
        }
    }

    fn word_value(&mut self, place: WordPlace) -> Valued {
        let start = self.lexer.at;
        let in_parentheses = self.open[Bracket::Round as usize] > 0;
        let word = self.lexer.word(place, in_parentheses);
        let span = self.lexer.span_from(start);
        let mut mended = None;
        let kind = if word.is_empty() {
            NodeKind::Null
        } else if is_number(word) {
            NodeKind::Number(word.to_owned())
        } else if let Some(value) = truth(word) {
            mended = (!matches!(word, "true" | "false")).then_some("a truth value in capitals");
            NodeKind::Bool(value)
        } else if is_null(word) {
            mended = (word != "null").then_some("null under another name");
            NodeKind::Null
        } else {
            mended = Some("an unquoted word");
            NodeKind::Text(word.to_owned())
        };
        if let Some(message) = mended
            && place != WordPlace::Key
        {
            self.lexer.issue(message, span, false);
        }
        Valued {
            node: Node::new(kind, span),
            quoted: false,
            comment: None,
        }
    }

    pub(super) fn container(&mut self, bracket: Bracket, depth: usize) -> Valued {
        let start = self.lexer.at;
        if depth > MAX_DEPTH {
            self.skip_container();
            let span = self.lexer.span_from(start);
            self.lexer.issue("nested too deeply", span, true);
            return Valued {
                node: Node::new(NodeKind::Null, span),
                quoted: false,
                comment: None,
            };
        }
        match bracket {
            Bracket::Brace | Bracket::Square => self.lexer.at += 1,
            Bracket::Round => {
                self.lexer.at += self.php_array_length().unwrap_or_default();
                let span = self.lexer.span_from(start);
                self.lexer.issue("a PHP array", span, false);
            }
            Bracket::Missing => {}
        }
        self.open[bracket as usize] += 1;
        self.lexer.trivia();
        let comment = take_comment(&mut self.lexer, |c| !c.own_line && c.ends_line);
        let mut items = Items::default();
        let end = self.items(bracket, depth, &mut items);
        self.open[bracket as usize] -= 1;
        // What was said behind the last item is said of nothing.
        self.lexer.comments.clear();
        let span = Span::new(start, end);
        Valued {
            node: self.close(bracket, items, span),
            quoted: false,
            comment,
        }
    }

    /// Reads up to the closing bracket, and returns where the container ends.
    fn items(&mut self, bracket: Bracket, depth: usize, items: &mut Items) -> usize {
        let mut end = self.lexer.at;
        loop {
            self.lexer.trivia();
            let at = self.lexer.at;
            let Some(c) = self.lexer.peek() else {
                if bracket != Bracket::Missing && !std::mem::replace(&mut self.cut_off, true) {
                    let span = Span::new(at, at);
                    self.lexer.issue("the sample is cut off", span, true);
                }
                return if bracket == Bracket::Missing { end } else { at };
            };
            if bracket == Bracket::Missing && (is_open(c) || items.has_only_values()) {
                return end;
            }
            if is_close(c) {
                if bracket.close() == Some(c) {
                    self.lexer.at += 1;
                    return self.lexer.at;
                }
                let opened = [Bracket::Brace, Bracket::Square, Bracket::Round]
                    .into_iter()
                    .any(|b| b.close() == Some(c) && self.open[b as usize] > 0);
                if opened {
                    let span = Span::new(at, at);
                    self.lexer
                        .issue("a closing bracket is missing", span, false);
                    return at;
                }
                self.lexer.at += 1;
                let span = self.lexer.span_from(at);
                self.lexer.issue("a bracket closes nothing", span, false);
            } else if is_comma(c) {
                self.lexer.bump();
                let span = self.lexer.span_from(at);
                self.lexer.issue("a comma too many", span, false);
            } else if self.lexer.ellipsis() {
                let span = self.lexer.span_from(at);
                self.lexer.issue("an ellipsis was skipped", span, false);
                self.separator(None);
            } else {
                self.item(bracket, depth, items);
                end = self.lexer.at;
                self.separator(Some(items));
            }
        }
    }

    /// Turns what stood between brackets into what was meant.
    fn close(&mut self, bracket: Bracket, mut items: Items, span: Span) -> Node {
        if items.bare.is_empty() {
            let list = matches!(bracket, Bracket::Square | Bracket::Round);
            if items.members.is_empty() && list {
                return Node::new(NodeKind::Array(Vec::new()), span);
            }
            match bracket {
                Bracket::Square => self.lexer.issue("members in square brackets", span, false),
                Bracket::Missing => {
                    let at = Span::new(span.start, span.start);
                    self.lexer.issue("the outer braces are missing", at, false);
                }
                Bracket::Brace | Bracket::Round => {}
            }
            return Node::new(NodeKind::Object(items.members), span);
        }
        if !items.members.is_empty() {
            self.lexer
                .issue("values without a key were dropped", span, true);
            return Node::new(NodeKind::Object(items.members), span);
        }
        if bracket == Bracket::Brace || bracket == Bracket::Missing {
            if items.bare.len() == 1
                && let Some(only) = items.bare.pop()
            {
                if bracket == Bracket::Brace {
                    self.lexer.issue("doubled braces", span, false);
                }
                return only;
            }
            self.lexer.issue("a list in braces", span, false);
        }
        Node::new(NodeKind::Array(items.bare), span)
    }

    /// Skips a container without a call per level.
    fn skip_container(&mut self) {
        let mut depth = 0usize;
        loop {
            self.lexer.trivia();
            self.lexer.comments.clear();
            match self.lexer.peek() {
                None => return,
                Some(c) if is_quote(c) => {
                    self.lexer.quoted(false);
                }
                Some(c) => {
                    self.lexer.bump();
                    match c {
                        '{' | '[' | '(' => depth += 1,
                        '}' | ']' | ')' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if depth == 0 && is_close(c) {
                        return;
                    }
                }
            }
        }
    }
}
