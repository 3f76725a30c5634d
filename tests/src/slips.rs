//! Owns slips in a `provider.toml`: a golden case, each time with one of them, and what is said of it.

use std::fmt::Write;
use std::fs;

use catalog::load::{Origin, load};
use catalog::source::SourceFile;

use crate::cases::sources;
use crate::root;

/// A test that pins what is said of each slip in a golden case, in a snapshot of this name.
#[macro_export]
macro_rules! every_slip_speaks_up {
    ($snapshot:literal, $case:literal, $slips:expr) => {
        #[test]
        fn every_slip_speaks_up() {
            insta::with_settings!({
                snapshot_path => $crate::root().join("tests/snapshots"),
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!($snapshot, $crate::slips::said($case, $slips));
            });
        }
    };
}

/// What is wrong, what stood there, and what stands there instead.
pub type Slip = (&'static str, &'static str, &'static str);

/// What is said of each, with the line and the mend.
///
/// # Panics
/// If a slip changes nothing, nobody says anything, or no mend.
pub fn said(case: &str, slips: &[Slip]) -> String {
    let folder = root().join("tests/golden").join(case);
    let path = folder.join("provider.toml");
    let config = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{error}"));
    let mut said = String::new();
    for (name, from, to) in slips {
        let mut sources = sources("golden", &folder);
        let broken = config.replacen(from, to, 1);
        assert_ne!(broken, config, "{name}: nothing was broken");
        sources.config = SourceFile::new("provider.toml", &broken);
        let (_, findings) = load(&sources, Origin::Specs);
        assert!(!findings.is_empty(), "{name}: nobody says so");
        // Writing to a String cannot fail.
        let _ = writeln!(said, "{name}");
        for finding in findings {
            let at = finding.at.as_ref().map_or(0, |at| at.line);
            let _ = writeln!(said, "  {at}: {}", finding.message);
            let help = finding
                .help
                .as_deref()
                .unwrap_or_else(|| panic!("{name}: no mend"));
            let _ = writeln!(said, "      {help}");
        }
    }
    said
}
