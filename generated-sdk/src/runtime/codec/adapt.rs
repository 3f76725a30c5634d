//! What a field's declaration adds to its type: `("at", &Joined(&self.at, ","))` out, `Split` of the same back in.

use super::encode::{Encode, Entry, List, Place, View};
use super::input::{Input, Slot};
use super::scalar::is_number;

/// A list that travels as one text, with the second part between the elements.
pub struct Joined<'a>(
    /// The list.
    pub &'a dyn Encode,
    /// The separator.
    pub &'static str,
);

/// A value that travels as JSON inside a text.
pub struct JsonText<'a>(
    /// The value.
    pub &'a dyn Encode,
);

/// An object written where it is used: fields that the documents nest and Rust does not.
pub struct Members<'a>(
    /// The fields.
    pub &'a [Entry<'a>],
);

/// An id or a choice whose field is declared as a number.
pub struct Number<'a>(
    /// The value.
    pub &'a dyn Encode,
);

/// An id or a choice whose field is declared as a text.
pub struct Text<'a>(
    /// The value.
    pub &'a dyn Encode,
);

/// A value that is written as null where there is none.
pub struct OrNull<'a>(
    /// The value.
    pub &'a dyn Encode,
);

/// A list that is not sent where nothing is in it.
pub struct Filled<'a>(
    /// The list.
    pub &'a dyn Encode,
);

/// A value that `Debug` hides.
pub struct Private<'a>(
    /// The value.
    pub &'a dyn Encode,
);

/// Declares values that stand elsewhere than in the payload of a request.
macro_rules! placed {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $name<'a>(
            /// The value.
            pub &'a dyn Encode,
        );

        impl Encode for $name<'_> {
            fn view(&self) -> View<'_> {
                View::At(Place::$name, self.0)
            }
        }
    )+};
}

placed! {
    /// A value that stands beside the payload of a request.
    Envelope,
    /// A value that stands in the query of the address.
    InQuery,
    /// A value that stands in the path of the address, for its `{name}`.
    InPath,
    /// A value that is a header.
    InHeader,
}

/// A value that stands where it is said.
pub(crate) struct Placed<'a>(pub(crate) Place, pub(crate) &'a dyn Encode);

impl Encode for Placed<'_> {
    fn view(&self) -> View<'_> {
        View::At(self.0, self.1)
    }
}

/// The reading side of [`Joined`].
pub struct Split<'a>(
    /// Where the elements go to.
    pub &'a mut dyn Slot,
    /// The separator.
    pub &'static str,
);

/// The reading side of [`JsonText`].
pub struct FromJsonText<'a>(
    /// Where the value goes to.
    pub &'a mut dyn Slot,
);

/// The reading side of [`Members`].
pub struct MemberSlots<'a, 'b>(
    /// The fields.
    pub &'a mut [(&'static str, &'b mut dyn Slot)],
);

impl Encode for Joined<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::Absent => View::Absent,
            _ => View::Joined(self.0, self.1),
        }
    }
}

impl Encode for JsonText<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::Absent => View::Absent,
            _ => View::JsonText(self.0),
        }
    }
}

impl Encode for Members<'_> {
    fn view(&self) -> View<'_> {
        View::Members(self.0)
    }
}

impl Encode for Number<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::Text(text) if is_number(text) => View::Raw(text),
            View::List(_) => View::Number(self.0),
            view => view,
        }
    }
}

impl Encode for Text<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::Raw(text) => View::Text(text),
            view => view,
        }
    }
}

impl Encode for OrNull<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::Absent => View::Raw("null"),
            view => view,
        }
    }
}

impl Encode for Filled<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::List(list) if is_empty(list) => View::Absent,
            view => view,
        }
    }
}

fn is_empty(list: &dyn List) -> bool {
    let mut is_empty = true;
    list.each(&mut |_| is_empty = false);
    is_empty
}

impl Encode for Private<'_> {
    fn view(&self) -> View<'_> {
        match self.0.view() {
            View::Absent => View::Absent,
            _ => View::Private(self.0),
        }
    }
}

impl Slot for Split<'_> {
    fn fill(&mut self, input: &mut Input<'_>) {
        input.joined(self.1, self.0);
    }
}

impl Slot for FromJsonText<'_> {
    fn fill(&mut self, input: &mut Input<'_>) {
        input.json_text(self.0);
    }
}

impl Slot for MemberSlots<'_, '_> {
    fn fill(&mut self, input: &mut Input<'_>) {
        input.object(self.0);
    }
}
