//! Owns what tells whether an account is online, as `[online]` declares it.

use super::lookup::{
    Asked, Place, absent, api, condition, event_names, operation, optional, param, text_field,
};
use super::{Finding, carry_out_table, stale};
use crate::config::{AgainDeclaration, Config, OnlineDeclaration, ReasonDeclaration};
use crate::diagnostic::Diagnostic;
use crate::model::{Again, Event, Field, Login, Online, Operation, Path, Provider, Reason, Type};
use crate::source::SourceFile;

/// Says it of the provider.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Option<Diagnostic> {
    carry_out_table(config.online.as_ref(), "online", file, |declared| {
        provider.online = Some(online(provider, config, declared)?);
        Ok(())
    })
}

fn online(
    provider: &Provider,
    config: &Config,
    declared: &OnlineDeclaration,
) -> Result<Online, Finding> {
    if declared.operation.is_none() && declared.events.is_empty() {
        let message = "[online] names neither an operation nor an event".to_owned();
        return Err(stale(message, "name what tells, or remove it"));
    }
    let asked = optional(declared.operation.as_ref(), |name| {
        let (place, asked) = operation(provider, None, name, "[online]")?;
        alone(*asked, None)?;
        Ok((place, asked))
    })?;
    let when = optional(declared.when.as_ref(), |when| match &asked {
        None => {
            let message = "`when` of [online] speaks of a reply, and no operation is asked";
            Err(stale(message.to_owned(), "name the `operation`"))
        }
        Some((place, asked)) => {
            let codes = &config.layouts(api(provider, *place)).reply.success;
            condition(*asked, when, codes)
        }
    })?;
    let events = declared.events.iter();
    let events = events.map(|name| Ok(event(provider, name, "[online]")?.id.clone()));
    let events = events.collect::<Result<_, Finding>>()?;
    let account = optional(declared.account.as_ref(), |at| account(provider, at))?;
    let needs = |what: &str| match account {
        Some(_) => Ok(()),
        None => {
            let message =
                format!("`{what}` of [online] wants the account, and nothing says who it is");
            Err(stale(
                message,
                "name the field of the login's last reply: `account = \"…\"`",
            ))
        }
    };
    let reason = optional(declared.reason.as_ref(), |reason| {
        needs("reason")?;
        self::reason(provider, reason)
    })?;
    let again = optional(declared.again.as_ref(), |again| {
        needs("again")?;
        self::again(provider, again)
    })?;
    Ok(Online {
        operation: asked.map(|(_, asked)| asked.id.clone()),
        when,
        events,
        session: declared.session.clone(),
        why: declared.why.clone(),
        account,
        reason,
        again,
    })
}

fn reason(provider: &Provider, declared: &ReasonDeclaration) -> Result<Reason, Finding> {
    let (asked, param) = with(provider, &declared.operation, &declared.param)?;
    Ok(Reason {
        operation: asked.id.clone(),
        param,
        field: text_field(asked, &declared.field)?.0,
    })
}

fn again(provider: &Provider, declared: &AgainDeclaration) -> Result<Again, Finding> {
    let (login, param) = with(provider, &declared.operation, &declared.param)?;
    Ok(Again {
        operation: login.id.clone(),
        param,
        session: text_field(login, &declared.session)?.0,
    })
}

/// The operation that takes the account, and the parameter.
fn with<'p>(
    provider: &'p Provider,
    name: &str,
    taking: &str,
) -> Result<(Asked<'p>, String), Finding> {
    let (_, operation) = operation(provider, None, name, "[online]")?;
    let field = param(*operation, taking)?;
    if field.ty != Type::Text {
        let message = format!("`{}` of `{}` is no text", field.wire, operation.wire);
        return Err(stale(message, "name the parameter that takes the account"));
    }
    alone(*operation, Some(field))?;
    Ok((operation, field.wire.clone()))
}

/// It wants nothing but the session, and this one.
fn alone(operation: &Operation, besides: Option<&Field>) -> Result<(), Finding> {
    let is_left = |field: &&Field| {
        field.is_wanted() && !field.session && besides.is_none_or(|known| known.wire != field.wire)
    };
    match operation.params.iter().find(is_left) {
        None => Ok(()),
        Some(left) => {
            let message = format!("`{}` wants `{}` as well", operation.wire, left.wire);
            Err(stale(
                message,
                "what [online] names is asked with nothing else",
            ))
        }
    }
}

/// Whether `[online]` means an event by this name.
pub(super) fn is_called(event: &Event, name: &str) -> bool {
    event.id == name || event.slot.as_deref() == Some(name) || event.wire.iter().any(|w| w == name)
}

/// An event by its id, its code, or the setting of its address.
pub(super) fn event<'p>(
    provider: &'p Provider,
    name: &str,
    of: &str,
) -> Result<&'p Event, Finding> {
    if let Some(event) = provider.events().find(|event| is_called(event, name)) {
        return Ok(event);
    }
    let (known, help) = (event_names(provider), "name its id or code, or remove it");
    Err(absent(&format!("{of} names an event"), name, known, help))
}

/// Who is logged in, in the last reply of the login by code.
fn account(provider: &Provider, at: &str) -> Result<Path, Finding> {
    let mut operations = provider.operations();
    let code = operations.find_map(|operation| match &operation.login {
        Some(Login::Code(login)) => Some(login.job.poll.as_str()),
        _ => None,
    });
    let Some(poll) = code else {
        let message =
            "`account` of [online] stands in the last reply of a login by code".to_owned();
        return Err(stale(message, "declare that login: [login.code]"));
    };
    let (_, poll): (Place, _) = operation(provider, None, poll, "[login.code]")?;
    Ok(text_field(poll, at)?.0)
}
