//! Broken replies and events, read by the types that were generated for them.

use std::fmt::Debug;

use catalog::load::Origin;
use catalog::model::{Sample, SampleRole};
use generated_sdk::HttpResponse;
use generated_sdk::runtime::{Inbound, Request, read_reply};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use tests::mutants::{Random, json};
use tests::types::{Visitor, visit};
use tests::{committed, read, shown};

use super::Rounds;

/// Reads what a gateway sent; what is wrong with what became of it. The last is the sound text.
type Reads = fn(&[u8], &str) -> Result<bool, String>;

/// What is read by one type.
struct Read {
    sound: Vec<String>,
    reads: Reads,
}

pub(super) struct Messages {
    all: Vec<Read>,
    /// How many were decoded at all.
    decoded: usize,
}

/// Replies of every operation.
pub(super) fn replies() -> Messages {
    gather(true)
}

/// Events of every provider that has any.
pub(super) fn events() -> Messages {
    gather(false)
}

fn gather(are_replies: bool) -> Messages {
    let mut types = Types {
        are_replies,
        of: String::new(),
        samples: Samples::default(),
        all: Vec::new(),
    };
    visit(&mut types);
    Messages {
        all: types.all,
        decoded: 0,
    }
}

impl Rounds for Messages {
    fn round(&mut self, random: &mut Random) -> (Vec<u8>, Result<(), String>) {
        let one = random.pick(&self.all);
        let sound = random.pick(&one.sound);
        let broken = json(random, sound);
        let result = (one.reads)(&broken, sound);
        self.decoded += usize::from(result == Ok(true));
        (broken, result.map(drop))
    }

    fn close(&mut self) -> (String, Vec<String>) {
        let told = format!("{} types, {} decoded", self.all.len(), self.decoded);
        (told, Vec::new())
    }
}

/// The documented examples of a provider.
#[derive(Default)]
struct Samples {
    replies: Vec<(String, String)>,
    events: Vec<(Option<String>, String)>,
}

impl Samples {
    fn of(provider: &str) -> Self {
        let (loaded, _) = read(&committed(provider), Origin::Specs);
        let mut samples = Self::default();
        for operation in loaded.provider.operations() {
            let replies = operation.samples.iter();
            let replies = replies.filter(|sample| sample.role == SampleRole::Reply);
            let replies = replies.map(|sample| (operation.id.clone(), shown(sample).to_string()));
            samples.replies.extend(replies);
        }
        for module in &loaded.provider.modules {
            let shown = module.events.iter().flat_map(|event| &event.samples);
            let shown = shown.map(|sample| (module.api.clone(), shown_text(sample)));
            samples.events.extend(shown);
        }
        samples
    }
}

fn shown_text(sample: &Sample) -> String {
    shown(sample).to_string()
}

/// Sees all types, and keeps those that are wanted with their examples.
struct Types {
    are_replies: bool,
    of: String,
    samples: Samples,
    all: Vec<Read>,
}

impl Types {
    fn turn_to(&mut self, provider: &str) {
        if self.of != provider {
            provider.clone_into(&mut self.of);
            self.samples = Samples::of(provider);
        }
    }
}

impl Visitor for Types {
    fn request<R>(&mut self, provider: &'static str, _: Option<&'static str>, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize + Debug,
    {
        self.turn_to(provider);
        if self.are_replies {
            let samples = self.samples.replies.iter().filter(|(of, _)| of == id);
            let mut sound: Vec<String> = samples.map(|(_, sample)| sample.clone()).collect();
            if sound.is_empty() {
                sound.push(r#"{"code":"1000","message":"ok","data":{"id":1}}"#.to_owned());
            }
            let reads = reply::<R>;
            self.all.push(Read { sound, reads });
        }
    }

    fn events<C>(&mut self, provider: &'static str, part: Option<&'static str>)
    where
        C: Inbound + Serialize + Debug,
    {
        self.turn_to(provider);
        if !self.are_replies {
            let samples = self.samples.events.iter();
            let samples = samples.filter(|(of, _)| of.as_deref() == part);
            let sound: Vec<String> = samples.map(|(_, sample)| sample.clone()).collect();
            assert!(!sound.is_empty(), "{provider} shows no event");
            let reads = event::<C>;
            self.all.push(Read { sound, reads });
        }
    }
}

fn reply<R>(body: &[u8], sound: &str) -> Result<bool, String>
where
    R: Request,
    R::Reply: Serialize + Debug,
{
    match read_reply::<R>(HttpResponse::new(200, body)) {
        Ok(reply) => {
            let _ = format!("{reply:?}");
            written(&reply.data)?;
            Ok(true)
        }
        Err(error) => {
            let said = format!("{error} {error:?}");
            match is_same_answer(body, sound)
                && read_reply::<R>(HttpResponse::new(200, sound)).is_ok()
            {
                true => Err(format!("a success is an error: {said}")),
                false => Ok(false),
            }
        }
    }
}

/// JSON whose members at the root are those of the sound text, the payloads aside.
fn is_same_answer(body: &[u8], sound: &str) -> bool {
    let outer = |text: &[u8]| match serde_json::from_slice(text) {
        Ok(Value::Object(members)) => {
            let plain = members
                .iter()
                .filter(|(_, value)| !value.is_object() && !value.is_array());
            let plain: Vec<(String, Value)> = plain.map(|(k, v)| (k.clone(), v.clone())).collect();
            Some((plain, members.len()))
        }
        _ => None,
    };
    let same = outer(sound.as_bytes());
    // Of a key that stands twice, each parser may take the one or the other.
    same.is_some() && outer(body) == same && quotes(body) == quotes(sound.as_bytes())
}

fn quotes(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b':').count()
}

fn event<C>(body: &[u8], _: &str) -> Result<bool, String>
where
    C: Inbound + Serialize + Debug,
{
    let text = String::from_utf8_lossy(body);
    match C::parse(&text) {
        Ok(callback) => {
            let _ = format!("{callback:?}");
            written(&callback)?;
            Ok(true)
        }
        Err(error) => match serde_json::from_str::<Value>(&text) {
            Ok(_) => Err(format!("JSON is refused: {error}")),
            Err(_) => Ok(false),
        },
    }
}

/// Whatever was read can be written, and is JSON then.
fn written(value: &impl Serialize) -> Result<(), String> {
    let text = serde_json::to_string(value).map_err(|error| format!("is not written: {error}"))?;
    // Numbers that no type of Rust holds are JSON all the same.
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("what is written is no JSON: {error}")),
    }
}
