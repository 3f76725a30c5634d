//! Owns how one logs in, as `[login]` declares it: by one call, by what is shown to a person, again on each new
//! connection.

use super::job::job;
use super::lookup::{
    Asked, Place, api, condition, operation, optional, param, text_field, undeclared,
};
use super::{Finding, carry_out_table, stale};
use crate::config::proposal::proposal;
use crate::config::{
    CallLogin, CodeLogin as CodeDeclaration, Config, ConnectionLogin, EnterDeclaration, Transport,
};
use crate::diagnostic::Diagnostic;
use crate::model::{CodeLogin, Enter, Field, Grants, Login, Operation, Provider, Scope, Type};
use crate::source::SourceFile;

/// Marks the operations that log in.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let login = &config.login;
    let hosts = Some(&login.hosts).filter(|hosts| !hosts.is_empty());
    let hosts = carry_out_table(hosts, "login", file, |hosts| {
        check_hosts(hosts, config.transport)
    });
    let mark = |found: Result<(Place, Login), Finding>, provider: &mut Provider| {
        let (place, login) = found?;
        let operation = undeclared(provider, place, "[login]", |operation| {
            operation.login.is_some()
        })?;
        operation.login = Some(login);
        Ok(())
    };
    let call = carry_out_table(login.call.as_ref(), "login.call", file, |declared| {
        mark(call(provider, config, declared), provider)
    });
    let code = carry_out_table(login.code.as_ref(), "login.code", file, |declared| {
        mark(code(provider, config, declared), provider)
    });
    let key = "login.connection";
    let again = carry_out_table(login.connection.as_ref(), key, file, |declared| {
        mark(connection(provider, config, declared), provider)
    });
    [hosts, call, code, again].into_iter().flatten().collect()
}

/// Hosts are names, of which the first part may be any.
fn check_hosts(hosts: &[String], transport: Transport) -> Result<(), Finding> {
    let is_part = |part: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty() && part.chars().all(fits)
    };
    let is_host = |host: &&String| {
        let host = host.strip_prefix("*.").unwrap_or(host);
        host.contains('.') && host.split('.').all(is_part)
    };
    if let Some(wrong) = hosts.iter().find(|host| !is_host(host)) {
        let message = format!("`{wrong}` is no host");
        return Err(stale(message, "write `api.example.com` or `*.example.com`"));
    }
    if matches!(transport, Transport::Websocket | Transport::Poll) {
        let message = "`hosts` has no effect: no answer leads calls elsewhere".to_owned();
        return Err(stale(message, "remove it"));
    }
    Ok(())
}

fn call(
    provider: &Provider,
    config: &Config,
    declared: &CallLogin,
) -> Result<(Place, Login), Finding> {
    let api = declared.api.as_deref();
    let (place, operation) = operation(provider, api, &declared.operation, "a login")?;
    from_client(*operation)?;
    for (n, name) in declared.arguments.iter().enumerate() {
        let field = param(*operation, name)?;
        if !field.required || declared.arguments.iter().take(n).any(|known| known == name) {
            let message = format!("`{name}` of `{}` is no argument of a login", operation.wire);
            return Err(stale(
                message,
                "name each required parameter once, and no other",
            ));
        }
        if field.ty != Type::Text || field.list.is_some() || !field.values.is_empty() {
            let message = format!("`{name}` of `{}` is no free text", operation.wire);
            return Err(stale(message, "a login takes texts alone"));
        }
    }
    let is_left = |field: &&Field| field.is_wanted() && !declared.arguments.contains(&field.wire);
    if let Some(left) = operation.params.iter().find(is_left) {
        let message = format!("`{}` cannot do without `{}`", operation.wire, left.wire);
        return Err(stale(message, "add it to `arguments`"));
    }
    let authorization = Some(declared.authorization.as_str());
    let login = Login::Call {
        arguments: declared.arguments.clone(),
        grants: grants(
            operation,
            config,
            authorization,
            declared.base_url.as_deref(),
        )?,
    };
    Ok((place, login))
}

