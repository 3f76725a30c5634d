//! What the generator leaves to macros: the implementations that all ids, all choices, all objects share.

#![allow(
    unused_macros,
    unused_imports,
    reason = "a crate without providers declares none of them"
)]

/// Gives id types everything but their declaration: `pub struct MsgId(Scalar); id!(MsgId);`.
macro_rules! id {
    ($($name:ident),+ $(,)?) => {$(
        $crate::runtime::id!(@from $name: &str, String, &String, i32, u32, i64, u64, &$crate::runtime::Scalar);

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

        impl From<$crate::runtime::Scalar> for $name {
            #[inline]
            fn from(id: $crate::runtime::Scalar) -> Self {
                Self(id)
            }
        }

        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for $crate::runtime::Scalar {
            #[inline]
            fn from(id: $name) -> Self {
                id.0
            }
        }

        /// As text: `Option<…>::as_deref`, `starts_with` and the like.
        impl std::ops::Deref for $name {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl $crate::runtime::Encode for $name {
            fn view(&self) -> $crate::runtime::View<'_> {
                $crate::runtime::Encode::view(&self.0)
            }
        }

        impl $crate::runtime::Decode for $name {
            fn decode(input: &mut $crate::runtime::Input<'_>) -> Option<Self> {
                <$crate::runtime::Scalar as $crate::runtime::Decode>::decode(input).map(Self)
            }
        }

        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    )+};
    (@from $name:ident: $($source:ty),+) => {$(
        impl From<$source> for $name {
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
        impl From<$source> for $name {
            #[inline]
            fn from(value: $source) -> Self {
                Self::from($crate::runtime::Scalar::from(value))
            }
        }
    )+};
    ($name:ident { $($variant:ident = $wire:literal),+ $(,)? }) => {
        $crate::runtime::choice!(@from $name: &str, String, i32, u32, i64, u64);

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
        impl From<$crate::runtime::Scalar> for $name {
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

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
            fn decode(input: &mut $crate::runtime::Input<'_>) -> Option<Self> {
                <$crate::runtime::Scalar as $crate::runtime::Decode>::decode(input).map(Self::from)
            }
        }

        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::runtime::serialize_value(self, serializer)
            }
        }
    };
}

/// Serialises objects as they would travel; nothing without the feature `serialize`.
macro_rules! serialize {
    ($($name:ident),+ $(,)?) => {$(
        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::runtime::serialize_object(self, serializer)
            }
        }
    )+};
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
            pub fn of(text: &str) -> Option<Self> {
                $(
                    if let Some([$($filled),*]) = $crate::runtime::worded($wording, text).as_deref() {
                        return Some(Self::$variant { $($filled: $filled.clone()),* });
                    }
                )+
                None
            }
        }

        /// Shows no name: they are people's.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant { .. } => stringify!($variant),)+
                })
            }
        }
    };
}

pub(crate) use {choice, id, serialize, wordings};
