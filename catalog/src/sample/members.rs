//! Owns what stands between brackets: keys, colons, commas, and the comments that belong to them.

use std::collections::HashMap;

use super::lexer::{Comment, Lexer, WordPlace, is_close, is_comma, is_open, is_quote};
use super::parser::{Bracket, Parser, Valued};
use super::{Member, Node, NodeKind};
use crate::source::Span;

/// What a container held so far.
#[derive(Default)]
pub(super) struct Items {
    pub(super) members: Vec<Member>,
    index: HashMap<String, usize>,
    /// Values without a key.
    pub(super) bare: Vec<Node>,
    /// Whether the last member has a comment from its own line.
    line_comment: bool,
}

impl Parser<'_> {
    /// Reads a member, or a value without a key.
    pub(super) fn item(&mut self, bracket: Bracket, depth: usize, items: &mut Items) {
        let above = take_comment(&mut self.lexer, |_| true);
        let place = match bracket {
            Bracket::Square => WordPlace::Element,
            _ => WordPlace::Key,
        };
        let start = self.lexer.at;
        let first = self.value(place, depth + 1);
        let end = self.lexer.at;
        if first.node.is_container() || self.lexer.at == start {
            if self.lexer.at == start {
                self.lexer.bump();
                let span = self.lexer.span_from(start);
                self.lexer.issue("a stray sign was skipped", span, true);
            } else {
                items.bare.push(first.node);
            }
            return;
        }
        self.lexer.trivia();
        let colon = self.lexer.colon();
        let line_ended = self.lexer.text[end..self.lexer.at].contains('\n');
        let value_follows = self
            .lexer
            .peek()
            .is_some_and(|c| is_open(c) || is_quote(c) || c.is_ascii_digit());
        let forgot_colon =
            bracket == Bracket::Brace && first.quoted && value_follows && !line_ended;
        if colon.is_some() || forgot_colon {
            self.member(&first, colon, above, depth, items);
        } else if bracket == Bracket::Square || bracket == Bracket::Round {
            if place == WordPlace::Key {
                self.report_word(&first);
            }
            items.bare.push(first.node);
        } else if !first.quoted {
            let span = first.node.span;
            self.lexer
                .issue("text without a key was skipped", span, true);
        } else if bracket == Bracket::Missing && items.members.is_empty() {
            items.bare.push(first.node);
        } else if !self.cut_off {
            let span = first.node.span;
            self.lexer.issue("a key has no value", span, true);
            let key = key_of(&self.lexer, &first);
            let value = Node::new(NodeKind::Null, span);
            items.insert(&mut self.lexer, key, span, value, None);
        }
    }

    fn report_word(&mut self, word: &Valued) {
        if !word.quoted && word.node.as_text().is_some() {
            self.lexer.issue("an unquoted word", word.node.span, false);
        }
    }

    fn member(
        &mut self,
        key: &Valued,
        colon: Option<usize>,
        above: Option<String>,
        depth: usize,
        items: &mut Items,
    ) {
        let key_span = key.node.span;
        if !key.quoted {
            self.lexer.issue("an unquoted key", key_span, false);
        }
        self.colon(colon);
        let between = take_comment(&mut self.lexer, |_| true);
        let at = self.lexer.at;
        let mut behind = None;
        let missing = self.lexer.peek().is_none_or(|c| is_comma(c) || is_close(c));
        let node = if missing || self.lexer.ellipsis() {
            let span = self.lexer.span_from(at);
            let message = if missing {
                "a key has no value"
            } else {
                "an ellipsis was skipped"
            };
            self.lexer.issue(message, span, missing);
            Node::new(NodeKind::Null, span)
        } else {
            let value = self.value(WordPlace::Value, depth + 1);
            behind = value.comment;
            value.node
        };
        items.line_comment = between.is_some() || behind.is_some();
        let comment = between.or(behind).or(above);
        let key = key_of(&self.lexer, key);
        items.insert(&mut self.lexer, key, key_span, node, comment);
    }

    /// Goes from a key to its value, over a colon of this length if there is one.
    fn colon(&mut self, length: Option<usize>) {
        let at = self.lexer.at;
        self.lexer.at += length.unwrap_or_default();
        match length {
            None => self
                .lexer
                .issue("a colon is missing", Span::new(at, at), false),
            Some(1) if self.lexer.text[at..].starts_with(':') => {}
            Some(_) => {
                let span = self.lexer.span_from(at);
                self.lexer
                    .issue("another sign in place of a colon", span, false);
            }
        }
        let rest = self.lexer.rest();
        let value = rest.trim_start_matches(' ');
        let is_hash_word = value
            .strip_prefix('#')
            .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_alphanumeric()));
        if is_hash_word {
            // `#fff` is no comment.
            self.lexer.at += rest.len() - value.len();
        } else {
            self.lexer.trivia();
        }
    }

    /// Reads what stands between an item and the next: comments of the former, and a comma.
    pub(super) fn separator(&mut self, items: Option<&mut Items>) {
        let item_end = self.lexer.at;
        self.lexer.trivia();
        let mut behind = take_comment(&mut self.lexer, |c| !c.own_line);
        let at = self.lexer.at;
        match self.lexer.peek() {
            Some(c) if is_comma(c) => {
                self.lexer.bump();
                if c != ',' {
                    let span = self.lexer.span_from(at);
                    self.lexer
                        .issue("another sign in place of a comma", span, false);
                }
                self.lexer.trivia();
                let after = take_comment(&mut self.lexer, |c| !c.own_line && c.ends_line);
                behind = behind.or(after);
                if self.lexer.peek().is_none_or(is_close) {
                    let span = Span::new(at, at + c.len_utf8());
                    self.lexer
                        .issue("a comma behind the last item", span, false);
                }
            }
            Some(c) if !is_close(c) => {
                let same_line = !self.lexer.text[item_end..at].contains('\n');
                let element =
                    c.is_ascii_digit() && items.as_ref().is_some_and(|i| i.has_only_values());
                let begins = is_open(c) || is_quote(c) || element || self.at_bare_start();
                if same_line && !begins {
                    behind = behind.or(self.annotation());
                } else {
                    self.lexer
                        .issue("a comma is missing", Span::new(at, at), false);
                }
            }
            _ => {}
        }
        // What stands on the line tells more than what stands above it.
        if let (Some(comment), Some(items)) = (behind, items)
            && !items.line_comment
            && let Some(member) = items.members.last_mut()
        {
            member.comment = Some(comment);
        }
    }

    /// Words behind a value that are no comment by their looks: `"type": 78  int 信息分类`.
    fn annotation(&mut self) -> Option<String> {
        let start = self.lexer.at;
        let rest = self.lexer.rest();
        let length = rest
            .find(|c| matches!(c, '\n' | ',') || is_open(c) || is_close(c) || is_quote(c))
            .unwrap_or(rest.len());
        self.lexer.at += length;
        let span = self.lexer.span_from(start);
        self.lexer.issue("words behind a value", span, false);
        if self.lexer.peek() == Some(',') {
            self.lexer.at += 1;
        }
        let words = rest[..length].trim();
        (!words.is_empty()).then(|| words.to_owned())
    }
}

