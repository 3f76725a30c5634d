//! What the generator leaves to macros: the implementations that all ids, all choices, all objects share.

#![allow(
    unused_macros,
    unused_imports,
    reason = "a crate without providers declares none of them"
)]

/// Gives id types everything but their declaration: `pub struct MsgId(Scalar); id!(MsgId);`.
macro_rules! id {
    ($($name:ident),+ $(,)?) => {$(
        $crate::runtime::id!(@from $name: &str, ::std::string::String, &::std::string::String, i32, u32, i64, u64, &$crate::runtime::Scalar);

        impl $name {
            /// The id as text, whatever it was written as.
            #[inline]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The id with the kind it has on the wire.
            #[inline]
            pub fn as_scalar(&self) -> &$crate::runtime::Scalar {
                &self.0
            }
        }

        impl ::std::convert::From<$crate::runtime::Scalar> for $name {
            #[inline]
            fn from(id: $crate::runtime::Scalar) -> Self {
                Self(id)
            }
        }

        impl ::std::convert::From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl ::std::convert::From<$name> for $crate::runtime::Scalar {
            #[inline]
            fn from(id: $name) -> Self {
                id.0
            }
        }

        /// As text: `Option<…>::as_deref`, `starts_with` and the like.
        impl ::std::ops::Deref for $name {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::cmp::PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl $crate::runtime::Encode for $name {
            fn view(&self) -> $crate::runtime::View<'_> {
                $crate::runtime::Encode::view(&self.0)
            }
        }

        impl $crate::runtime::Decode for $name {
            fn decode(input: &mut $crate::runtime::Input<'_>) -> ::std::option::Option<Self> {
                <$crate::runtime::Scalar as $crate::runtime::Decode>::decode(input).map(Self)
            }
        }

        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    )+};
    (@from $name:ident: $($source:ty),+) => {$(
        impl ::std::convert::From<$source> for $name {
            #[inline]
            fn from(id: $source) -> Self {
                Self(id.into())
            }
        }
    )+};
}

/// Gives an open enum everything but its declaration.
///
/// ```text
/// pub enum Sex { Male, Female, Other(Scalar) }
/// choice!(Sex { Male = "1", Female = "2" });
/// ```
macro_rules! choice {
    (@from $name:ident: $($source:ty),+) => {$(
        impl ::std::convert::From<$source> for $name {
            #[inline]
            fn from(value: $source) -> Self {
                <Self as ::std::convert::From<$crate::runtime::Scalar>>::from($crate::runtime::Scalar::from(value))
            }
        }
    )+};
    ($name:ident { $($variant:ident = $wire:literal),+ $(,)? }) => {
        $crate::runtime::choice!(@from $name: &str, ::std::string::String, i32, u32, i64, u64);

        impl $name {
            /// The value on the wire, as text whatever it is written as.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(value) => value.as_str(),
                }
            }
        }

        /// A documented value becomes its variant, however it is written.
        impl ::std::convert::From<$crate::runtime::Scalar> for $name {
            fn from(value: $crate::runtime::Scalar) -> Self {
                match value.as_str() {
                    $($wire => Self::$variant,)+
                    _ => Self::Other(value),
                }
            }
        }

        impl $crate::runtime::Choice for $name {
            #[inline]
            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::runtime::Encode for $name {
            fn view(&self) -> $crate::runtime::View<'_> {
                match self {
                    Self::Other(value) => $crate::runtime::Encode::view(value),
                    known => $crate::runtime::View::Text(known.as_str()),
                }
            }
        }

        impl $crate::runtime::Decode for $name {
            fn decode(input: &mut $crate::runtime::Input<'_>) -> ::std::option::Option<Self> {
                <$crate::runtime::Scalar as $crate::runtime::Decode>::decode(input).map(Self::from)
            }
        }

        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::serialize_value(self, serializer)
            }
        }
    };
}

