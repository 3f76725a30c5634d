//! Owns how media travel, as `[media]` declares it.

use super::lookup::{operation, optional, text_field};
use super::template::{Filling, Fitted, Form, fit};
use super::{Finding, carry_out_table, stale};
use crate::config::{Config, DownloadDeclaration, MediaDeclaration, Transport, UploadDeclaration};
use crate::diagnostic::Diagnostic;
use crate::model::{Download, Field, Media, Path, Provider, Structure, Type, Upload};
use crate::source::SourceFile;
use crate::spelling;

const UP: &str = "[media.up]";
const DOWN: &str = "[media.down]";

/// The places of a key, in its spellings.
const KEYS: [&str; 3] = ["key_hex", "key_base64", "key_hex_base64"];

/// The places of an item that holds a medium.
pub(super) const SENT: &[(&str, Filling, bool)] = &[
    ("media", Filling::Object, true),
    ("size", Filling::Number, false),
    ("encrypted_size", Filling::Number, false),
    ("md5", Filling::Text, false),
    ("file_name", Filling::Text, false),
];

/// Says it of the provider.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let Some(declared) = &config.media else {
        return Vec::new();
    };
    let mut found = Vec::new();
    found.extend(carry_out_table(Some(declared), "media", file, |declared| {
        provider.media = Some(media(provider, config, declared)?);
        Ok(())
    }));
    found.extend(carry_out_table(
        declared.up.as_ref(),
        "media.up",
        file,
        |up| {
            is_used(config)?;
            if let Some(structure) = provider.described(None).structure(&declared.structure) {
                let up = upload(provider, structure, up)?;
                provider
                    .media
                    .iter_mut()
                    .for_each(|media| media.up = Some(up.clone()));
            }
            Ok(())
        },
    ));
    found.extend(carry_out_table(
        declared.down.as_ref(),
        "media.down",
        file,
        |down| {
            if let Some(structure) = provider.described(None).structure(&declared.structure) {
                let down = download(provider, structure, down)?;
                provider
                    .media
                    .iter_mut()
                    .for_each(|media| media.down = Some(down.clone()));
            }
            Ok(())
        },
    ));
    found
}

fn media(
    provider: &Provider,
    config: &Config,
    declared: &MediaDeclaration,
) -> Result<Media, Finding> {
    if declared.up.is_none() && declared.down.is_none() {
        let message = "[media] says neither how media get there nor how they are had back";
        return Err(stale(
            message.to_owned(),
            "declare [media.up] or [media.down]",
        ));
    }
    if !matches!(config.transport, Transport::HttpJson) {
        let message = "[media] is declared, and calls are no JSON over HTTP".to_owned();
        return Err(stale(message, "remove it"));
    }
    if declared.most_bytes == 0 {
        let message = "`most_bytes` of [media] allows no medium at all".to_owned();
        return Err(stale(message, "it is 1 at least"));
    }
    let whole = declared.root.strip_prefix("https://");
    if whole
        .is_none_or(|rest| rest.is_empty() || rest.ends_with('/') || rest.contains(['?', '#', ' ']))
    {
        let message = format!("`root` of [media] is `{}`, which is none", declared.root);
        let help = "write `https://`, the host and the path, without `/` at the end";
        return Err(stale(message, help));
    }
    optional(declared.reason.as_ref(), |name| header("reason", name))?;
    let structure = structure(provider, &declared.structure, "structure")?;
    Ok(Media {
        root: declared.root.clone(),
        structure: structure.wire.clone(),
        most_bytes: declared.most_bytes,
        reason: declared.reason.clone(),
        up: None,
        down: None,
    })
}

fn structure<'p>(provider: &'p Provider, wire: &str, key: &str) -> Result<&'p Structure, Finding> {
    provider.described(None).structure(wire).ok_or_else(|| {
        let known = provider.structures.iter().map(|one| one.wire.as_str());
        let near = spelling::did_you_mean(wire, known);
        let message =
            format!("`{key}` of [media] names a structure `{wire}` that is not there{near}");
        stale(message, "name one that the documents describe")
    })
}

/// Somebody sends by it.
fn is_used(config: &Config) -> Result<(), Finding> {
    let conversation = config.event.conversation.as_ref();
    let mut sends = conversation.iter().flat_map(|talk| &talk.send);
    if sends.any(|send| send.media.is_some()) {
        return Ok(());
    }
    let message = "nothing is sent by [media.up]".to_owned();
    Err(stale(
        message,
        "say `media = …` in a [[event.conversation.send]], or remove it",
    ))
}

