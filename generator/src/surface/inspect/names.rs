//! Owns finding the Rust names of what the model knows by its wire name: `labelName` is `label_name`, a `String`.

use catalog::model;

use crate::sdk::{
    self, Choice, Event, Member, Module, Nested, Object, Operation, Sdk, Type, Types, Variant,
};

/// A chapter as it is in Rust, where an SDK was made; one without operations has no module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chapter<'a> {
    sdk: Option<&'a Sdk>,
    module: Option<&'a Module>,
}

impl<'a> Chapter<'a> {
    pub(super) fn of(module: &model::Module, sdks: &'a [Sdk]) -> Self {
        let is_it = |sdk: &&Sdk| sdk.part.as_ref().map(|part| &part.id) == module.api.as_ref();
        let sdk = sdks.iter().find(is_it);
        let modules = sdk.map(|sdk| sdk.modules.iter());
        let module = modules.and_then(|mut all| all.find(|one| one.slug == module.slug));
        Self { sdk, module }
    }

    pub(super) fn ident(&self) -> Option<&'a str> {
        self.module.map(|module| &*module.ident)
    }

    /// Every operation with its Rust names, or as it was read.
    pub(super) fn operations<'m>(
        &self,
        read: &'m model::Module,
    ) -> Vec<(&'m model::Operation, Option<&'a Operation>)>
    where
        'a: 'm,
    {
        match self.module {
            Some(module) => {
                let operations = module.operations.iter();
                operations.map(|one| (&*one.model, Some(one))).collect()
            }
            None => read.operations.iter().map(|one| (&**one, None)).collect(),
        }
    }

    /// The names of what is sent.
    pub(super) fn params(&self, operation: &'a Operation) -> Fields<'a> {
        let types = self.types();
        let own = operation.params.iter().map(|param| &param.field);
        let either = operation.params.iter().flat_map(|param| &param.either);
        Fields {
            types,
            members: own.chain(either.map(|one| &one.field)).collect(),
            nested: None,
        }
    }

    /// The names of what comes back.
    pub(super) fn returns(&self, operation: &'a Operation) -> Replies<'a> {
        let (Some(types), Some(sdk)) = (self.types(), self.sdk) else {
            return Replies::default();
        };
        let whole = types.fields(&operation.reply);
        match operation.beside {
            true => Replies::of(types, whole, sdk.api.reply.payload.as_deref()),
            false => Replies {
                inside: whole,
                ..Replies::default()
            },
        }
    }

    /// An event as it is in Rust.
    pub(super) fn event(&self, event: &model::Event) -> Option<&'a Event> {
        let callbacks = self.sdk?.callbacks.as_ref()?;
        let mut events = callbacks.events.iter();
        events.find(|known| known.model.id == event.id)
    }

    /// The names of what an event carries.
    pub(super) fn told(&self, event: &'a Event) -> Replies<'a> {
        let Some((sdk, callbacks)) = self
            .sdk
            .and_then(|sdk| Some((sdk, sdk.callbacks.as_ref()?)))
        else {
            return Replies::default();
        };
        let types = Declared {
            sdk,
            own: &callbacks.types,
        };
        let is_element = |nested: &&Nested| match element(&event.payload) {
            Type::Event(name) | Type::Object(name) => *name == nested.ident,
            _ => false,
        };
        let nested = callbacks.nested.as_ref().filter(is_element);
        let whole = Fields {
            nested,
            ..types.fields(nested.map_or(&event.payload, |nested| &nested.payload))
        };
        Replies::of(types, whole, Some(callbacks.payload()))
    }

    fn types(&self) -> Option<Declared<'a>> {
        let own = &self.module?.types;
        Some(Declared {
            sdk: self.sdk?,
            own,
        })
    }
}

/// What a structure is called, and the names of its members, where an SDK was made.
pub(super) fn of_structure<'a>(
    structure: &model::Structure,
    sdks: &'a [Sdk],
) -> (Option<&'a str>, Fields<'a>) {
    let is_it = |sdk: &&Sdk| sdk.part.as_ref().map(|part| &part.id) == structure.api.as_ref();
    let found = sdks.iter().find(is_it).and_then(|sdk| {
        let mut structures = sdk.structures.iter();
        let is_type = |one: &&sdk::Structure| one.sent || one.received;
        let one = structures.find(|one| is_type(one) && one.model.wire == structure.wire)?;
        Some((sdk, one))
    });
    let Some((sdk, one)) = found else {
        return (None, Fields::default());
    };
    let types = Declared {
        sdk,
        own: &sdk.shared,
    };
    let members = types.fields(&Type::Object(one.ident.clone()));
    (Some(&one.ident), members)
}