/// Gives an enum of documented wordings everything but its declaration.
///
/// ```text
/// pub enum Notice { Left { name: String } }
/// wordings!(Notice { Left { name } = "{name} has left" });
/// ```
macro_rules! wordings {
    ($name:ident { $($variant:ident { $($filled:ident),* } = $wording:literal),+ $(,)? }) => {
        impl $name {
            /// Which of them a text is; the first one that fits counts.
            pub fn of(text: &str) -> ::std::option::Option<Self> {
                $(
                    if let ::std::option::Option::Some([$($filled),*]) = $crate::runtime::worded($wording, text).as_deref() {
                        return ::std::option::Option::Some(Self::$variant { $($filled: $filled.clone()),* });
                    }
                )+
                ::std::option::Option::None
            }
        }

        /// Shows no name: they are people's.
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant { .. } => stringify!($variant),)+
                })
            }
        }
    };
}

/// Gives a request what all requests have alike: how it is written, `Debug`, and `extra`.
///
/// ```text
/// pub struct SendText { pub wc_id: WcId, pub content: String, pub at: Option<Vec<WcId>>, pub extra: rt::Extra }
/// rt::request!(SendText {
///     wc_id = "wcId" as Text,
///     content = "content" as Private,
///     at = "at" as Joined(","),
/// });
/// ```
///
/// Of parameters that exclude each other, `target: Target { Id = "userId", Name = "name" as Private }` behind the
/// others shows the one that was chosen.
macro_rules! request {
    ($name:ident {
        $($field:ident = $wire:literal $(as $coding:ident $(($with:literal))?)*),* $(,)?
    }
    $($chosen:ident: $either:ident {
        $($variant:ident = $key:literal $(as $code:ident $(($by:literal))?)*),+ $(,)?
    })*) => {
        impl $name {
            /// 加一个文档没有写到的参数。
            pub fn extra(
                mut self,
                key: impl ::std::convert::Into<::std::string::String>,
                value: impl ::std::convert::Into<$crate::runtime::Json>,
            ) -> Self {
                self.extra.insert(key, value);
                self
            }
        }

        impl $crate::runtime::ToObject for $name {
            #[inline]
            fn members(&self, visit: $crate::runtime::Visit<'_>) {
                visit(&[$(
                    ($wire, $crate::runtime::coded!(&self.$field $(, $coding $(($with))?)*))
                ),*]);
                $(match &self.$chosen {
                    $($either::$variant(value) => visit(&[
                        ($key, $crate::runtime::coded!(value $(, $code $(($by))?)*))
                    ]),)+
                })*
            }

            #[inline]
            fn extra(&self) -> &[(::std::string::String, $crate::runtime::Json)] {
                self.extra.as_slice()
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::runtime::debug_object(stringify!($name), self, f)
            }
        }
    };
}

/// Declares what a request cannot be without, so that the compiler counts it:
/// `rt::required!(SendUrlRequired of SendUrl { title: String, url: String });`.
macro_rules! required {
    ($name:ident of $request:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        #[doc = concat!("[`struct@", stringify!($request), "`] 必填的参数。")]
        #[derive(Clone)]
        pub struct $name {$(
            #[doc = concat!("[`", stringify!($request), "::", stringify!($field), "`]")]
            pub $field: $type,
        )+}
    };
}

/// Gives an object inside of a request what all of them have alike: how it is written, and `Debug`. The table is that
/// of [`request`].
macro_rules! sent {
    ($name:ident {
        $($field:ident = $wire:literal $(as $coding:ident $(($with:literal))?)*),* $(,)?
    }) => {
        impl $crate::runtime::ToObject for $name {
            fn members(&self, visit: $crate::runtime::Visit<'_>) {
                visit(&[$(
                    ($wire, $crate::runtime::coded!(&self.$field $(, $coding $(($with))?)*))
                ),*]);
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::runtime::debug_fields(stringify!($name), &[$((
                    stringify!($field),
                    $crate::runtime::shown!(&self.$field $(, $coding $(($with))?)*),
                )),*], f)
            }
        }
    };
}

