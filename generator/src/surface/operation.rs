//! Owns what users can name of an operation: its methods and its request.

use catalog::config::in_words;
use catalog::model::{self, Page, Place, Rule};

use super::{Item, Kind, types};
use crate::sdk::{Job, Limit, Operation, Param, Sdk};

/// The methods of an operation, and its request.
pub(super) fn items(sdk: &Sdk, operation: &Operation) -> Vec<Item> {
    let mut items = vec![method(sdk, operation), request(sdk, operation)];
    items.extend(flows(operation));
    items
}

fn method(sdk: &Sdk, operation: &Operation) -> Item {
    let client = operation.on_client().then_some(sdk.handle.as_str());
    let session = sdk.session.iter().filter(|_| operation.on_session());
    let reached = client.into_iter().chain(session.map(|on| on.ty.as_str()));
    let reached = reached.map(|on| Item::new(Kind::Quality, &format!("reached from {on}")));
    let signature = format!("({}) -> {}", operation.request, operation.reply.rust());
    let item = Item::new(Kind::Method, &operation.method)
        .wire(&identity(sdk, operation))
        .title(&operation.model.title)
        .rust(signature)
        .deprecated(operation.model.deprecated)
        .with(reached);
    answered(
        called(sdk, item, operation).travels("answered by", answers(sdk, operation)),
        operation,
    )
}

/// What tells an operation apart on the wire: several may share a path.
fn identity(sdk: &Sdk, operation: &Operation) -> String {
    let named = sdk.named_by(operation);
    let named = named.map_or_else(String::new, |(key, name)| format!(" {key}={name}"));
    format!("{} {}{named}", operation.verb(), operation.model.wire)
}

/// How it is called.
fn called(sdk: &Sdk, item: Item, operation: &Operation) -> Item {
    let flag = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
    let pace = operation.model.pace_ms;
    let pace = pace.map(|(least, most)| format!("{least} to {most} ms between two calls"));
    item.travels("wire", identity(sdk, operation))
        .travels("always", always(operation))
        .travels("authorization", flag(operation.model.auth, "sent"))
        .travels(
            "session's parameter",
            operation.bound().map(|(wire, _)| wire).unwrap_or_default(),
        )
        .travels(
            "parameters below",
            operation.wrap.clone().unwrap_or_default(),
        )
        .travels("safe", flag(operation.model.safe, "may be repeated"))
        .travels("pace", pace.unwrap_or_default())
}

/// What goes with every call of it.
fn always(operation: &Operation) -> String {
    let constants = operation.constants();
    let constants = constants.map(|(name, value, _)| format!("{name} = {value}"));
    constants.collect::<Vec<_>>().join(", ")
}

/// How its answer is understood.
fn answered(item: Item, operation: &Operation) -> Item {
    let patience = operation
        .model
        .patience_s
        .map(|seconds| format!("{seconds} s"));
    let beside = if operation.beside {
        "beside the code"
    } else {
        ""
    };
    let meanings = operation.model.meanings();
    let item = meanings.fold(item, |item, (meaning, codes)| {
        item.travels(meaning, in_words(codes, ", "))
    });
    item.travels("reply's fields", beside)
        .travels("answer within", patience.unwrap_or_default())
}

/// The event that answers it.
fn answers(sdk: &Sdk, operation: &Operation) -> String {
    let all = sdk.answered();
    let own = all.filter(|(model, ..)| model.wire == operation.model.wire);
    let own = own.map(|(_, answer, events)| {
        let same = answer.same.iter();
        let same: String = same
            .map(|(param, field)| format!(" {param}={field}"))
            .collect();
        format!("{}{same}", events.join("/"))
    });
    own.collect::<Vec<_>>().join(", ")
}

fn request(sdk: &Sdk, operation: &Operation) -> Item {
    let limits: Vec<String> = operation.limits.iter().map(limit).collect();
    Item::new(Kind::Type, &operation.request)
        .wire(&identity(sdk, operation))
        .title(&operation.model.title)
        .rust(operation.construction())
        .travels("limits", limits.join("; "))
        .with(operation.params.iter().map(param))
}

fn param(param: &Param) -> Item {
    let place = |place: Place| match place {
        Place::Payload => "",
        Place::Envelope => "beside the parameters",
        _ => place.outside().unwrap_or_default(),
    };
    let either = param.either.iter().map(|one| {
        let ty = one.field.ty.rust();
        let field = types::field(&one.field).travels("place", place(one.place));
        Item {
            kind: Kind::Variant,
            name: one.ident.clone(),
            ..field.rust(ty)
        }
    });
    let item = types::field(&param.field)
        .rust(param.field.ty.rust())
        .travels("place", place(param.place))
        .with(either);
    Item {
        is_shown_above: param.required,
        ..item
    }
}

fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Items(list, least, most) if *most == u32::MAX => format!("{list}: {least} or more"),
        Limit::Items(list, least, most) => format!("{list}: {least} to {most}"),
        Limit::Rule(Rule::OneOf(params)) => format!("one of {}", params.join(", ")),
        Limit::Rule(Rule::CountEquals { field, mark, list }) => {
            format!("as many {mark} in {field} as in {list}")
        }
    }
}

/// Methods that make several calls.
fn flows(operation: &Operation) -> impl Iterator<Item = Item> + '_ {
    let of = |method: &str, result: String| {
        let rust = format!("({}) -> {result}", operation.request);
        Item::new(Kind::Method, method).rust(rust)
    };
    let chunked = operation.chunked.iter().map(move |chunked| {
        let parts = format!("{} in parts of {}", chunked.list, chunked.most);
        of(&chunked.method, chunked.item.rust()).travels("sends", parts)
    });
    let plan = operation.model.page.iter();
    let page = operation.pages.iter().zip(plan).map(move |(method, page)| {
        of(method, format!("pages of {}", operation.reply.rust())).travels("moves", moves(page))
    });
    let plan = operation.model.job.iter();
    let job = operation.job.iter().zip(plan);
    let job = job
        .map(move |(job, plan)| of(&job.method, job.reply.rust()).travels("asks", asks(job, plan)));
    let poll = operation.model.poll.iter();
    let poll = poll.map(|poll| {
        Item::new(Kind::Method, "receive")
            .rust("() -> PollerBuilder")
            .travels(
                "cursor",
                format!("{} from {}", poll.param, poll.next.join(".")),
            )
            .travels("events", poll.items.join("."))
            .travels(
                "time-out",
                poll.timeout.as_deref().unwrap_or_default().join("."),
            )
            .travels("after failures", format!("{:?} s", poll.again_after_s))
            .travels("before", poll.before.join(", "))
            .travels("after", poll.after.join(", "))
    });
    chunked.chain(page).chain(job).chain(poll)
}

fn moves(page: &Page) -> String {
    let cursors = page.cursors.iter().map(|cursor| cursor.param.as_str());
    cursors.collect::<Vec<_>>().join(", ")
}

fn asks(job: &Job, plan: &model::Job) -> String {
    let (request, every, within) = (&job.request, plan.every_ms, plan.within_s);
    format!("{request} every {every} ms for {within} s")
}
