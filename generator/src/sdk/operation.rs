//! Owns one operation: its request, its constructor, its reply, its documentation.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Place, Reply, Rule, Scope};

use super::Annotator;
use super::example::{self, Called, Making, Shown};
use super::flow;
use super::object::{Owner, plain};
use crate::case::Words;
use crate::docs;
use crate::names::{self, Side, derived};
use crate::sdk::{Constructor, Operation, Param, Type};

/// What the runtime sends.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// More positional arguments than this cannot be told apart at the call.
const MOST_POSITIONAL: usize = 3;

impl Annotator<'_> {
    pub(super) fn operation(
        &mut self,
        module: &str,
        operation: &Arc<model::Operation>,
        named: &names::Called,
    ) -> Operation {
        let (words, request) = (&named.words, named.request.clone());
        let at = || operation.source.at.clone();
        self.claim(&request, &operation.id, at(), self.rename.clone());
        let params = self.params(words, operation);
        let constructor = self.constructor(operation, &params);
        if matches!(constructor, Constructor::Named(_)) {
            let holder = derived::holder(&request);
            self.claim(&holder, &operation.id, at(), self.rename.clone());
        }
        let (reply, beside) = self.reply(words, operation);
        self.check_verb(operation);
        let method = named.method.clone();
        let receiver = self.handle().to_lowercase();
        let called = Called {
            module,
            method: &method,
            on_client: !matches!(operation.scope, Scope::Session(_)),
            receiver: &receiver,
        };
        let limits = flow::limits(operation);
        let pages = operation.page.as_ref().map(|_| derived::pages(&method));
        let chunked = flow::chunked(&method, &limits, &params, &reply);
        let wrap = self.wrap(operation);
        let making = Making {
            request: &request,
            params: &params,
            constructor: &constructor,
            limits: &limits,
            choices: &self.scope.choices,
            shown: Shown::of(operation, wrap.as_deref()),
        };
        let (made, example) = (making.made(), example::lines(&called, &making));
        Operation {
            model: Arc::clone(operation),
            former: self.namer.former(operation, &method),
            method,
            former_types: Vec::new(),
            wrap,
            beside,
            limits,
            chunked,
            pages,
            job: None,
            docs: self.documentation(operation, &reply),
            request,
            params,
            constructor,
            reply,
            made,
            example,
        }
    }

    /// A method that the runtime does not send is an error.
    fn check_verb(&mut self, operation: &model::Operation) {
        let verb = verb(operation);
        if !METHODS.contains(&verb.as_str()) {
            let message = format!("`{}` is sent with {verb}", operation.title);
            let unknown = Diagnostic::error(Code::BadCatalog, message)
                .at_if(operation.source.at.clone())
                .help(format!("the SDK sends {}", METHODS.join(", ")));
            self.namer.report(unknown);
        }
    }

    /// What is sent, the session's parameter left out.
    fn params(&mut self, words: &Words, operation: &model::Operation) -> Vec<Param> {
        let owner = Owner {
            words: words.clone(),
            id: operation.id.clone(),
            at: names::Place::new(Side::Call, &operation.id),
            api: self.api.clone(),
        };
        let is_asked = |field: &&model::Field| !field.session && field.always().is_none();
        let fields = operation.params.iter().filter(is_asked);
        let members = self.members(&owner, fields.clone());
        let layouts = self.config.layouts(self.api.as_deref());
        let wrapped = layouts.request.payload.is_some();
        let param = |(field, model): (_, &model::Field)| Param {
            field,
            required: model.required,
            place: written_at(operation, model.place, wrapped),
            either: Vec::new(),
        };
        let mut params = members.into_iter().zip(fields).map(param).collect();
        for either in &operation.either {
            self.choose(&owner, operation, either, &mut params);
        }
        params
    }

    fn constructor(&mut self, operation: &model::Operation, params: &[Param]) -> Constructor {
        let required = params.iter().filter(|param| param.required);
        let required: Vec<String> = required.map(|param| param.field.wire.clone()).collect();
        let ordered = self.namer.arguments(operation, &required);
        let index = |wire: &String| params.iter().position(|param| &param.field.wire == wire);
        let indices: Vec<usize> = ordered.iter().filter_map(index).collect();
        let types: BTreeSet<String> = indices
            .iter()
            .filter_map(|at| params.get(*at))
            .map(|param| param.field.ty.rust())
            .collect();
        if indices.len() <= MOST_POSITIONAL && types.len() == indices.len() {
            Constructor::Positional(indices)
        } else {
            Constructor::Named(indices)
        }
    }

    /// What the data of a reply is, and whether its fields stand beside the code.
    fn reply(&mut self, words: &Words, operation: &model::Operation) -> (Type, bool) {
        if let Some(answered) = self.answered(operation) {
            return (answered, false);
        }
        let reply = derived::reply(words);
        let owner = Owner {
            words: reply.clone(),
            id: operation.id.clone(),
            at: names::Place::new(Side::Reply, &operation.id),
            api: self.api.clone(),
        };
        let title = docs::escaped(&operation.title);
        if operation
            .returns
            .iter()
            .any(|field| field.place == Place::Envelope)
        {
            let fields = self.whole_reply(operation);
            return (
                self.object(&owner, format!("“{title}”的返回。"), &fields),
                true,
            );
        }
        let shared = self.places.get(&operation.id).cloned().map(Type::Object);
        let shared = shared.or_else(|| self.whole(&owner, operation.structure.as_deref()));
        let ty = match operation.reply {
            Reply::Nothing => Type::Unit,
            Reply::Object if operation.returns.is_empty() => Type::Maybe(Box::new(Type::Json)),
            Reply::Object => match shared {
                Some(shared) => shared,
                None => self.object(&owner, format!("“{title}”的返回数据。"), &operation.returns),
            },
            Reply::Objects => {
                let item = Owner {
                    words: derived::item(&reply),
                    ..owner
                };
                let one = match shared {
                    Some(shared) => shared,
                    None => {
                        self.object(&item, format!("“{title}”返回的一项。"), &operation.returns)
                    }
                };
                Type::List(Box::new(one))
            }
            Reply::Value(ty) => Type::Maybe(Box::new(plain(ty))),
            Reply::Values(ty) => Type::List(Box::new(plain(ty))),
        };
        (ty, false)
    }

    /// Payload and what stands beside it, as one object.
    fn whole_reply(&self, operation: &model::Operation) -> Vec<model::Field> {
        let beside = |field: &model::Field| field.place == Place::Envelope;
        let (mut fields, inside): (Vec<_>, Vec<_>) =
            operation.returns.iter().cloned().partition(beside);
        let key = self
            .config
            .layouts(self.api.as_deref())
            .reply
            .payload
            .clone();
        if let Some(key) = key.filter(|_| !inside.is_empty()) {
            let list = matches!(operation.reply, Reply::Objects);
            let object = model::Type::Object;
            let mut payload = model::Field::new(key, if list { object.listed() } else { object });
            payload.fields = inside;
            payload.structure.clone_from(&operation.structure);
            fields.insert(0, payload);
        }
        fields
    }
}

