//! The envelope of an event, opened once; its payload is read in place.

use super::addressed::{open, otherwise};
use super::identity::Identity;
use super::result::{CommandResult, ResultLayout};
use super::{EventApi, Tagged, scalar};
use crate::runtime::codec::json::{Json, Kind, Malformed, Reader, member, members};
use crate::runtime::codec::{Input, Issue, Scalar, Slot};
use std::ops::Range;

/// A message of a gateway, checked and opened: what it is, before its payload is read.
pub struct Opened<'a> {
    pub(super) api: &'static EventApi,
    /// The whole, without white space around it.
    pub(super) whole: &'a str,
    /// The envelope: the whole, unless that is wrapped once more.
    root: &'a str,
    pub(super) payload: &'a str,
    code: Option<Scalar>,
    issues: Vec<Issue>,
}

/// What stands at the outermost.
#[derive(Default)]
struct Outer {
    code: Option<Scalar>,
    payload: Option<Range<usize>>,
}

impl Outer {
    fn take(&mut self, api: &EventApi, name: &str, value: &str, range: Range<usize>) {
        // A payload may have members of these names; the key of the payload comes first.
        if name == api.payload {
            self.payload = Some(range);
        } else if name == api.tag {
            self.code = scalar(value);
        }
    }

    fn payload<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.get(self.payload.clone()?)
    }
}

