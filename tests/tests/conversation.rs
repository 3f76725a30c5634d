//! What can be wrong with `[event.conversation]`: the golden case of one, each time with one slip. Every slip speaks up with a
//! mend; `tests/snapshots/conversation.snap` holds what it says.

use std::fmt::Write;
use std::fs;

use catalog::load::{Origin, load};
use catalog::source::SourceFile;
use insta::{assert_snapshot, with_settings};
use tests::cases::sources;
use tests::root;

type Slip = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const SLIPS: &[Slip] = &[
    ("another transport", "transport = \"http-json\"", "transport = \"http-form\""),
    ("one side", "key = [\"to\", \"room | from\"]", "key = [\"to\"]"),
    ("a side misspelt", "room | from", "rom | from"),
    ("no event", "events = [\"1\"]", "events = []"),
    ("an event that is not there", "events = [\"1\"]", "events = [\"2\"]"),
    ("a token misspelt", "token = \"token\"", "token = \"tokn\""),
    ("a token that is a number", "token = \"token\"", "token = \"number\""),
    ("a token that shows", "secrets = [\"token\", \"ticket\"]", "secrets = [\"ticket\"]"),
    ("no time", "within_s = 86400", "within_s = 0"),
    ("no answers", "answers = 10", "answers = 0"),
    ("a code that is a success", "closed = [\"-2\"]", "closed = [\"0\"]"),
    ("a code that is busy", "closed = [\"-2\"]", "closed = [\"9\"]"),
    ("messages of no code", "closed = [\"-2\"]\n", ""),
    ("an operation misspelt", "operation = \"/send\"", "operation = \"/sent\""),
    ("a message that is no table", "message = { msg", "message = [1] # { msg"),
    ("a parameter misspelt", "kind = 2", "kimd = 2"),
    ("a constant of another type", "kind = 2", "kind = \"2\""),
    ("a constant that is not documented", "kind = 2", "kind = 3"),
    ("a required parameter left out", "kind = 2, ", ""),
    ("no place for the token", "token = \"{token}\", items", "token = \"t\", items"),
    ("no place for the item", "items = [\"{item}\"]", "items = []"),
    ("a place misspelt", "to = \"{person}\"", "to = \"{persn}\""),
    ("a place in a text", "to = \"{person}\"", "to = \"to {person}\""),
    ("a place of another type", "kind = 2", "kind = \"{client_id}\""),
    ("an item for a list", "items = [\"{item}\"]", "items = \"{item}\""),
    ("a member misspelt", "done = true", "dome = true"),
    ("a member of another type", "done = true", "done = 1"),
    ("nothing to say", "text = \"{text}\"", "text = \"hi\""),
    ("a name that is none", "name = \"text\"", "name = \"Text\""),
    ("cut everywhere", "split = 2000", "split = 0"),
    ("an operation of typing misspelt", "operation = \"/typing\"", "operation = \"/tiping\""),
    ("a ticket misspelt", "field = \"ticket\"", "field = \"tiket\""),
    ("a ticket that shows", "secrets = [\"token\", \"ticket\"]", "secrets = [\"token\"]"),
    ("no place for the ticket", "ticket = \"{ticket}\", status = 2", "ticket = \"t\", status = 2"),
    ("typing that never stops to begin", "every_s = 5", "every_s = 0"),
    ("a status that is not documented", "status = 2 }", "status = 0 }"),
];

#[test]
fn every_slip_speaks_up() {
    let folder = root().join("tests/golden/declared_conversation");
    let path = folder.join("provider.toml");
    let config = fs::read_to_string(&path).expect("there is one");
    let mut said = String::new();
    for (name, from, to) in SLIPS {
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
    with_settings!({
        snapshot_path => root().join("tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!("conversation", said);
    });
}
