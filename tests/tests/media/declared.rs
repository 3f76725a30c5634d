//! What can be wrong with `[media]`: the golden case of it, each time with one slip. Every slip speaks up with a mend;
//! `tests/snapshots/media.snap` holds what it says.

use tests::slips::Slip;

#[rustfmt::skip]
const SLIPS: &[Slip] = &[
    ("another transport", "transport = \"http-json\"", "transport = \"http-form\""),
    ("another scheme", "scheme = \"aes-128-ecb\"", "scheme = \"aes-128-cbc\""),
    ("a root that is not encrypted", "root = \"https:", "root = \"http:"),
    ("a root with a slash", "/c2c\"", "/c2c/\""),
    ("a structure misspelt", "structure = \"Medium\"", "structure = \"Media\""),
    ("no medium at all", "most_bytes = 1048576", "most_bytes = 0"),
    ("a header that is none", "reason = \"x-reason\"", "reason = \"x reason\""),
    ("an operation misspelt", "operation = \"/upload\"", "operation = \"/uplaod\""),
    ("a parameter misspelt", "size = \"{size}\"", "sizes = \"{size}\""),
    ("a place misspelt", "size = \"{size}\"", "size = \"{sizes}\""),
    ("a place of another type", "size = \"{size}\"", "size = \"{md5}\""),
    ("a required parameter left out", "bytes = \"{encrypted_size}\", key", "key"),
    ("a field of the reply misspelt", "url = \"url\"\nparam = \"param\"", "url = \"ulr\"\nparam = \"param\""),
    ("a way up that shows", "\"param\", \"url\"", "\"url\""),
    ("a key that shows", "\"key\", \"param\"", "\"param\""),
    ("a way up that leads nowhere", "param = \"param\"\n", ""),
    ("a way up without its param", "at = \"upload?p={param}&id={id}\"", "at = \"upload?id={id}\""),
    ("a place in an address misspelt", "id={id}\"", "id={ib}\""),
    ("an address that begins anew", "at = \"upload", "at = \"/upload"),
    ("no place for what is taken", "ref = \"{taken}\"", "ref = \"t\""),
    ("no place for the key", "key = \"{key_hex_base64}\", ", ""),
    ("a constant that is not documented", "kind = 1 }", "kind = 7 }"),
    ("a field of the medium misspelt", "param = \"ref\"", "param = \"reff\""),
    ("a key misspelt", "key = \"key\"", "key = \"kee\""),
    ("a field that is no text", "key = \"key\"", "key = \"kind\""),
    ("a way down that leads nowhere", "at = \"download?p={param}\"\n", ""),
    ("no field", "fields = [\"media\"]", "fields = []"),
    ("a field that holds none", "fields = [\"media\"]", "fields = [\"medium\"]"),
    ("a key beside misspelt", "beside = \"file_key\"", "beside = \"filekey\""),
    ("a key beside that shows", ", \"file_key\"", ""),
    ("a plain one that holds none", "plain = [\"Picture\"]", "plain = [\"Pictures\"]"),
    ("a kind that is not documented", "media = 3", "media = 4"),
    ("a kind of another type", "media = 3", "media = \"3\""),
    ("a medium that is cut", "media = 3", "media = 3\nsplit = 9"),
    ("a kind without a place", "kind = \"{kind}\"", "kind = 1"),
    ("an item without its medium", "file = { media = \"{media}\", ", "file = { "),
    ("a text of a medium", "name = \"{file_name}\"", "name = \"{text}\""),
];

tests::every_slip_speaks_up!("media", "declared_media", SLIPS);
