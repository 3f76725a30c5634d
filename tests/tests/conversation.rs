//! What can be wrong with `[event.conversation]`: the golden case of one, each time with one slip. Every slip speaks up with a
//! mend; `tests/snapshots/conversation.snap` holds what it says.

use tests::slips::Slip;

#[rustfmt::skip]
const SLIPS: &[Slip] = &[
    ("another transport", "transport = \"http-json\"", "transport = \"http-form\""),
    ("one side", "key = [\"to\", \"room | from\"]", "key = [\"to\"]"),
    ("a side misspelt", "room | from", "rom | from"),
    ("no event", "events = [\"1\"]", "events = []"),
    ("an event that is not there", "events = [\"1\"]", "events = [\"3\"]"),
    ("a token misspelt", "token = \"token\"", "token = \"tokn\""),
    ("a token that is a number", "token = \"token\"", "token = \"number\""),
    ("a token that shows", "secrets = [\"token\", ", "secrets = ["),
    ("no time", "within_s = 86400", "within_s = 0"),
    ("no answers", "answers = 10", "answers = 0"),
    ("a code that is a success", "closed = [\"-2\"]", "closed = [\"0\"]"),
    ("a code that is busy", "closed = [\"-2\"]", "closed = [\"9\"]"),
    ("a code that ends the session", "closed = [\"-2\"]", "closed = [\"-14\"]"),
    ("messages of no code", "closed = [\"-2\"]\n", ""),
    ("nothing that is asked for", "[event.poll]\noperation = \"/updates\"\ncursor = \"cursor\"\nitems = \"list\"\n", ""),
    ("an operation of a session", "[event]\n", "[session]\nparam = \"msg\"\nscope = \"room\"\n\n[event]\n"),
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
    ("a ticket that shows", "\"ticket\", \"cursor\"]", "\"cursor\"]"),
    ("no place for the ticket", "ticket = \"{ticket}\", status = 2", "ticket = \"t\", status = 2"),
    ("typing that never stops to begin", "every_s = 5", "every_s = 0"),
    ("an operation of typing of a session", "[event]\n", "[session]\nparam = \"user\"\nscope = \"room\"\n\n[event]\n"),
    ("a parameter of the query", "status = 1", "status = 1, lang = \"zh\""),
    ("a status that is not documented", "status = 2 }", "status = 0 }"),
];

tests::every_slip_speaks_up!("conversation", "declared_conversation", SLIPS);
