//! Every documented request, made typed, is written as the documents print it, key for key.

use catalog::load::{Loaded, Origin};
use catalog::model::SampleRole;
use generated_sdk::runtime::Request;
use serde::Serialize;
use serde_json::Value;
use tests::{committed, read};

use super::samples::{Visitor, padchat, wequick};

type Written = Vec<(&'static str, String)>;

/// Compares what was written with the examples of one API, in which the transport's own key stands too.
fn compare(provider: &str, api: Option<&str>, id: &str, written: Written) -> usize {
    let (loaded, _) = read(&committed(provider), Origin::Specs);
    let examples = examples(&loaded, api);
    assert_eq!(examples.len(), written.len(), "{provider}");
    for ((operation, example), (made, body)) in examples.into_iter().zip(written) {
        assert_eq!(operation, made);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let mut example = example;
        let members = example.as_object_mut().expect("an object");
        assert!(members.remove(id).is_some(), "{operation} has no {id}");
        assert_eq!(body, example, "{operation}");
    }
    operations(&loaded, api)
}

fn operations(loaded: &Loaded, api: Option<&str>) -> usize {
    let modules = loaded.provider.modules.iter();
    let modules = modules.filter(|module| module.api.as_deref() == api);
    modules.map(|module| module.operations.len()).sum()
}

fn examples(loaded: &Loaded, api: Option<&str>) -> Vec<(String, Value)> {
    let modules = loaded.provider.modules.iter();
    let modules = modules.filter(|module| module.api.as_deref() == api);
    let operations = modules.flat_map(|module| &module.operations);
    let requests = operations.flat_map(|operation| {
        let samples = operation.samples.iter();
        let requests = samples.filter(|sample| sample.role == SampleRole::Request);
        let requests: Vec<_> = requests.collect();
        assert!(!requests.is_empty(), "{} has no example", operation.id);
        requests
            .into_iter()
            .map(|sample| (operation.id.clone(), sample.value.clone()))
    });
    requests.collect()
}

#[test]
fn every_command_of_both_versions_is_written_as_documented() {
    let v1 = compare("wequick", Some("v1"), "sendId", wequick::v1::requests());
    let v2 = compare("wequick", Some("v2"), "sendId", wequick::v2::requests());
    assert_eq!((v1, v2), (19, 70));
}

#[test]
fn every_call_is_written_as_documented() {
    let calls = compare("padchat", None, "cmdId", padchat::requests());
    assert_eq!(calls, 27);
}

/// Looks at what every request of an API has in common.
struct Named {
    key: &'static str,
    seen: usize,
}

impl Visitor for Named {
    fn request<R>(&mut self, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize,
    {
        let operation = R::OPERATION;
        assert_eq!(operation.id, id);
        assert_eq!(operation.fixed, [(self.key, operation.path)]);
        self.seen += 1;
    }
}

#[test]
fn every_message_carries_its_name() {
    let named = |key| Named { key, seen: 0 };
    let mut calls = named("code");
    padchat::visit(&mut calls);
    let mut commands = named("api");
    wequick::v1::visit(&mut commands);
    wequick::v2::visit(&mut commands);
    assert_eq!((calls.seen, commands.seen), (27, 89));
}
