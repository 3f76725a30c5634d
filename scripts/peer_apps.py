#!/usr/bin/env python3
"""Writes the applications that scripts/bench-peers.sh builds: one call and all calls, by our SDK, by
progenitor's client, and one call by hand.

usage: peer_apps.py SDK_FOLDER PEER_FOLDER CODEC_CALLS OUT_FOLDER

Every call gives what is required and nothing else. Ours are the examples in the SDK's documentation;
progenitor's are read from the structs that it generated.
"""

import pathlib
import re
import sys

MAIN = """#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let base = std::env::args().nth(1).unwrap_or_default();
{body}    Ok(())
}}
"""

SDK = 'generated-sdk = { workspace = true }'
PEER = 'progenitor-peer = { path = "../../progenitor" }'
TOKIO = 'tokio = { version = "1", features = ["rt", "macros"] }'
SERDE = 'serde = { version = "1", features = ["derive"] }\nserde_json = "1"'
REQWEST = 'reqwest = { version = "0.13", default-features = false, features = ["json"] }'

HAND = """use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SendText<'a> {
    w_id: &'a str,
    wc_id: &'a str,
    content: &'a str,
}

#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Data {
    r#type: Option<i64>,
    msg_id: Option<i64>,
    new_msg_id: Option<i64>,
    create_time: Option<i64>,
    wc_id: Option<String>,
}

#[derive(Deserialize, Debug)]
#[allow(dead_code)]
struct Envelope {
    code: String,
    message: Option<String>,
    data: Option<Data>,
}

"""

HAND_BODY = """    let reply: Envelope = reqwest::Client::new()
        .post(format!("{base}/sendText"))
        .header("Authorization", "t")
        .json(&SendText { w_id: "w", wc_id: "filehelper", content: "hi" })
        .send()
        .await?
        .json()
        .await?;
    println!("{reply:?}");
"""

SDK_CLIENT = """    let client = generated_sdk::eyun::Client::builder(base).authorization("t").build()?;
    let wx = client.instance("w");
"""

CODEC = """//! Runs one of the functions that the benchmark `codec` measures, so that its instructions can be counted.
mod calls;

use std::hint::black_box;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let which = arguments.next().unwrap_or_default();
    let times: usize = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let session = calls::session();
    for _ in 0..times {
        match which.as_str() {
            "sdk-short" => {
                black_box(calls::sdk::encode_send_text(&session));
                black_box(calls::sdk::decode_send_text());
            }
            "sdk-long" => {
                black_box(calls::sdk::encode_get_circle(&session));
                black_box(calls::sdk::decode_get_circle());
            }
            "hand-short" => {
                black_box(calls::hand::encode_send_text());
                black_box(calls::hand::decode_send_text());
            }
            "hand-long" => {
                black_box(calls::hand::encode_get_circle());
                black_box(calls::hand::decode_get_circle());
            }
            _ => {}
        }
    }
}
"""


def sdk_examples(folder):
    """The calls in the documentation of every request."""
    calls = []
    for file in sorted(folder.glob("src/eyun/*.rs")):
        text = file.read_text(encoding="utf-8")
        for block in re.findall(r"/// ```no_run\n(.*?)/// ```\n", text, re.S):
            lines = [line.removeprefix("///").removeprefix(" ") for line in block.splitlines()]
            code = [line for line in lines if not line.startswith("# ")]
            if any("let reply = " in line for line in code):
                calls.append("".join(f"        {line}\n" for line in code))
    return calls


