//! The committed catalog: complete, free of doubt, and the same from its specifications and from its catalog.

use std::collections::BTreeSet;

use catalog::api_catalog;
use catalog::load::Origin;
use catalog::model::{Field, Note, Provider};
use generator::lock::Lock;
use generator::surface::inspect::{self, Inspected};
use serde_json::Value;
use tests::{committed, keys_are_fields, listing, providers, read, rows_of};

#[test]
fn every_line_is_a_fact_or_documentation() {
    for id in &providers() {
        let (loaded, _) = read(&committed(id), Origin::Specs);
        assert_eq!(loaded.tally.accounted(), loaded.tally.rows, "{id}");
        for account in &loaded.accounts {
            let said = account.read() + account.documentation();
            assert_eq!(
                (said, account.unread()),
                (account.lines(), 0),
                "{id}: {}",
                account.file
            );
        }
    }
}

#[test]
fn what_is_found_of_a_provider_is_accepted() {
    for id in &providers() {
        let (_, diagnostics) = read(&committed(id), Origin::Specs);
        let heavy: Vec<_> = diagnostics
            .iter()
            .filter(|finding| finding.is_new())
            .collect();
        assert!(heavy.is_empty(), "{id}: {heavy:#?}");
    }
}

#[test]
fn the_catalog_alone_gives_the_same_model() {
    for id in &providers() {
        let sources = committed(id);
        let (from_specs, _) = read(&sources, Origin::Specs);
        let (from_catalog, _) = read(&sources, Origin::Catalog);
        assert_eq!(
            listing(&from_specs.provider),
            listing(&from_catalog.provider),
            "{id}"
        );
        assert_eq!(
            notes(&from_specs.provider),
            notes(&from_catalog.provider),
            "{id}"
        );
    }
}

fn notes(provider: &Provider) -> Vec<&Note> {
    let operations = provider.operations().map(|operation| &operation.notes);
    let events = provider.events().map(|event| &event.notes);
    let modules = provider.modules.iter().map(|module| &module.notes);
    let below = operations.chain(events).chain(modules).flatten();
    below
        .chain(provider.notes.iter().map(|(_, note)| note))
        .collect()
}

#[test]
fn the_committed_catalog_is_what_the_specifications_say() {
    for id in &providers() {
        let sources = committed(id);
        let rows = rows_of(&sources, Origin::Specs);
        let on_disk = sources.catalog.expect("api_catalog.json");
        assert!(
            api_catalog::write(&rows) == on_disk.text().replace("\r\n", "\n"),
            "{id}/api_catalog.json is stale: run `cargo xtask codegen`"
        );
    }
}

#[test]
fn inserting_a_line_moves_nothing_in_the_catalog() {
    for id in &providers() {
        let sources = committed(id);
        let before = rows_of(&sources, Origin::Specs);
        let mut moved = sources.clone();
        for file in &mut moved.specs {
            *file = catalog::source::SourceFile::new(file.path(), &format!("\n\n{}", file.text()));
        }
        let after = rows_of(&moved, Origin::Specs);
        assert_eq!(
            api_catalog::write(&before),
            api_catalog::write(&after),
            "{id}"
        );
    }
}

#[test]
fn every_key_of_every_example_is_a_field() {
    for id in &providers() {
        let (loaded, _) = read(&committed(id), Origin::Specs);
        keys_are_fields(&loaded);
    }
}

#[test]
fn the_lost_facts_of_eyun_are_there() {
    let (loaded, _) = read(&committed("eyun"), Origin::Specs);
    let operation = |wire: &str| {
        let mut found = loaded
            .provider
            .operations()
            .filter(move |operation| operation.wire == wire);
        found.next().unwrap_or_else(|| panic!("{wire}"))
    };
    let wires = |fields: &[Field]| {
        fields
            .iter()
            .map(|field| field.wire.clone())
            .collect::<BTreeSet<_>>()
    };
    for lost in ["ttuid", "proxyIp", "proxyUser", "proxyPassword", "aid"] {
        assert!(
            wires(&operation("/iPadLogin").params).contains(lost),
            "{lost}"
        );
    }
    assert!(wires(&operation("/addUser").params).contains("verify"));
    let nickname = wires(&operation("/updateIInChatRoomNickName").params);
    assert!(nickname.contains("chatRoomId") && nickname.contains("nickName"));
    assert!(wires(&operation("/finder/getQrCode").params).contains("myUserName"));
    assert_eq!(
        operation("/getCircle").returns.len(),
        2,
        "sns and firstPageMd5"
    );
    assert!(operation("/sendText").auth && !operation("/member/login").auth);
}

/// Fields without a Rust name, or with a value that has none.
fn nameless(fields: &Value, found: &mut Vec<String>) {
    for field in fields.as_array().expect("fields") {
        let mut values = field["values"].as_array().into_iter().flatten();
        if field["ident"].is_null() || values.any(|value| value["ident"].is_null()) {
            found.push(field["wire"].to_string());
        }
        nameless(&field["fields"], found);
    }
}

#[test]
fn every_field_of_every_event_is_inspected_with_its_name() {
    for id in &providers() {
        let (loaded, _) = read(&committed(id), Origin::Specs);
        let (sdks, _, _) = generator::annotate(&loaded.provider, &loaded.config, &Lock::default());
        let inspected = Inspected {
            loaded: &loaded,
            sdks: &sdks,
        };
        let shown = inspect::json(&[inspected], &[]);
        let modules = shown["providers"][0]["modules"].as_array();
        let events = modules
            .expect("modules")
            .iter()
            .flat_map(|module| module["events"].as_array().expect("events"));
        let mut found = Vec::new();
        events.for_each(|event| nameless(&event["fields"], &mut found));
        assert!(found.is_empty(), "{id}: {found:?}");
    }
}
