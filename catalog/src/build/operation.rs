//! Owns what one entry says of an operation: what is asked, what is answered, and what holds of the call.

use std::borrow::Cow;

use super::fields::{self, Side, Split};
use super::nest::name_cell;
use super::{Reader, envelope, place, samples, source};
use crate::config::{Layouts, ReplyException, ReplyLayout, selects, succeeds};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, Note, Row, SampleKind};
use crate::json::Value;
use crate::model::{Choice, Field, Operation, OperationKind, Place, Rule, Scope};
use crate::prose;

impl Reader<'_> {
    pub(super) fn operation(
        &self,
        entry: &Entry,
        kind: OperationKind,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Operation {
        let layouts = self.config.layouts(entry.api.as_deref());
        let wire = entry.path.as_ref().or(entry.wire.first());
        let wire = wire.cloned().unwrap_or_default();
        let wire = match kind {
            OperationKind::Endpoint => place::template(&wire),
            OperationKind::Command | OperationKind::Call => wire,
        };
        diagnostics.extend(place::doubts(entry));
        let mut params = self.params(entry, layouts, diagnostics);
        let (codes, mut reply) = self.reply(entry, layouts, diagnostics);
        let whole = self.payload(entry, &entry.returns, diagnostics);
        if let Some((name, payload)) = whole {
            (reply.payload, reply.structure) = (payload, Some(name));
            reply.fields.retain(|field| field.place == Place::Envelope);
        }
        let scope = self.bind_session(entry, &wire, &mut params);
        let named = |patterns: &[String]| {
            let mut patterns = patterns.iter();
            patterns.any(|p| selects(p, &entry.operation_id) || selects(p, &wire))
        };
        let mut exceptions = layouts.reply.exception.iter();
        let declared = exceptions.find(|exception| named(&exception.operations));
        Operation {
            id: entry.operation_id.clone(),
            kind,
            title: entry.title.clone(),
            method: entry.method.clone(),
            scope,
            auth: self.is_authorised(entry),
            safe: named(&self.config.safe),
            rules: rules(entry, &params),
            params,
            returns: reply.fields,
            reply: reply.payload,
            structure: reply.structure,
            codes,
            exception: exception(entry, layouts.reply, declared.cloned()),
            pace_ms: pace_ms(entry),
            deprecated: entry.deprecated,
            samples: samples(entry),
            notes: entry.notes.clone(),
            source: source(entry),
            ..Operation::new("", &wire)
        }
    }

    fn params(
        &self,
        entry: &Entry,
        layouts: Layouts<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Field> {
        if prints_returns_again(entry) {
            let message = format!(
                "`{}` prints its {} reply rows again as parameters; it takes none",
                entry.title,
                entry.params.len()
            );
            let finding = Diagnostic::new(Code::RepeatedTable, message)
                .at_if(entry.params.first().and_then(|row| row.at.clone()))
                .help("remove the table, or give it a 必选 column if the operation does take them");
            diagnostics.push(finding);
            return Vec::new();
        }
        let shape = envelope::shape(entry, SampleKind::Request, layouts);
        let side = Side::request(entry, self.config, layouts, &shape, &self.known);
        let payload = layouts.request.payload.as_deref();
        let mut rows = Cow::Borrowed(&entry.params);
        for (n, clash) in place::clashes(entry, payload).into_iter().rev() {
            rows.to_mut().remove(n);
            diagnostics.push(clash);
        }
        let read = fields::read(&rows, &side, diagnostics);
        // Keys of the envelope stay, so that a clash is seen.
        let mut fields = read.split(payload, &[], false).fields;
        place::put(entry, &mut fields, diagnostics);
        fields.retain(|field| !self.is_authorization(field));
        fields
    }

    /// Whether a parameter is what `[auth]` sends.
    fn is_authorization(&self, field: &Field) -> bool {
        let auth = self.config.auth.as_ref();
        field.place == Place::Header
            && auth.is_some_and(|auth| auth.header.eq_ignore_ascii_case(&field.wire))
    }

    /// The documented result codes, and the reply without its envelope.
    fn reply(
        &self,
        entry: &Entry,
        layouts: Layouts<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Vec<Choice>, Split) {
        let payload = layouts.reply.payload.as_deref();
        let shape = envelope::shape(entry, SampleKind::Reply, layouts);
        let side = Side::received(entry, self.config, payload, &shape, &self.known);
        let read = fields::read(&entry.returns, &side, diagnostics);
        let keys = layouts.reply.code.iter();
        let codes = keys.flat_map(|key| read.values_of(key)).collect();
        let managed = envelope::reply_keys(layouts);
        (codes, read.split(payload, &managed, false))
    }

    /// Whether the documents list the header that authorises among those of the operation.
    fn is_authorised(&self, entry: &Entry) -> bool {
        self.config.auth.as_ref().is_some_and(|auth| {
            let headers = entry
                .headers
                .iter()
                .map(|header| header.name.trim_matches('*'));
            let params = entry.params.iter();
            let params = params.filter(|row| place::of(entry, row) == Some(Place::Header));
            let mut names = headers.chain(params.map(|row| row.name.as_str()));
            names.any(|name| name_cell(name).name.eq_ignore_ascii_case(&auth.header))
        })
    }

    fn bind_session(&self, entry: &Entry, wire: &str, params: &mut [Field]) -> Scope {
        let Some(session) = &self.config.session else {
            return Scope::Client;
        };
        let excepted = session
            .except
            .iter()
            .any(|p| selects(p, &entry.operation_id) || selects(p, wire));
        match params.iter_mut().find(|field| field.wire == session.param) {
            Some(field) if !excepted => {
                field.session = true;
                if field.required {
                    Scope::Session(session.scope.clone())
                } else {
                    Scope::Either(session.scope.clone())
                }
            }
            _ => Scope::Client,
        }
    }
}

/// What result codes mean here: a documented list has no place for a code, so it is a success without.
fn exception(
    entry: &Entry,
    reply: &ReplyLayout,
    declared: Option<ReplyException>,
) -> Option<ReplyException> {
    let replies = entry.samples.iter().filter(|s| s.kind == SampleKind::Reply);
    let mut lists = replies
        .map(|sample| matches!(sample.value, Value::Array(_)))
        .peekable();
    let own = declared.as_ref().filter(|own| !own.success.is_empty());
    let success = own.map_or(&reply.success, |own| &own.success);
    if success.is_empty() || succeeds(success, "") || lists.peek().is_none() || !lists.all(|is| is)
    {
        return declared;
    }
    let success = [&success[..], &[String::new()]].concat();
    let other = declared.unwrap_or_else(|| ReplyException {
        operations: vec![entry.operation_id.clone()],
        success: Vec::new(),
        busy: Vec::new(),
        expired: Vec::new(),
        why: "the documented answer is a list".to_owned(),
    });
    Some(ReplyException { success, ..other })
}

/// The vendor printed the reply table twice. Only equal rows, none of them marked, are a reprint.
fn prints_returns_again(entry: &Entry) -> bool {
    let key = |row: &Row| (row.name.clone(), row.ty.clone(), row.description.clone());
    !entry.params.is_empty()
        && entry.params.iter().all(|row| row.required.is_none())
        && entry
            .params
            .iter()
            .map(key)
            .eq(entry.returns.iter().map(key))
}

/// What ties several fields to one another.
fn rules(entry: &Entry, params: &[Field]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for field in params.iter().filter(|field| !field.one_of.is_empty()) {
        let rule = Rule::OneOf(field.one_of.clone());
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules.extend(
        entry
            .notes
            .iter()
            .filter_map(|note| prose::count_rule(note.text()?)),
    );
    rules
}

/// How far apart calls are to be, wherever the section says it.
fn pace_ms(entry: &Entry) -> Option<(u32, u32)> {
    let cells = entry.params.iter().map(|row| row.description.as_str());
    let mut texts = entry.notes.iter().filter_map(Note::text).chain(cells);
    texts.find_map(prose::pace_ms)
}