class Peer:
    """What progenitor generated."""

    def __init__(self, folder):
        self.text = (folder / "src/lib.rs").read_text(encoding="utf-8")

    def calls(self):
        method = re.compile(
            r"pub async fn (\w+)<'a>\(\s*&'a self,\s*body: &'a types::(\w+),\s*\)"
            r".*?format!\(\"\{\}(/[^\"]*)\"",
            re.S,
        )
        for name, body, path in method.findall(self.text):
            yield name, path, self.value(body)

    def value(self, ty):
        """An expression of a type that has everything required."""
        ty = re.sub(r"\s+", "", ty)
        if ty.startswith("::std::option::Option<"):
            return "None"
        if ty.startswith("::std::vec::Vec<"):
            return "vec![]"
        if ty.startswith("::serde_json::Map<"):
            return "Default::default()"
        known = {"::std::string::String": '"x".to_owned()', "i64": "1", "bool": "true"}
        if ty in known:
            return known[ty]
        struct = re.search(rf"^    pub struct {ty} \{{\n(.*?)^    \}}", self.text, re.S | re.M)
        if struct:
            field = re.compile(r"^        pub (\w+(?:#\w+)?): (.*?),$", re.S | re.M)
            fields = [f"{name}: {self.value(of)}" for name, of in field.findall(struct[1])]
            return f"types::{ty} {{ {', '.join(fields)} }}"
        if re.search(rf"^    pub struct {ty} \{{\}}", self.text, re.M):
            return f"types::{ty} {{}}"
        variants = re.search(rf"^    pub enum {ty} \{{\n(.*?)^    \}}", self.text, re.S | re.M)
        if variants:
            first = re.search(r"^        (\w+),$", variants[1], re.M)
            return f"types::{ty}::{first[1]}"
        values = re.search(
            rf"TryFrom<i64> for {ty} \{{.*?!\[\s*(-?\d+)_i64", self.text, re.S
        )
        if values:
            return f"types::{ty}::try_from({values[1]}_i64)?"
        alias = re.search(rf"^    pub struct {ty}\(", self.text, re.M)
        if alias:
            return f"types::{ty}(Default::default())"
        sys.exit(f"peer_apps.py: no value for {ty}")


def write(out, name, dependencies, source):
    folder = out / name
    (folder / "src").mkdir(parents=True, exist_ok=True)
    manifest = f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n'
    (folder / "Cargo.toml").write_text(manifest + "\n".join(dependencies) + "\n")
    (folder / "src/main.rs").write_text(source, encoding="utf-8")


def main():
    sdk, peer, calls, out = map(pathlib.Path, sys.argv[1:5])
    examples = sdk_examples(sdk)
    one = next(call for call in examples if ".send_text(" in call)
    show = '    println!("{:?}", reply.data);\n'
    body = SDK_CLIENT + "".join(line[4:] + "\n" for line in one.splitlines()) + show
    write(out, "sdk-one", [SDK, TOKIO], MAIN.format(body=body))
    count = "        good += usize::from(reply.issues().is_empty());\n"
    body = SDK_CLIENT + "    let mut good = 0;\n"
    body += "".join("    {\n" + call + count + "    }\n" for call in examples)
    write(out, "sdk-all", [SDK, TOKIO], MAIN.format(body=body + '    println!("{good}");\n'))

    generated = Peer(peer)
    client = "    let client = Client::new(&base);\n"
    head = "use progenitor_peer::{Client, types};\n\n"
    made = list(generated.calls())
    name, _, value = next(call for call in made if call[1] == "/sendText")
    body = f'{client}    let reply = client.{name}(&{value}).await?;\n    println!("{{:?}}", *reply);\n'
    write(out, "peer-one", [PEER, TOKIO], head + MAIN.format(body=body))
    body = client + "    let mut good = 0;\n"
    for name, _, value in made:
        body += f"    let reply = client.{name}(&{value}).await?;\n"
        body += "    good += usize::from(reply.status().is_success());\n"
    body += '    println!("{good}");\n'
    write(out, "peer-all", [PEER, TOKIO], head + MAIN.format(body=body))

    write(out, "hand-one", [REQWEST, SERDE, TOKIO], HAND + MAIN.format(body=HAND_BODY))
    write(out, "codec", [SDK, SERDE], CODEC)
    (out / "codec/src/calls.rs").write_text(calls.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{len(examples)} calls of ours, {len(made)} of progenitor's", file=sys.stderr)


if __name__ == "__main__":
    main()
