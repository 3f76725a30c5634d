//! What can be wrong with `[event.poll]`: the golden case of one, each time with one slip. Every slip speaks up with a mend;
//! `tests/snapshots/polling.snap` holds what it says.

use tests::slips::Slip;

#[rustfmt::skip]
const SLIPS: &[Slip] = &[
    ("another transport", "transport = \"http-json\"", "transport = \"websocket\""),
    ("an operation misspelt", "operation = \"/updates\"", "operation = \"/update\""),
    ("an operation that wants more", "operation = \"/updates\"", "operation = \"/set\""),
    ("a cursor misspelt", "cursor = \"cursor\"", "cursor = \"curser\""),
    ("a cursor that does not come back", "cursor = \"cursor\"", "cursor = \"cursor\"\nnext = \"curser\""),
    ("a list misspelt", "items = \"list\"", "items = \"lists\""),
    ("a list that is none", "items = \"list\"", "items = \"more\""),
    ("a time-out misspelt", "timeout = \"wait_ms\"", "timeout = \"wait_s\""),
    ("a time-out that is a text", "timeout = \"wait_ms\"", "timeout = \"more\""),
    ("at once after a failure", "again_after_s = [2, 2, 30]", "again_after_s = [0, 2]"),
    ("no wait at all", "again_after_s = [2, 2, 30]", "again_after_s = []"),
    ("a start misspelt", "before = [\"/start\"]", "before = [\"/stat\"]"),
    ("an end that wants something", "after = [\"/stop\"]", "after = [\"/set\"]"),
    ("no tag", "tag = \"kind\"\n", ""),
    ("a tag misspelt", "tag = \"kind\"", "tag = \"knd\""),
    ("a tag without values", "tag = \"kind\"", "tag = \"id\""),
    ("a payload that is not there", "tag = \"kind\"", "tag = \"kind\"\npayload = \"txt\""),
    ("a key that is none", "items = \"list\"", "list = \"list\""),
];

tests::every_slip_speaks_up!("polling", "declared_poll", SLIPS);
