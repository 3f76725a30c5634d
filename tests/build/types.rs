//! Writes a visit of every request's type and of every callback's type.

use std::fmt::Write;

use super::calls::Made;

/// The source: a function that shows a visitor everything.
pub fn all(providers: &[Made]) -> String {
    let mut visits = String::new();
    for sdk in providers.iter().flat_map(|made| &made.sdks) {
        let (id, path) = (&sdk.id, format!("generated_sdk::{}", sdk.path()));
        let part = sdk.part.as_ref().map(|part| &part.id);
        for module in &sdk.modules {
            for operation in &module.operations {
                let ty = format!("{path}::{}::{}", module.ident, operation.request);
                let of = &operation.model.id;
                let _ = writeln!(
                    visits,
                    "    visitor.request::<{ty}>({id:?}, {part:?}, {of:?});"
                );
            }
        }
        if sdk.callbacks.is_some() {
            let ty = format!("{path}::callback::Callback");
            let _ = writeln!(visits, "    visitor.events::<{ty}>({id:?}, {part:?});");
        }
    }
    format!(
        "/// Shows the types of all providers.\npub fn visit(visitor: &mut impl Visitor) {{\n{visits}}}\n"
    )
}
