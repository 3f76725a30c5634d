//! Everything that the tests generate, compiled: the golden cases, the obstacle course and the
//! hostile documents are providers of one crate, on the real runtime.

use std::time::Instant;

use generator::Generated;
use tests::cases::{Case, golden_cases};
use tests::compile::Crate;
use tests::hostile::{self, PROVIDER_IDS, provider};
use tests::obstacles::obstacles;

fn providers() -> Vec<Generated> {
    let golden = golden_cases().into_iter().filter_map(|name| {
        let made = Case::golden(&name).make();
        let sound = made.errors().is_empty();
        made.generated.filter(|_| sound)
    });
    let hostile = PROVIDER_IDS.iter().map(|id| provider(id).made());
    let courses = [obstacles().made(), hostile::hostile().made()];
    golden.chain(hostile).chain(courses).collect()
}

#[test]
fn everything_generated_compiles_without_a_warning() {
    let providers = providers();
    assert!(providers.len() > 30, "{} providers", providers.len());
    let sdk = Crate::write(env!("CARGO_TARGET_TMPDIR"), &providers);
    let everything = sdk.features();
    let serialize = format!("{everything},media,poll,serialize,server,websocket");
    for (command, features) in [
        (vec!["clippy"], serialize.as_str()),
        (vec!["clippy"], everything),
        (vec!["doc", "--no-deps"], "hostile,obstacles,documentation"),
    ] {
        let start = Instant::now();
        let found = sdk.complaints(&command, features);
        assert_eq!(found, Vec::<String>::new(), "cargo {command:?}");
        println!("{command:?}: {:?}", start.elapsed());
    }
    let pages = sdk.pages("hostile");
    assert!(pages.len() > 100, "{} pages", pages.len());
    for (path, html) in pages {
        let script = ["<script>alert", "<img src=x", "href=\"javascript:"];
        let found: Vec<&str> = script.into_iter().filter(|it| html.contains(it)).collect();
        assert_eq!(found, Vec::<&str>::new(), "{}", path.display());
    }
}
