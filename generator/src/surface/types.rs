//! Owns what users can name of declared types and their fields.

use super::{Item, Kind};
use crate::sdk::{Choice, Coding, Member, Object, Type, Types, Wordings};

/// Every declared type.
pub(super) fn declared(types: &Types) -> impl Iterator<Item = Item> + '_ {
    let objects = types.objects.iter().map(object);
    let choices = types.choices.iter().map(choice);
    objects
        .chain(choices)
        .chain(types.wordings.iter().map(wordings))
}

fn object(object: &Object) -> Item {
    let fields = object.members.iter();
    let fields = fields.map(|member| field(member).rust(object.held(member)));
    let wordings = object.members.iter().filter_map(|member| {
        let name = format!("{}_wording", member.ident);
        Some(Item::new(Kind::Method, &name).rust(member.wordings.as_ref()?))
    });
    let of = |name: &str| Item::new(Kind::Field, name);
    let prefixes = object.prefixes.iter();
    let prefixes = prefixes.map(|prefix| of(&prefix.into).rust("Option<String>"));
    let raw = object.raw.then(|| of("raw").rust("Json"));
    Item::new(Kind::Type, &object.ident)
        .rust("a struct")
        .with(fields)
        .with(prefixes)
        .with(raw)
        .with(wordings)
}

/// A field, its type left open.
pub(super) fn field(member: &Member) -> Item {
    let coding = match &member.coding {
        Coding::Plain => match member.ty {
            Type::I64 | Type::U64 | Type::F64 => "as a number".to_owned(),
            Type::Text | Type::Secret => "as a text".to_owned(),
            _ => String::new(),
        },
        Coding::Number => "as a number".to_owned(),
        Coding::Text => "as a text".to_owned(),
        Coding::Joined(separator) => format!("joined by {separator:?}"),
        Coding::JsonText => "as JSON inside a text".to_owned(),
    };
    Item::new(Kind::Field, &member.ident)
        .wire(&member.wire)
        .title(means(member))
        .travels("name", &member.wire)
        .travels("other spellings", member.aliases.join(", "))
        .travels("written", coding)
        .deprecated(member.deprecated)
}

/// What the documents call a field; of one whose values are listed, the values say it.
fn means(member: &Member) -> &str {
    match member.ty {
        Type::Choice(_) => "",
        _ => member.docs.first().map_or("", String::as_str),
    }
}

fn choice(choice: &Choice) -> Item {
    let variants = choice.variants.iter().map(|variant| {
        Item::new(Kind::Variant, &variant.ident)
            .wire(&variant.value)
            .title(&variant.title)
            .travels("value", &variant.value)
    });
    let former = choice.variants.iter().flat_map(|variant| {
        let names = variant.former.iter();
        names.map(|former| (former.clone(), variant.ident.clone()))
    });
    let mut item = Item::new(Kind::Type, &choice.ident).rust("an open enum");
    item.former = former.collect();
    item.with(variants)
}

fn wordings(wordings: &Wordings) -> Item {
    let variants = wordings.variants.iter().map(|wording| {
        Item::new(Kind::Variant, &wording.ident)
            .wire(&wording.value)
            .title(&wording.title)
            .rust(format!("{{ {} }}", wording.filled.join(", ")))
            .travels("wording", &wording.value)
    });
    Item::new(Kind::Type, &wordings.ident)
        .rust("an enum of wordings")
        .with(variants)
}

/// A type's name where it is somebody else's argument.
pub(super) fn argument(name: &str, ty: &Type) -> String {
    format!("{name}: {}", ty.rust())
}