impl<'a> Opened<'a> {
    /// Checks a text and finds out what it is.
    pub fn new(api: &'static EventApi, text: &'a str) -> Result<Self, Malformed> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(addressed) = api.addressed {
            let parts = open(api, addressed, text)?;
            return Ok(Self {
                api,
                whole: parts.whole,
                root: parts.whole,
                payload: parts.payload,
                code: parts.code,
                issues: Issue::unreadable(text).into_iter().collect(),
            });
        }
        let mut outer = Outer::default();
        let range = members(text, &mut |name, value, range| {
            outer.take(api, name, value, range)
        })?;
        let whole = text.get(range).unwrap_or_default();
        let mut root = whole;
        let mut payload = outer.payload(text).unwrap_or(whole);
        if outer.code.is_none() && !api.tag_inside && member(payload, api.tag).is_some() {
            // Some wrap the envelope once more.
            root = payload;
            outer.code = member(root, api.tag).and_then(scalar);
            payload = member(root, api.payload).unwrap_or(root);
        }
        let inside = match api.tag_inside {
            true => member(payload, api.tag).and_then(scalar),
            false => None,
        };
        let flat = |code: &Scalar| api.flat.contains(&code.as_str());
        // One that is flat by the documents may be wrapped like the others all the same.
        let is_wrapped = !api.tag_inside && payload.starts_with('{');
        if inside.is_none() && !is_wrapped && outer.code.as_ref().is_some_and(flat) {
            payload = root;
        }
        let code = inside.or(outer.code);
        Ok(Self {
            api,
            whole,
            root,
            payload,
            code,
            issues: Issue::unreadable(text).into_iter().collect(),
        })
    }

    /// The code, with the kind it has on the wire.
    pub fn code(&self) -> Option<&Scalar> {
        self.code.as_ref()
    }

    /// The payload as it came; null if there is none.
    pub fn data(&self) -> Json {
        Json::checked(self.payload)
    }

    /// Everything as it came.
    pub fn whole(&self) -> Json {
        Json::checked(self.whole)
    }

    /// Whether this only asks whether somebody listens.
    pub fn is_probe(&self) -> bool {
        self.is_in(self.api.probe)
    }

    /// Reads fields that stand beside the payload.
    pub fn envelope(&mut self, slots: &mut [(&'static str, &mut dyn Slot)]) {
        let mut input = Input::without(self.root, self.api.empty);
        if input.object(slots) {
            self.issues.extend(input.into_issues());
        }
    }

    /// Reads the payload. An absent one leaves the slot as it is; one of another kind is the error.
    pub fn read(&mut self, slot: &mut dyn Slot) -> Result<(), Issue> {
        if let Err(issue) = self.fill(self.payload, slot) {
            self.read_otherwise(slot).ok_or(issue)?;
        }
        for key in self.api.deeper {
            let inner = member(self.payload, key);
            // Beside other members, what is no object is a field that the documents do not know.
            let is_payload = |inner: &&str| inner.starts_with('{') || is_alone(self.payload);
            if let Some(inner) = inner.filter(is_payload) {
                let filled = self.fill(inner, slot);
                filled.map_err(|mut issue| {
                    issue.within(key);
                    issue
                })?;
            }
        }
        if self.is_in(self.api.beside) || self.is_flat_beside() {
            self.fill(self.root, slot)?;
        }
        Ok(())
    }

    /// Where an address is all that tells what came, one object and a list of one are the same.
    fn read_otherwise(&mut self, slot: &mut dyn Slot) -> Option<()> {
        self.api.addressed?;
        let other = otherwise(self.payload)?;
        self.fill(&other, slot).ok()
    }

    /// The payload as a value, and the event that carries it. An enum has many more events than kinds
    /// of payload: a pointer to its variant keeps this one function for all that carry the same.
    #[inline(never)]
    pub fn typed<T: Slot + Default, E>(&mut self, event: fn(T) -> E) -> Result<E, Issue> {
        let mut value = T::default();
        self.read(&mut value).map(|()| event(value))
    }

    /// The event that this is; the other two ways make one of a code that is not known, and of a payload that does
    /// not fit.
    pub fn event<E: Tagged>(
        &mut self,
        unknown: fn(String, Json) -> E,
        unreadable: fn(String, Json, Issue) -> E,
    ) -> E {
        let code = match &self.code {
            Some(code) => code.as_str().to_owned(),
            None => String::new(),
        };
        match E::typed(&code, self) {
            Some(Ok(event)) => event,
            Some(Err(reason)) => unreadable(code, self.data(), reason),
            None => unknown(code, self.data()),
        }
    }

    /// What did not fit so far.
    pub fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    /// What a repetition of this has in common with it; `None` if nothing tells one.
    pub fn identity(&self) -> Option<u128> {
        let value = |key: &&str| {
            let inside = self.inside(key);
            let value = inside.or_else(|| member(self.root, key)).and_then(scalar);
            value.filter(|value| !matches!(value.as_str(), "" | "0" | "null"))
        };
        let (key, found) = self
            .api
            .dedupe
            .iter()
            .find_map(|key| value(key).map(|found| (key, found)))?;
        let mut identity = Identity::default();
        identity.part(self.api.name);
        identity.part(self.code.as_ref().map(Scalar::as_str).unwrap_or_default());
        for receiver in self.api.receiver {
            let receiver = value(receiver);
            identity.part(receiver.as_ref().map(Scalar::as_str).unwrap_or_default());
        }
        identity.part(key);
        identity.part(found.as_str());
        if self.api.coarse.contains(key) {
            identity.part(self.payload);
        }
        Some(identity.number())
    }

    /// A field of the payload, where that is a text or a number.
    pub fn field(&self, key: &str) -> Option<Scalar> {
        self.inside(key).and_then(scalar)
    }

    /// The same, or one that stands beside the payload.
    #[cfg(any(feature = "poll", feature = "server", feature = "websocket"))]
    pub(crate) fn anywhere(&self, key: &str) -> Option<Scalar> {
        self.field(key)
            .or_else(|| member(self.root, key).and_then(scalar))
    }

    /// What became of a command, if this tells it.
    pub fn result(&self, layout: &ResultLayout) -> Option<CommandResult> {
        layout.read(|key| self.inside(key).map(scalar))
    }

    /// Whether this tells what became of a command.
    pub fn tells(&self, layout: &ResultLayout) -> bool {
        self.result(layout).is_some()
    }

    /// A member of the payload, one level deeper too.
    fn inside(&self, key: &str) -> Option<&'a str> {
        member(self.payload, key).or_else(|| {
            let deeper = self.api.deeper.iter();
            deeper
                .filter_map(|outer| member(self.payload, outer))
                .find_map(|outer| member(outer, key))
        })
    }

    /// Whether the documents have everything at the root, but something has come in a payload.
    fn is_flat_beside(&self) -> bool {
        let is_elsewhere = self.payload.len() < self.root.len();
        is_elsewhere && self.api.addressed.is_none() && self.is_in(self.api.flat)
    }

    pub(super) fn is_in(&self, codes: &[&str]) -> bool {
        self.code
            .as_ref()
            .is_some_and(|code| codes.contains(&code.as_str()))
    }

    /// An issue without a path is about the whole: nothing was read.
    fn fill(&mut self, text: &str, slot: &mut dyn Slot) -> Result<(), Issue> {
        let mut input = Input::without(text, self.api.empty);
        slot.fill(&mut input);
        let mut issues = input.into_issues();
        match issues.iter().position(|issue| issue.path.is_empty()) {
            Some(at) => Err(issues.swap_remove(at)),
            None => {
                self.issues.append(&mut issues);
                Ok(())
            }
        }
    }
}

/// Whether an object has one member only.
fn is_alone(object: &str) -> bool {
    let mut reader = Reader::new(object);
    let any = reader.kind() == Kind::Object && reader.enter();
    if any {
        reader.name();
        reader.raw();
    }
    any && !reader.more()
}

impl Input<'_> {
    /// Reads one of several events; the other two ways make one of a code that is not known, and of a payload that
    /// does not fit. `None` if it is empty.
    pub fn element<E: Tagged>(
        &mut self,
        api: &'static EventApi,
        unknown: fn(String, Json) -> E,
        unreadable: fn(String, Json, Issue) -> E,
    ) -> Option<E> {
        let text = self.object_text()?;
        let mut opened = Opened::new(api, &text).ok()?;
        let event = opened.event(unknown, unreadable);
        self.note(opened.into_issues());
        Some(event)
    }
}