/// Gives an object of a reply or an event what all of them have alike: how it is read, `Debug`, and, under the feature
/// `serialize`, how it is written.
///
/// ```text
/// pub struct Member { pub id: Option<WcId>, pub labels: Vec<String>, pub raw: rt::Json }
/// rt::received!(Member {
///     id = "wcId" | "userName" as Text,
///     labels = "labels" as Joined(","),
/// } keeping raw);
/// ```
///
/// A name behind `|` is another spelling. `keeping raw` keeps what it was read from; `with sender by split_sender` has
/// a field that a method fills when all is read.
macro_rules! received {
    ($name:ident {
        $($field:ident = $wire:literal $(| $alias:literal)* $(as $coding:ident $(($with:literal))?)*),* $(,)?
    } $(with $taken:ident by $split:ident)* $(keeping $raw:ident)?) => {
        $crate::runtime::read!($name {
            $($field = $wire $(| $alias)* $(as $coding $(($with))?)*),*
        } $(with $taken by $split)* $(keeping $raw)?);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::runtime::debug_fields(stringify!($name), &[
                    $((
                        stringify!($field),
                        $crate::runtime::shown!(&self.$field $(, $coding $(($with))?)*),
                    ),)*
                    $((stringify!($taken), &self.$taken),)*
                    $((stringify!($raw), &self.$raw),)?
                ], f)
            }
        }

        $crate::runtime::written!($name {
            $($field = $wire $(as $coding $(($with))?)*),*
        });
    };
}

/// How an object is read. The table is that of [`received`].
macro_rules! read {
    ($name:ident {
        $($field:ident = $wire:literal $(| $alias:literal)* $(as $coding:ident $(($with:literal))?)*),* $(,)?
    } $(with $taken:ident by $split:ident)* $(keeping $raw:ident)?) => {
        impl $crate::runtime::FromObject for $name {
            #[inline]
            fn read(&mut self, input: &mut $crate::runtime::Input<'_>) -> bool {
                $(self.$raw = input.whole();)?
                let read = input.object_with(
                    &mut [$((
                        $wire,
                        $crate::runtime::slot!(&mut self.$field $(, $coding $(($with))?)*),
                    )),*],
                    &[$($(($alias, $wire),)*)*],
                );
                $(self.$split();)*
                read
            }
        }
    };
}

/// Gives an object that is both sent and received what it needs for either way. The table is that of [`received`].
macro_rules! exchanged {
    ($name:ident {
        $($field:ident = $wire:literal $(| $alias:literal)* $(as $coding:ident $(($with:literal))?)*),* $(,)?
    }) => {
        $crate::runtime::read!($name {
            $($field = $wire $(| $alias)* $(as $coding $(($with))?)*),*
        });

        $crate::runtime::sent!($name {
            $($field = $wire $(as $coding $(($with))?)*),*
        });

        $crate::runtime::serialized!($name);
    };
}

/// How an object is written that is otherwise read, under the feature `serialize`. The table is that of [`request`].
macro_rules! written {
    ($name:ident {
        $($field:ident = $wire:literal $(as $coding:ident $(($with:literal))?)*),* $(,)?
    }) => {
        #[cfg(feature = "serialize")]
        impl $crate::runtime::ToObject for $name {
            fn members(&self, visit: $crate::runtime::Visit<'_>) {
                visit(&[$(
                    ($wire, $crate::runtime::coded!(&self.$field $(, $coding $(($with))?)*))
                ),*]);
            }
        }

        $crate::runtime::serialized!($name);
    };
}

/// How an object that is written on the wire is written elsewhere, under the feature `serialize`.
macro_rules! serialized {
    ($name:ident) => {
        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::serialize_object(self, serializer)
            }
        }
    };
}