fn upload(
    provider: &Provider,
    structure: &Structure,
    declared: &UploadDeclaration,
) -> Result<Upload, Finding> {
    let (_, asked) = operation(provider, None, &declared.operation, UP)?;
    let found = |name: Option<&String>| -> Result<Option<Path>, Finding> {
        optional(name, |name| {
            let (path, field) = text_field(asked, name)?;
            hidden(field, UP)?;
            Ok(path)
        })
    };
    let url = found(declared.url.as_ref())?;
    let param = found(declared.param.as_ref())?;
    let has = (url.is_some(), param.is_some());
    let at = below(UP, has, declared.at.as_deref(), &["param", "id"])?;
    header("taken", &declared.taken)?;
    let mut places = told();
    places.push(("taken", Filling::Text, true));
    let form = Form {
        of: "`medium` of [media.up]",
        places: &places,
    };
    let medium = fit(
        &form,
        &declared.medium,
        (provider.described(None), &structure.fields),
    )?;
    let secret = KEYS.iter().chain(&["taken"]);
    let secret = secret.filter_map(|place| medium.at(place));
    secret.into_iter().try_for_each(|field| hidden(field, UP))?;
    if !KEYS.iter().any(|key| medium.at(key).is_some()) {
        let message = "`medium` of [media.up] has no place for the key".to_owned();
        return Err(stale(
            message,
            "write `\"{key_hex_base64}\"` or another spelling where it belongs",
        ));
    }
    let params = params(provider, declared)?;
    let keys = KEYS.iter().filter_map(|place| params.at(place));
    keys.into_iter().try_for_each(|field| hidden(field, UP))?;
    Ok(Upload {
        operation: asked.id.clone(),
        params: params.template,
        url,
        param,
        at,
        taken: declared.taken.clone(),
        medium: medium.template,
    })
}

/// The parameters of the operation that says where a medium goes.
pub(super) fn params<'p>(
    provider: &'p Provider,
    declared: &UploadDeclaration,
) -> Result<Fitted<'p>, Finding> {
    let (_, asked) = operation(provider, None, &declared.operation, UP)?;
    let mut places = told();
    places.extend([
        ("id", Filling::Text, false),
        ("kind", Filling::Any, false),
        ("person", Filling::Text, false),
    ]);
    let form = Form {
        of: "`params` of [media.up]",
        places: &places,
    };
    fit(
        &form,
        &declared.params,
        (provider.described(None), &asked.params),
    )
}

/// What is known of a medium before its host has it.
fn told() -> Vec<(&'static str, Filling, bool)> {
    let mut places = KEYS.map(|name| (name, Filling::Text, false)).to_vec();
    places.extend([
        ("size", Filling::Number, false),
        ("encrypted_size", Filling::Number, false),
        ("md5", Filling::Text, false),
    ]);
    places
}

fn download(
    provider: &Provider,
    structure: &Structure,
    declared: &DownloadDeclaration,
) -> Result<Download, Finding> {
    let own = |key: &str, name: &str| member(structure, key, name);
    optional(declared.url.as_ref(), |name| own("url", name))?;
    optional(declared.param.as_ref(), |name| own("param", name))?;
    own("key", &declared.key)?;
    let has = (declared.url.is_some(), declared.param.is_some());
    let at = below(DOWN, has, declared.at.as_deref(), &["param"])?;
    let holders = holders(provider, structure, &declared.fields)?;
    optional(declared.beside.as_ref(), |name| {
        let mut holders = holders.iter();
        let found = holders.find(|one| one.fields.iter().any(|field| field.wire == *name));
        let Some(holder) = found else {
            let message = format!(
                "`beside` of {DOWN} names a field `{name}` that no structure has beside a medium"
            );
            return Err(stale(message, "name its wire name, or remove it"));
        };
        member(holder, "beside", name)
    })?;
    let is_holder = |wire: &String| holders.iter().any(|one| one.wire == *wire);
    if let Some(wire) = declared.plain.iter().find(|wire| !is_holder(wire)) {
        let near = spelling::did_you_mean(wire, holders.iter().map(|one| one.wire.as_str()));
        let message = format!("`plain` of {DOWN} names `{wire}`, which holds no medium{near}");
        return Err(stale(
            message,
            "name a structure that holds one, or remove it",
        ));
    }
    Ok(Download {
        url: declared.url.clone(),
        param: declared.param.clone(),
        at,
        key: declared.key.clone(),
        fields: declared.fields.clone(),
        beside: declared.beside.clone(),
        plain: declared.plain.clone(),
    })
}