fn code(
    provider: &Provider,
    config: &Config,
    declared: &CodeDeclaration,
) -> Result<(Place, Login), Finding> {
    let (place, job) = job(provider, config, &declared.job)?;
    let api = api(provider, place);
    let (_, start) = operation(provider, api, &declared.job.start, "a login")?;
    let (_, poll) = operation(provider, api, &job.poll, "a login")?;
    from_client(*start)?;
    let key = param(*poll, &job.param)?;
    if let Some(other) = poll
        .params
        .iter()
        .find(|field| field.session && field.wire != key.wire)
    {
        let message = format!("`{}` wants the session's `{}`", poll.wire, other.wire);
        return Err(stale(
            message,
            "before the login is done there is none: name it as the key",
        ));
    }
    let codes = &config.layouts(api).reply.success;
    let verify = optional(declared.verify.as_ref(), |verify| {
        let when = condition(poll, &verify.when, codes)?;
        Ok((when, text_field(poll, &verify.url)?.0))
    })?;
    let enter = optional(declared.enter.as_ref(), |enter| entered(poll, enter, codes))?;
    let redirect = optional(declared.redirect.as_ref(), |redirect| {
        let when = condition(poll, &redirect.when, codes)?;
        Ok((when, text_field(poll, &redirect.host)?.0))
    })?;
    let renew = optional(declared.renew.as_ref(), |renew| {
        if renew.codes < 2 {
            let message = "`renew` shows nothing new: `codes` counts the first".to_owned();
            return Err(stale(message, "write 2 or more, or remove `renew`"));
        }
        Ok((condition(poll, &renew.when, codes)?, renew.codes))
    })?;
    let grants = grants(
        poll,
        config,
        declared.authorization.as_deref(),
        declared.base_url.as_deref(),
    )?;
    let login = Login::Code(Box::new(CodeLogin {
        binds: key.session,
        shown: text_field(start, &declared.shown)?.0,
        verify,
        enter,
        redirect,
        renew,
        already: optional(declared.already.as_ref(), |when| {
            condition(poll, when, codes)
        })?,
        grants: Grants {
            account: optional(declared.account.as_ref(), |at| Ok(text_field(poll, at)?.0))?,
            ..grants
        },
        job,
    }));
    Ok((place, login))
}

fn entered(
    poll: Asked<'_>,
    declared: &EnterDeclaration,
    codes: &[String],
) -> Result<Enter, Finding> {
    let field = param(*poll, &declared.param)?;
    if field.ty != Type::Text {
        let message = format!("`{}` of `{}` is no text", field.wire, poll.wire);
        return Err(stale(
            message,
            "name the parameter that takes what a person types",
        ));
    }
    hidden(*poll, "param", field)?;
    Ok(Enter {
        when: optional(declared.when.as_ref(), |when| condition(poll, when, codes))?,
        param: field.wire.clone(),
        until: optional(declared.until.as_ref(), |when| condition(poll, when, codes))?,
    })
}

fn connection(
    provider: &Provider,
    config: &Config,
    declared: &ConnectionLogin,
) -> Result<(Place, Login), Finding> {
    if config.transport != Transport::Websocket {
        let message = "a login is declared for new connections, but calls travel on none";
        return Err(stale(
            message.to_owned(),
            "remove it, or say `transport = \"websocket\"`",
        ));
    }
    let within = declared.api.as_deref();
    let (place, login) = operation(provider, within, &declared.operation, "a login")?;
    from_client(*login)?;
    let before = declared.before.iter().map(|name| {
        let (_, before) = operation(provider, api(provider, place), name, "a login")?;
        from_client(*before)?;
        match before.params.iter().find(|field| field.is_wanted()) {
            None => Ok(before.id.clone()),
            Some(wanted) => {
                let message = format!("`{}` wants `{}`", before.wire, wanted.wire);
                Err(stale(
                    message,
                    "what is called before a login has no parameters",
                ))
            }
        }
    });
    let before = before.collect::<Result<_, Finding>>()?;
    Ok((place, Login::Connection { before }))
}

/// A session is what a login yields, so none is needed for it.
fn from_client(operation: &Operation) -> Result<(), Finding> {
    match &operation.scope {
        Scope::Client | Scope::Either(_) => Ok(()),
        Scope::Session(scope) => {
            let message = format!("`{}` logs in, but belongs to the {scope}", operation.wire);
            Err(stale(message, "name it under `except` in [session]"))
        }
    }
}

fn grants(
    operation: Asked<'_>,
    config: &Config,
    authorization: Option<&str>,
    base_url: Option<&str>,
) -> Result<Grants, Finding> {
    let authorization = optional(authorization.as_ref(), |at| {
        let (path, field) = text_field(operation, at)?;
        hidden(*operation, "field", field)?;
        if matches!(config.transport, Transport::Websocket | Transport::Poll) {
            let message = format!("`{at}` authorises calls, and these have no headers");
            return Err(stale(message, "only calls over HTTP are authorised so"));
        }
        if config.auth.is_none() {
            let message = format!("`{at}` authorises calls, and nothing says how they send it");
            return Err(stale(
                message,
                "name the header: `[auth]`, `header = \"…\"`",
            ));
        }
        Ok(path)
    })?;
    let base_url = optional(base_url.as_ref(), |at| Ok(text_field(operation, at)?.0))?;
    Ok(Grants {
        authorization,
        base_url,
        account: None,
    })
}

/// What authorises is never shown.
fn hidden(operation: &Operation, side: &str, field: &Field) -> Result<(), Finding> {
    if field.secret {
        return Ok(());
    }
    let wire = &field.wire;
    let message = format!(
        "`{wire}` of `{}` authorises, and logs would show it",
        operation.wire
    );
    let fix = proposal(
        ("operation", &operation.id),
        None,
        (side, wire),
        "secret = true",
    );
    Err(Box::new(
        stale(message, "add it to `secrets`, or say it of this one").fix(fix),
    ))
}