/// Gives an open enum of events what all of them have alike: how it is read, and, under the feature `serialize`, how it
/// is written.
///
/// ```text
/// pub enum Event { Text(Text), Image(Image), Unknown { … }, Unreadable { … } }
/// rt::events!(Event { Text = "9" | "14", Image = "7" });
/// ```
///
/// `telling Done by RESULT` is the result of an operation, known by its looks; `each a MessageData` is what all of them
/// hold.
macro_rules! events {
    ($name:ident {
        $($variant:ident = $($code:literal)|+),* $(,)?
    } $(telling $told:ident by $layout:ident)?) => {
        impl $crate::runtime::Tagged for $name {
            fn typed(
                code: &str,
                opened: &mut $crate::runtime::Opened<'_>,
            ) -> ::std::option::Option<::std::result::Result<Self, $crate::runtime::Issue>> {
                match code {
                    $($($code)|+ => ::std::option::Option::Some(opened.typed(Self::$variant)),)*
                    $(_ if opened.tells(&$layout) => ::std::option::Option::Some(opened.typed(Self::$told)),)?
                    _ => {
                        // Where no code is documented, nothing else reads it.
                        let _ = opened;
                        ::std::option::Option::None
                    }
                }
            }
        }

        #[cfg(feature = "serialize")]
        impl $crate::runtime::Encode for $name {
            fn view(&self) -> $crate::runtime::View<'_> {
                match self {
                    $(Self::$variant(data) => $crate::runtime::Encode::view(data),)*
                    $(Self::$told(data) => $crate::runtime::Encode::view(data),)?
                    Self::Unknown { data, .. } | Self::Unreadable { data, .. } => {
                        $crate::runtime::Encode::view(data)
                    }
                }
            }
        }

        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::serialize_value(self, serializer)
            }
        }
    };
    ($name:ident {
        $($variant:ident = $($code:literal)|+),+ $(,)?
    } each a $payload:ident) => {
        $crate::runtime::events!($name { $($variant = $($code)|+),+ });

        impl $name {
            /// 内容；文档没有列出的消息没有。
            pub fn data(&self) -> ::std::option::Option<&$payload> {
                match self {
                    $(Self::$variant(data))|+ => ::std::option::Option::Some(data),
                    Self::Unknown { .. } | Self::Unreadable { .. } => ::std::option::Option::None,
                }
            }

            /// 收到时的原样。
            pub fn raw(&self) -> &$crate::runtime::Json {
                match self {
                    $(Self::$variant(data))|+ => &data.raw,
                    Self::Unknown { data, .. } | Self::Unreadable { data, .. } => data,
                }
            }
        }

        impl ::std::convert::From<&$name> for $crate::runtime::Json {
            fn from(element: &$name) -> Self {
                element.raw().clone()
            }
        }
    };
}

/// A value as a table writes it: `"at" as Joined(",")` is `&Joined(&self.at, ",")`.
macro_rules! coded {
    ($value:expr) => { $value };
    ($value:expr, $coding:ident $(($with:literal))? $(, $($rest:tt)+)?) => {
        $crate::runtime::coded!(&$crate::runtime::$coding($value $(, $with)?) $(, $($rest)+)?)
    };
}

/// Where a value of a table goes to when it is read: what was joined is split, and JSON is taken out of its text.
macro_rules! slot {
    ($slot:expr) => { $slot };
    ($slot:expr, Joined ($separator:literal) $(, $($rest:tt)+)?) => {
        &mut $crate::runtime::Split($slot, $separator)
    };
    ($slot:expr, JsonText $(, $($rest:tt)+)?) => { &mut $crate::runtime::FromJsonText($slot) };
    ($slot:expr, $coding:ident $(, $($rest:tt)+)?) => {
        $crate::runtime::slot!($slot $(, $($rest)+)?)
    };
}

/// What `Debug` shows of a value of a table.
macro_rules! shown {
    ($value:expr) => { $value };
    ($value:expr, Private $(, $($rest:tt)+)?) => { &$crate::runtime::Hidden };
    ($value:expr, $coding:ident $(($with:literal))? $(, $($rest:tt)+)?) => {
        $crate::runtime::shown!($value $(, $($rest)+)?)
    };
}

pub(crate) use {
    choice, coded, events, exchanged, id, read, received, request, required, sent, serialized,
    shown, slot, wordings, written,
};
