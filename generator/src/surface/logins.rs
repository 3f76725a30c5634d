//! Owns what users can name to log in: `login`, `log_in_again`, `log_in_by_code`.

use catalog::model::{CodeLogin, Condition, Grants, Login, Path};

use super::{Item, Kind, types};
use crate::sdk::{Operation, Sdk};

/// The methods of every way to log in.
pub(super) fn of(sdk: &Sdk) -> Vec<Item> {
    let logins = sdk.logins().flat_map(|(module, operation, login)| {
        let request = format!("{}::{}", module.ident, operation.request);
        let items = match login {
            Login::Call { arguments, grants } => call(sdk, operation, arguments, grants),
            Login::Code(login) => vec![code(sdk, login, &request)],
            Login::Connection { before } => vec![connection(sdk, before, &request)],
        };
        items
            .into_iter()
            .map(move |item| item.travels("calls", &request))
    });
    logins.chain(saved(sdk)).collect()
}

/// What keeps a login for the next start.
fn saved(sdk: &Sdk) -> Vec<Item> {
    let mut logins = sdk.logins().map(|(_, _, login)| login);
    if !logins.any(Login::yields_authorization) {
        return Vec::new();
    }
    let of = |name: &str, rust: &str| Item::new(Kind::Method, name).rust(rust);
    let at_root = sdk.api.request.root.as_ref();
    let at_root = at_root.map(|_| of("restore", "(path) -> Option"));
    let always = [
        of("save", "(path)"),
        of("save_in", "(store, name)"),
        of("restore_from", "(store, name) -> Option"),
    ];
    always.into_iter().chain(at_root).collect()
}

fn call(sdk: &Sdk, operation: &Operation, arguments: &[String], grants: &Grants) -> Vec<Item> {
    let params = operation.params.iter();
    let named = |wire: &String| params.clone().find(|param| param.field.wire == *wire);
    let taken = arguments.iter().filter_map(named);
    let taken = taken.map(|param| types::argument(&param.field.ident, &param.field.ty));
    let taken = taken.collect::<Vec<_>>().join(", ");
    let of = |method: &str, result: &str| {
        let item = Item::new(Kind::Method, method).rust(format!("({taken}) -> {result}"));
        yields(item, grants)
    };
    vec![of("login", &sdk.handle), of("log_in_again", "()")]
}

fn code(sdk: &Sdk, login: &CodeLogin, request: &str) -> Item {
    let session = sdk.session.as_ref().filter(|_| login.binds);
    let handle = session.map_or(&sdk.handle, |session| &session.ty);
    let verify = login.verify.as_ref();
    let verify = verify.map(|(when, url)| format!("{} where {}", path(url), condition(when)));
    let enter = login.enter.as_ref().map(|enter| {
        let when = enter
            .when
            .as_ref()
            .map(|when| format!(" where {}", condition(when)));
        let until = enter.until.as_ref();
        let until = until.map(|until| format!(" until {}", condition(until)));
        let (when, until) = (when.unwrap_or_default(), until.unwrap_or_default());
        format!("{}{when}{until}", enter.param)
    });
    let redirect = login.redirect.as_ref();
    let redirect = redirect.map(|(when, at)| format!("{} where {}", path(at), condition(when)));
    let renew = login.renew.as_ref();
    let renew = renew.map(|(when, codes)| format!("{codes} in all where {}", condition(when)));
    let already = login.already.as_ref().map(condition);
    let job = &login.job;
    let (every, within) = (job.every_ms, job.within_s);
    let item = Item::new(Kind::Method, "log_in_by_code")
        .rust(format!("({request}) -> {handle}"))
        .travels(
            "asks",
            format!("{} every {every} ms for {within} s", job.poll),
        )
        .travels("shows", path(&login.shown))
        .travels("verifies at", verify.unwrap_or_default())
        .travels("enters", enter.unwrap_or_default())
        .travels("goes on at", redirect.unwrap_or_default())
        .travels("shows anew", renew.unwrap_or_default())
        .travels("logged in before", already.unwrap_or_default())
        .travels("done", condition(&job.done));
    yields(item, &login.grants)
}

fn connection(sdk: &Sdk, before: &[String], request: &str) -> Item {
    Item::new(Kind::Method, "log_in_again")
        .rust(format!(
            "(saved: {request}) on a connection of {}",
            sdk.handle
        ))
        .travels("before", before.join(", "))
}

fn yields(item: Item, grants: &Grants) -> Item {
    let at = |at: &Option<Path>| at.as_deref().map(path).unwrap_or_default();
    item.travels("authorization from", at(&grants.authorization))
        .travels("address from", at(&grants.base_url))
        .travels("account from", at(&grants.account))
}

fn condition(condition: &Condition) -> String {
    let field = condition.field.as_deref();
    let field = field.map_or_else(|| "the code".to_owned(), path);
    match condition.values.as_slice() {
        [] => format!("{field} is not empty"),
        values => format!("{field} is {}", values.join("/")),
    }
}

fn path(path: &[String]) -> String {
    path.join(".")
}