impl Items {
    /// Whether values were read, and none of them had a key.
    pub(super) fn has_only_values(&self) -> bool {
        self.members.is_empty() && !self.bare.is_empty()
    }

    fn insert(
        &mut self,
        lexer: &mut Lexer<'_>,
        key: String,
        key_span: Span,
        value: Node,
        comment: Option<String>,
    ) {
        let place = *self.index.entry(key.clone()).or_insert(self.members.len());
        let member = Member {
            key,
            key_span,
            value,
            comment,
        };
        if let Some(earlier) = self.members.get_mut(place) {
            lexer.issue("a key stands twice; the last one counts", key_span, true);
            *earlier = member;
        } else {
            self.members.push(member);
        }
    }
}

/// The text of a key; a number or `null` is a name there, as it was written.
fn key_of(lexer: &Lexer<'_>, key: &Valued) -> String {
    match &key.node.kind {
        NodeKind::Text(text) => text.clone(),
        _ => lexer.text[key.node.span.range()].to_owned(),
    }
}

/// Takes those of the waiting comments that are wanted, as one; the others go on waiting.
pub(super) fn take_comment(
    lexer: &mut Lexer<'_>,
    wanted: impl Fn(&Comment) -> bool,
) -> Option<String> {
    if lexer.comments.is_empty() {
        return None;
    }
    let mut lines = Vec::new();
    lexer.comments.retain(|comment| {
        let take = wanted(comment);
        if take && !comment.text.is_empty() {
            lines.push(comment.text.clone());
        }
        !take
    });
    (!lines.is_empty()).then(|| lines.join("\n"))
}