/// Where the runtime writes a field: of a request without an envelope all is payload, and that of a `GET` is its query.
pub(super) fn written_at(operation: &model::Operation, place: Place, wrapped: bool) -> Place {
    match place {
        Place::Envelope if !wrapped => Place::Payload,
        Place::Query if verb(operation) == "GET" => Place::Payload,
        place => place,
    }
}

/// The HTTP method, `POST` where none is documented.
pub(super) fn verb(operation: &model::Operation) -> String {
    let verb = operation.method.as_deref().unwrap_or("POST");
    verb.to_ascii_uppercase()
}

impl Annotator<'_> {
    /// Title, wire name, remarks, limits, rules and the page: what a reader of rustdoc needs.
    fn documentation(&self, operation: &model::Operation, reply: &Type) -> Vec<String> {
        let title = docs::escaped(&operation.title);
        let mut lines = vec![format!("{title}：`{}`。", docs::code(&operation.wire))];
        let remark = self.remark_on_session(operation).map(|line| vec![line]);
        let notes = Some(docs::notes(&operation.notes)).filter(|notes| !notes.is_empty());
        let facts = facts(operation, reply).into_iter().map(|line| vec![line]);
        for paragraph in remark.into_iter().chain(notes).chain(facts) {
            lines.push(String::new());
            lines.extend(paragraph);
        }
        lines
    }

    /// What is said here alone of the parameter that the session carries, and that no caller gives.
    fn remark_on_session(&self, operation: &model::Operation) -> Option<String> {
        let usual = &self.session.as_ref()?.title;
        let bound = operation.params.iter().find(|field| field.session)?;
        (!bound.title.is_empty() && bound.title != *usual).then(|| {
            format!(
                "`{}`：{}",
                docs::code(&bound.wire),
                docs::escaped(&bound.title)
            )
        })
    }
}

/// Pace, rules and answer, a paragraph each.
fn facts(operation: &model::Operation, reply: &Type) -> Vec<String> {
    let mut lines = Vec::new();
    let mut sentences = operation.notes.iter().filter_map(model::Note::text);
    let said = sentences.any(|note| note.contains("间隔"));
    if let Some((least, most)) = operation.pace_ms.filter(|_| !said) {
        let range = if least == most {
            least.to_string()
        } else {
            format!("{least}–{most}")
        };
        lines.push(format!("两次调用间隔 {range} 毫秒。"));
    }
    lines.extend(operation.rules.iter().map(rule));
    if let Type::Event(name) = reply
        && operation.answer.is_some()
    {
        lines.push(format!("回答是一个事件的内容：[`callback::{name}`]。"));
    }
    lines
}

fn rule(rule: &Rule) -> String {
    let code = |name: &String| format!("`{}`", docs::code(name));
    match rule {
        Rule::OneOf(names) => format!(
            "{} 任选其一。",
            names.iter().map(code).collect::<Vec<_>>().join("、")
        ),
        Rule::CountEquals { field, mark, list } => {
            format!(
                "{} 中 {} 的个数等于 {} 的个数。",
                code(field),
                code(mark),
                code(list)
            )
        }
    }
}
