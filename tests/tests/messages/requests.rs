//! Every documented request, made typed, is written as the documents print it, key for key.

use catalog::load::{Loaded, Origin};
use catalog::model::SampleRole;
use generated_sdk::runtime::Request;
use serde::Serialize;
use serde_json::Value;
use tests::types::{Visitor, visit};
use tests::{committed, read, shown};

use super::samples::{APIS, Api};

/// Compares what was written with the examples of one API, in which the transport's own key stands too.
fn compare(api: &Api) {
    let (loaded, _) = read(&committed(api.provider), Origin::Specs);
    let (examples, written) = (examples(&loaded, api.part), (api.requests)());
    assert_eq!(examples.len(), written.len(), "{}", api.provider);
    let layout = loaded.config.layouts(api.part).request;
    for ((operation, mut example), (made, body)) in examples.into_iter().zip(written) {
        assert_eq!(operation, made);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let members = example.as_object_mut().expect("an object");
        if let Some(id) = &layout.id {
            assert!(members.remove(id).is_some(), "{operation} has no {id}");
        }
        assert_eq!(body, example, "{operation}");
    }
}

fn examples(loaded: &Loaded, api: Option<&str>) -> Vec<(String, Value)> {
    let modules = loaded.provider.modules.iter();
    let modules = modules.filter(|module| module.api.as_deref() == api);
    let operations = modules.flat_map(|module| &module.operations);
    let requests = operations.flat_map(|operation| {
        let samples = operation.samples.iter();
        let requests = samples.filter(|sample| sample.role == SampleRole::Request);
        requests.map(|sample| (operation.id.clone(), shown(sample)))
    });
    requests.collect()
}

#[test]
fn every_documented_request_is_written_as_documented() {
    assert!(!APIS.is_empty());
    APIS.iter().for_each(compare);
}

/// Looks at what every request of an API has in common.
struct Named<'a> {
    api: &'a Api,
    key: String,
    seen: usize,
}

impl Visitor for Named<'_> {
    fn request<R>(&mut self, provider: &'static str, part: Option<&'static str>, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize,
    {
        if (provider, part) != (self.api.provider, self.api.part) {
            return;
        }
        let operation = R::OPERATION;
        assert_eq!(operation.id, id);
        assert_eq!(operation.fixed, [(self.key.as_str(), operation.path)]);
        self.seen += 1;
    }
}

#[test]
fn every_message_carries_its_name() {
    for api in APIS {
        let (loaded, _) = read(&committed(api.provider), Origin::Specs);
        let layout = loaded.config.layouts(api.part).request;
        let Some(key) = layout.command.clone() else {
            continue;
        };
        let mut named = Named { api, key, seen: 0 };
        visit(&mut named);
        let modules = loaded.provider.modules.iter();
        let modules = modules.filter(|module| module.api.as_deref() == api.part);
        let operations = modules.map(|module| module.operations.len());
        assert_eq!(named.seen, operations.sum::<usize>(), "{}", api.provider);
    }
}
