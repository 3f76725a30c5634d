//! Owns the names in `names.lock`: which public name a wire identity has, append-only, so that
//! nothing public changes by itself.

use std::collections::BTreeMap;
use std::fmt::Write;

use catalog::spelling::toml_string;
use serde::Deserialize;

/// The names of one provider. Keys above the first section belong to others and are left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Lock {
    /// Module slug to identifier.
    pub module: BTreeMap<String, String>,
    /// Operation id to method name.
    pub operation: BTreeMap<String, String>,
    /// Event id to its name.
    pub event: BTreeMap<String, String>,
    /// Operation id to the method names that it once had; operation id, path and value to the variants.
    pub former: BTreeMap<String, Vec<String>>,
    /// Operation id to the wire names of its constructor's arguments.
    pub arguments: BTreeMap<String, Vec<String>>,
    /// Wire name to field name.
    pub field: BTreeMap<String, String>,
    /// Operation id, path and value to variant.
    pub value: BTreeMap<String, String>,
}

impl Lock {
    /// Reads a lock file; a name that is none in Rust was not written by us.
    pub fn read(text: &str) -> Result<Self, String> {
        let lock: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if let Some(name) = lock.names().find(|name| !is_name(name)) {
            return Err(format!("`{name}` is no name in Rust"));
        }
        Ok(lock)
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        let once = [&self.module, &self.operation, &self.field, &self.value];
        let once = once.into_iter().flat_map(BTreeMap::values);
        once.chain(self.former.values().flatten())
    }

    /// Writes the sections: sorted, a line a name, so that two branches merge.
    pub fn write(&self) -> String {
        let mut out = String::new();
        let names: [(&str, &BTreeMap<String, String>); 5] = [
            ("module", &self.module),
            ("operation", &self.operation),
            ("event", &self.event),
            ("field", &self.field),
            ("value", &self.value),
        ];
        for (title, map) in names {
            section(&mut out, title, map, |name| toml_string(name));
        }
        for (title, map) in [("arguments", &self.arguments), ("former", &self.former)] {
            section(&mut out, title, map, |names| {
                let names: Vec<String> = names.iter().map(|name| toml_string(name)).collect();
                format!("[{}]", names.join(", "))
            });
        }
        out
    }
}

fn is_name(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(letters)
        && !matches!(name, "Self" | "Other")
}

fn section<V>(
    out: &mut String,
    title: &str,
    map: &BTreeMap<String, V>,
    write: impl Fn(&V) -> String,
) {
    if map.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = writeln!(out, "\n[{title}]");
    for (key, value) in map {
        let _ = writeln!(out, "{} = {}", toml_string(key), write(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut lock = Lock::default();
        lock.operation
            .insert("x_\"y\"\\\n".to_owned(), "send_text".to_owned());
        lock.arguments.insert(
            "x".to_owned(),
            vec!["wcId".to_owned(), "content".to_owned()],
        );
        let text = format!("catalog = \"ab\"\n{}", lock.write());
        assert_eq!(Lock::read(&text), Ok(lock));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in ["", "a b", "2fa", "发送", "Other", "Self", "a;"] {
            let text = format!("[value]\nx = {}\n", toml_string(name));
            assert!(Lock::read(&text).is_err(), "{name}");
        }
    }
}