/// What a field is called, and what it holds.
#[derive(Clone, Debug)]
pub(super) struct Name<'a> {
    pub(super) ident: &'a str,
    pub(super) ty: &'a Type,
    /// The names of the fields in it.
    pub(super) inner: Fields<'a>,
}

/// The names of some fields that belong together.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields<'a> {
    types: Option<Declared<'a>>,
    members: Vec<&'a Member>,
    /// They are those of elements, which one of them tells apart.
    nested: Option<&'a Nested>,
}

/// The types that a chapter can name.
#[derive(Clone, Copy, Debug)]
struct Declared<'a> {
    sdk: &'a Sdk,
    own: &'a Types,
}

/// The names of what comes back.
#[derive(Clone, Debug, Default)]
pub(super) struct Replies<'a> {
    inside: Fields<'a>,
    beside: Fields<'a>,
}

impl<'a> Replies<'a> {
    /// The names of a whole, and of what it holds under the key of payloads.
    fn of(types: Declared<'a>, whole: Fields<'a>, payload: Option<&str>) -> Self {
        let mut members = whole.members.iter();
        let inside = members.find(|member| Some(member.wire.as_str()) == payload);
        Self {
            inside: inside
                .map(|member| types.fields(&member.ty))
                .unwrap_or_default(),
            beside: whole,
        }
    }

    /// The names among which a field's is: of the whole, or of what it holds.
    pub(super) fn around(&self, field: &model::Field) -> &Fields<'a> {
        if self.beside.of(field).is_some() {
            &self.beside
        } else {
            &self.inside
        }
    }

    /// The names where a field stands.
    pub(super) fn at(&self, place: model::Place) -> &Fields<'a> {
        match place {
            model::Place::Envelope => &self.beside,
            _ => &self.inside,
        }
    }
}

impl<'a> Fields<'a> {
    /// The name of a field.
    pub(super) fn of(&self, field: &model::Field) -> Option<Name<'a>> {
        let types = self.types?;
        if let Some(session) = types.sdk.session.as_ref().filter(|_| field.session) {
            return Some(Name {
                ident: &session.param,
                ty: &session.param_type,
                inner: Self::default(),
            });
        }
        let member = self
            .members
            .iter()
            .find(|member| member.wire == field.wire)?;
        Some(Name {
            ident: &member.ident,
            ty: &member.ty,
            inner: types.fields(&member.ty),
        })
    }

    /// The variant of a documented wording of a text.
    pub(super) fn wording(&self, field: &model::Field, value: &str) -> Option<&'a str> {
        let member = self
            .members
            .iter()
            .find(|member| member.wire == field.wire)?;
        let ident = member.wordings.as_ref()?;
        let mut declared = self.types?.own.wordings.iter();
        let mut variants = declared.find(|of| of.ident == *ident)?.variants.iter();
        let found = variants.find(|wording| wording.value == value);
        found.map(|wording| wording.ident.as_str())
    }

    /// The variant of a documented value of a field.
    pub(super) fn variant(&self, field: &str, ty: &Type, value: &str) -> Option<&'a str> {
        if let Some(nested) = self.nested.filter(|nested| nested.tag == field) {
            let is_it = |event: &&Event| event.model.id == value;
            return nested.events.iter().find(is_it).map(|event| &*event.ident);
        }
        let mut variants = self.types?.choice(ty)?.variants.iter();
        let is_it = |variant: &&Variant| variant.value == value;
        variants.find(is_it).map(|variant| variant.ident.as_str())
    }
}

impl<'a> Declared<'a> {
    fn fields(self, ty: &Type) -> Fields<'a> {
        let object = match element(ty) {
            Type::Object(name) => self.object(name),
            _ => None,
        };
        Fields {
            types: Some(self),
            members: object
                .into_iter()
                .flat_map(|object| &object.members)
                .collect(),
            nested: None,
        }
    }

    fn object(self, name: &str) -> Option<&'a Object> {
        let own = self.own.objects.iter();
        let mut all = own.chain(&self.sdk.shared.objects);
        all.find(|object| object.ident == name)
    }

    fn choice(self, ty: &Type) -> Option<&'a Choice> {
        let Type::Choice(name) = element(ty) else {
            return None;
        };
        let own = self.own.choices.iter();
        let mut all = own.chain(&self.sdk.shared.choices);
        all.find(|choice| &choice.ident == name)
    }
}

/// What a list or an option holds, or the type itself.
fn element(ty: &Type) -> &Type {
    match ty {
        Type::List(of) | Type::Maybe(of) | Type::Boxed(of) | Type::Xml(of) => element(of),
        ty => ty,
    }
}
