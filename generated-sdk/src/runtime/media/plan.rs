//! How media travel, as data that the generator writes.

use crate::runtime::Path;
use crate::runtime::call::{Operation, Template};

/// Where media are.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// The address below which they are, where no answer gives a whole one.
    pub root: &'static str,
    /// How large one may be unless the user says otherwise, in bytes.
    pub most: u64,
    /// The header in which the host says why it refuses.
    pub reason: Option<&'static str>,
}

/// How a medium gets there.
#[derive(Clone, Copy, Debug)]
pub struct UpPlan {
    /// Where to.
    pub host: Host,
    /// What is asked first.
    pub operation: &'static Operation,
    /// Its parameters, with places for `id`, `kind`, `person`, `size`, `md5`, `encrypted_size`, and the `key` as
    /// `key_hex`, `key_base64` or `key_hex_base64`.
    pub params: Template,
    /// The whole address in its reply.
    pub url: Option<Path>,
    /// What stands for the address in its reply, for `at`.
    pub param: Option<Path>,
    /// Where below the root, with places for `param` and `id`.
    pub at: &'static str,
    /// The header in which the host says how it calls what it has taken.
    pub taken: &'static str,
    /// The medium in a message, with places for `taken`, `size`, `encrypted_size`, `md5` and the `key`.
    pub medium: Template,
}

/// How a medium gets here.
#[derive(Clone, Copy, Debug)]
pub struct DownPlan {
    /// Where from.
    pub host: Host,
    /// Where below the root, with a place for `param`.
    pub at: &'static str,
}

/// An address with its places filled.
pub(super) fn address(at: &str, values: &[(&str, &str)]) -> String {
    let mut pieces = at.split('{');
    let mut address = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        let value = value.map_or("", |(_, value)| value);
        address.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        address.push_str(rest);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn what_stands_in_an_address_is_escaped() {
        let values = [("param", "a+b/c=&d"), ("id", "7")];
        let filled = address("up?encrypted_query_param={param}&filekey={id}", &values);
        assert_eq!(
            filled,
            "up?encrypted_query_param=a%2Bb%2Fc%3D%26d&filekey=7"
        );
        assert_eq!(address("down", &values), "down");
    }
}
