//! Owns what users can name of an operation: its methods and its request.

use super::{Item, Kind, types};
use crate::sdk::{Job, Limit, Operation, Page, Param, Sdk};

/// The methods of an operation, and its request.
pub(super) fn items(sdk: &Sdk, operation: &Operation) -> Vec<Item> {
    let mut items = vec![method(sdk, operation), request(operation)];
    items.extend(flows(operation));
    items
}

fn method(sdk: &Sdk, operation: &Operation) -> Item {
    let client = operation.on_client.then_some(sdk.handle.as_str());
    let session = sdk.session.iter().filter(|_| operation.on_session);
    let reached = client.into_iter().chain(session.map(|on| on.ty.as_str()));
    let reached = reached.map(|on| Item::new(Kind::Quality, &format!("reached from {on}")));
    let signature = format!("({}) -> {}", operation.request, operation.reply.rust());
    let item = Item::new(Kind::Method, &operation.method)
        .wire(&identity(operation))
        .title(&operation.title)
        .rust(signature)
        .deprecated(operation.deprecated)
        .with(reached);
    answered(
        called(item, operation).travels("answered by", answers(sdk, operation)),
        operation,
    )
}

/// What tells an operation apart on the wire: several may share a path.
fn identity(operation: &Operation) -> String {
    let fixed = operation.fixed.iter();
    let fixed: String = fixed
        .map(|(key, value)| format!(" {key}={value}"))
        .collect();
    format!("{} {}{fixed}", operation.verb, operation.wire)
}

/// How it is called.
fn called(item: Item, operation: &Operation) -> Item {
    let flag = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
    let pace = operation.pace_ms;
    let pace = pace.map(|(least, most)| format!("{least} to {most} ms between two calls"));
    item.travels("wire", identity(operation))
        .travels("authorization", flag(operation.authorized, "sent"))
        .travels(
            "session's parameter",
            operation.bound.clone().unwrap_or_default(),
        )
        .travels(
            "parameters below",
            operation.wrap.clone().unwrap_or_default(),
        )
        .travels("safe", flag(operation.safe, "may be repeated"))
        .travels("pace", pace.unwrap_or_default())
}

/// How its answer is understood.
fn answered(item: Item, operation: &Operation) -> Item {
    let success = operation.success.as_ref().map(|codes| codes.join(", "));
    let patience = operation.patience.map(|seconds| format!("{seconds} s"));
    let beside = if operation.beside {
        "beside the code"
    } else {
        ""
    };
    item.travels("success", success.unwrap_or_default())
        .travels("reply's fields", beside)
        .travels("answer within", patience.unwrap_or_default())
}

/// The event that answers it.
fn answers(sdk: &Sdk, operation: &Operation) -> String {
    let all = sdk.messages.iter().flat_map(|messages| &messages.answers);
    let own = all.filter(|answered| answered.command == operation.wire);
    let own = own.map(|answered| {
        let same = answered.same.iter();
        let same: String = same
            .map(|(param, field)| format!(" {param}={field}"))
            .collect();
        format!("{}{same}", answered.events.join("/"))
    });
    own.collect::<Vec<_>>().join(", ")
}

fn request(operation: &Operation) -> Item {
    let limits: Vec<String> = operation.limits.iter().map(limit).collect();
    Item::new(Kind::Type, &operation.request)
        .wire(&identity(operation))
        .title(&operation.title)
        .rust(operation.construction())
        .travels("limits", limits.join("; "))
        .with(operation.params.iter().map(param))
}

fn param(param: &Param) -> Item {
    let beside = if param.envelope {
        "beside the parameters"
    } else {
        ""
    };
    let either = param.either.iter().map(|one| {
        let ty = one.field.ty.rust();
        let field = types::field(&one.field);
        Item {
            kind: Kind::Variant,
            name: one.ident.clone(),
            ..field.rust(ty)
        }
    });
    let item = types::field(&param.field)
        .rust(param.field.ty.rust())
        .travels("place", beside)
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
        Limit::OneOf(params) => format!("one of {}", params.join(", ")),
        Limit::Count(text, mark, list) => format!("as many {mark} in {text} as in {list}"),
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
    let page = operation.page.iter().map(move |page| {
        of(&page.method, format!("pages of {}", operation.reply.rust()))
            .travels("moves", moves(page))
    });
    let job = operation
        .job
        .iter()
        .map(move |job| of(&job.method, job.reply.rust()).travels("asks", asks(job)));
    chunked.chain(page).chain(job)
}

fn moves(page: &Page) -> String {
    let cursors = page.cursors.iter().map(|cursor| cursor.param.as_str());
    cursors.collect::<Vec<_>>().join(", ")
}

fn asks(job: &Job) -> String {
    let (request, every, within) = (&job.request, job.every_ms, job.within_s);
    format!("{request} every {every} ms for {within} s")
}