/// The structures that hold a medium in these fields.
fn holders<'p>(
    provider: &'p Provider,
    structure: &Structure,
    fields: &[String],
) -> Result<Vec<&'p Structure>, Finding> {
    let holds = |one: &Structure, name: &str| {
        let is_medium = |field: &Field| field.structure.as_ref() == Some(&structure.wire);
        let mut fields = one.fields.iter();
        fields.any(|field| field.wire == name && field.ty == Type::Object && is_medium(field))
    };
    let all = || provider.structures.iter().map(|one| &**one);
    if let Some(name) = fields
        .iter()
        .find(|name| !all().any(|one| holds(one, name)))
    {
        let message = format!(
            "`fields` of {DOWN} names a field `{name}` in which no structure holds a `{}`",
            structure.wire
        );
        return Err(stale(message, "name its wire name, or remove it"));
    }
    if fields.is_empty() {
        let message = format!("`fields` of {DOWN} is empty: nothing holds a medium");
        return Err(stale(
            message,
            "name the fields in which structures hold theirs",
        ));
    }
    let holds_one = |one: &&Structure| fields.iter().any(|name| holds(one, name));
    Ok(all().filter(holds_one).collect())
}

/// A field of a structure that holds one text, which is never shown.
fn member(structure: &Structure, key: &str, name: &str) -> Result<(), Finding> {
    let found = structure.fields.iter().find(|field| field.wire == name);
    let Some(field) = found else {
        let known = structure.fields.iter().map(|field| field.wire.as_str());
        let near = spelling::did_you_mean(name, known);
        let message = format!(
            "`{key}` of {DOWN} names a field `{name}` that `{}` has not{near}",
            structure.wire
        );
        return Err(stale(message, "name its wire name, or remove it"));
    };
    if field.ty != Type::Text {
        let message = format!("`{name}` of `{}` is no text", structure.wire);
        return Err(stale(message, "name a field that is one"));
    }
    hidden(field, DOWN)
}

/// An address below the root.
fn below(
    of: &str,
    (url, param): (bool, bool),
    at: Option<&str>,
    places: &[&str],
) -> Result<String, Finding> {
    let refused = |what: &str, help: &str| Err(stale(format!("{of} {what}"), help));
    let at = match (param, at) {
        (false, None) if url => return Ok(String::new()),
        (false, None) => {
            return refused(
                "does not say where media are",
                "name `url`, or `param` and `at`",
            );
        }
        (false, Some(_)) => {
            return refused(
                "has an `at`, and no `param` that stands in it",
                "name the field: `param = \"…\"`",
            );
        }
        (true, None) => {
            return refused(
                "has a `param`, and does not say where it stands",
                "write `at = \"…?param={param}\"`",
            );
        }
        (true, Some(at)) => at,
    };
    if at.starts_with('/') || at.contains(char::is_whitespace) || at.contains('#') {
        return refused(
            &format!("has `at = \"{at}\"`, which is no path below the root"),
            "write it without `/` at its beginning",
        );
    }
    let mut named = at
        .split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap_or_default());
    if let Some(name) = named.clone().find(|name| !places.contains(name)) {
        let near = spelling::did_you_mean(name, places.iter().copied());
        return refused(
            &format!("has `{{{name}}}` in its `at`, which is no place{near}"),
            &format!("there are `{{{}}}`", places.join("}`, `{")),
        );
    }
    match named.any(|name| name == "param") {
        true => Ok(at.to_owned()),
        false => refused("has no `{param}` in its `at`", "write it where it belongs"),
    }
}

/// The name of a header.
fn header(key: &str, name: &str) -> Result<(), Finding> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.is_empty() && name.bytes().all(token) {
        return Ok(());
    }
    let message = format!("`{key}` of [media] is `{name}`, which no header is called");
    Err(stale(message, "name the header of the host's answer"))
}

/// What leads to a medium, or opens it, is never shown.
fn hidden(field: &Field, of: &str) -> Result<(), Finding> {
    if field.secret {
        return Ok(());
    }
    let message = format!(
        "`{}` of {of} leads to people's media, and logs would show it",
        field.wire
    );
    Err(stale(message, "add it to `secrets`"))
}
