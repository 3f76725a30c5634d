//! The vendors' real documents, read whole with the committed `provider.toml`, every count held.
//!
//! They lie beside the project, not in it; where they are missing these tests show as ignored.

use std::collections::BTreeSet;

use catalog::diagnostic::{Code, has_errors};
use catalog::entry::{Entry, EntryKind, Row};
use catalog::load::{Loaded, Origin, Sources};
use catalog::model::{Field, OperationKind, Type};
use catalog::others;
use catalog::source::SourceFile;
use generator::lock::Lock;
use tests::{committed, count, originals, read, root, rows_of, text};

fn sources(id: &str, documents: &[(&str, &str)]) -> Sources {
    let config = root()
        .join("catalog/providers")
        .join(id)
        .join("provider.toml");
    Sources {
        id: id.to_owned(),
        config: SourceFile::new("provider.toml", &text(&config)),
        specs: documents
            .iter()
            .map(|(name, path)| SourceFile::new(name, &text(&originals().join(path))))
            .collect(),
        catalog: None,
    }
}

fn upstream_catalog() -> Sources {
    let path = originals().join("eyun/api_catalog.json");
    Sources {
        catalog: Some(SourceFile::new("api_catalog.json", &text(&path))),
        ..sources("eyun", &[])
    }
}

fn eyun() -> Sources {
    sources("eyun", &[("specs/API_SPEC.md", "eyun/API_SPEC.md")])
}

fn dami() -> Sources {
    sources("dami", &[("specs/README.md", "dami/README.md")])
}

fn padchat() -> Sources {
    sources("padchat", &[("specs/README.md", "padchat/README.md")])
}

fn wequick() -> Sources {
    sources(
        "wequick",
        &[
            ("specs/v1/README.md", "wequick/v1/README.md"),
            ("specs/v2/README.md", "wequick/v2/README.md"),
        ],
    )
}

/// Rows, blank rows and tables as a counter sees them that knows nothing but pipes.
fn pipes(text: &str) -> (usize, usize, usize) {
    let delimiter = |line: &str| line.contains('-') && line.chars().all(|c| " |:-\t".contains(c));
    let (mut rows, mut blank, mut tables) = (0, 0, 0);
    let mut fenced = false;
    let mut run: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        let line = line.trim();
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && line.contains('|') && !line.starts_with("- ") {
            run.push(line);
            continue;
        }
        if let Some(at) = run.iter().position(|line| delimiter(line)) {
            tables += 1;
            for row in &run[at + 1..] {
                if row.chars().all(|c| c == '|' || c.is_whitespace()) {
                    blank += 1;
                } else {
                    rows += 1;
                }
            }
        }
        run.clear();
    }
    (tables, rows, blank)
}

/// Every row is in the model or in a finding, and none is invented.
fn nothing_is_lost(sources: &Sources, loaded: &Loaded) {
    let seen = sources
        .specs
        .iter()
        .map(|file| pipes(file.text()))
        .fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
    let tally = loaded.tally;
    assert_eq!(
        (tally.tables, tally.rows, tally.blank_rows),
        seen,
        "tables, rows, blank rows"
    );
    assert_eq!(tally.accounted(), tally.rows, "{tally:?}");
}

fn rows(entries: &[Entry], side: fn(&Entry) -> &Vec<Row>) -> usize {
    entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Endpoint)
        .map(|entry| side(entry).len())
        .sum()
}

fn keys(fields: &[Field]) -> BTreeSet<&str> {
    fields.iter().map(|field| field.wire.as_str()).collect()
}

fn modules(loaded: &Loaded) -> Vec<(String, usize, usize)> {
    loaded
        .provider
        .modules
        .iter()
        .map(|module| {
            let api = module
                .api
                .as_ref()
                .map(|api| format!("{api}/"))
                .unwrap_or_default();
            (
                format!("{api}{}", module.slug),
                module.operations.len(),
                module.events.len(),
            )
        })
        .collect()
}

fn expect_modules(loaded: &Loaded, expected: &[(&str, usize, usize)]) {
    let expected: Vec<(String, usize, usize)> = expected
        .iter()
        .map(|(slug, operations, events)| ((*slug).to_owned(), *operations, *events))
        .collect();
    assert_eq!(modules(loaded), expected);
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn eyun_api_spec() {
    let sources = eyun();
    let (loaded, diagnostics) = read(&sources, Origin::Specs);
    nothing_is_lost(&sources, &loaded);
    expect_modules(
        &loaded,
        &[
            ("biao-qian", 4, 0),
            ("deng-lu", 7, 0),
            ("hao-you-cao-zuo", 15, 0),
            ("peng-you-quan", 18, 0),
            ("qun-cao-zuo", 22, 0),
            ("shipinhao", 22, 0),
            ("shou-cang-jia", 3, 0),
            ("te-shu", 7, 0),
            ("wei-xin-guan-li", 3, 0),
            ("xiao-xi-fa-song", 18, 0),
            ("xiao-xi-jie-shou", 8, 0),
        ],
    );
    let entries = &rows_of(&sources, Origin::Specs).catalog;
    assert_eq!(rows(entries, |entry| &entry.params), 436);
    assert_eq!(rows(entries, |entry| &entry.returns), 474);
    assert_eq!(
        loaded.tally.index,
        127 + 15,
        "operations and pages that the document lists itself"
    );
    let reprinted =
        |finding: &&catalog::diagnostic::Diagnostic| finding.code.as_str() == "repeated-table";
    assert_eq!(diagnostics.iter().filter(reprinted).count(), 4);
    let reprinted_rows: usize = entries
        .iter()
        .filter(|entry| {
            !entry.params.is_empty() && entry.params.iter().all(|row| row.required.is_none())
        })
        .map(|entry| entry.params.len())
        .sum();
    assert_eq!(reprinted_rows, 21);
    assert!(
        loaded
            .provider
            .operations()
            .filter(|operation| operation.auth)
            .count()
            == 126,
        "all but the login"
    );
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn eyun_document_and_upstream_catalog_are_the_same_row_for_row() {
    let document = rows_of(&eyun(), Origin::Specs);
    let upstream = rows_of(&upstream_catalog(), Origin::Catalog);
    assert_eq!(upstream.catalog.len(), 142);
    let printed = |row: &Row| {
        (
            row.name.clone(),
            row.required.clone(),
            row.ty.clone(),
            row.description.replace("\\|", "|"),
        )
    };
    let mut compared = 0;
    for entry in upstream
        .catalog
        .iter()
        .filter(|entry| entry.kind == EntryKind::Endpoint)
    {
        let same = document
            .catalog
            .iter()
            .find(|other| other.operation_id == entry.operation_id)
            .unwrap_or_else(|| panic!("{} is missing", entry.operation_id));
        assert_eq!(
            (&same.path, &same.method, &same.module),
            (&entry.path, &entry.method, &entry.module)
        );
        let params = |entry: &Entry| entry.params.iter().map(printed).collect::<Vec<_>>();
        let returns = |entry: &Entry| entry.returns.iter().map(printed).collect::<Vec<_>>();
        assert_eq!(params(same), params(entry), "{}", entry.operation_id);
        assert_eq!(returns(same), returns(entry), "{}", entry.operation_id);
        compared += 1;
    }
    assert_eq!(compared, 127);
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn eyun_upstream_catalog_alone_gives_the_same_operations() {
    let (loaded, _) = read(&upstream_catalog(), Origin::Catalog);
    assert_eq!(loaded.provider.operations().count(), 127);
    let titled: Vec<&str> = loaded
        .provider
        .modules
        .iter()
        .map(|module| module.title.as_str())
        .collect();
    assert!(
        titled.contains(&"标签") && titled.contains(&"视频号"),
        "{titled:?}"
    );
    let labels = operation(&loaded, "biao_qian_addContactLabel");
    assert_eq!(labels.params.len(), 2);
    assert!(labels.params.iter().all(|field| field.required));
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn dami_readme() {
    let sources = dami();
    let (loaded, diagnostics) = read(&sources, Origin::Specs);
    nothing_is_lost(&sources, &loaded);
    assert_eq!((loaded.tally.tables, loaded.tally.headerless), (130, 4));
    assert_eq!((loaded.tally.rows, loaded.tally.blank_rows), (436, 48));
    assert_eq!(
        (loaded.tally.operations, loaded.tally.event_sections),
        (39, 11)
    );
    expect_modules(
        &loaded,
        &[
            ("deng-lu", 3, 1),
            ("zhang-hu-guan-li", 2, 0),
            ("hao-you-guan-li", 12, 5),
            ("xiao-xi-guan-li", 4, 0),
            ("qun-guan-li", 15, 3),
            ("peng-you-quan", 3, 2),
            ("hui-tiao-shuo-ming", 0, 10),
        ],
    );
    let paths: BTreeSet<&str> = loaded
        .provider
        .operations()
        .map(|operation| operation.wire.as_str())
        .collect();
    assert_eq!(paths.len(), 38);
    assert_eq!(
        count(&diagnostics, "repeated-section"),
        1,
        "the new-friend callback is printed twice"
    );
    let added = loaded
        .provider
        .events()
        .find(|event| event.title == "接收新加好友信息(被加)");
    let added = added.expect("the PHP array is read");
    assert!(added.flat && keys(&added.fields).contains("encodeUserName"));
    let send = operation(&loaded, "xiao_xi_guan_li_send");
    let kinds = send
        .params
        .iter()
        .find(|field| field.wire == "content_type")
        .expect("content_type");
    let values: Vec<&str> = kinds
        .values
        .iter()
        .map(|choice| choice.value.as_str())
        .collect();
    assert_eq!(values, ["1", "2", "4", "5", "6", "15"]);
    let add = operation(&loaded, "hao_you_guan_li_add");
    let account = add
        .params
        .iter()
        .find(|field| field.wire == "account")
        .expect("account");
    assert_eq!(
        (account.list.as_deref(), account.required),
        (Some(","), true)
    );
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn padchat_readme() {
    let sources = padchat();
    let (loaded, _) = read(&sources, Origin::Specs);
    nothing_is_lost(&sources, &loaded);
    assert_eq!((loaded.tally.tables, loaded.tally.rows), (62, 279));
    assert_eq!(loaded.provider.operations().count(), 27);
    assert!(
        loaded
            .provider
            .operations()
            .all(|operation| operation.kind == OperationKind::Call)
    );
    let events: BTreeSet<&str> = loaded
        .provider
        .events()
        .flat_map(|event| event.wire.iter().map(String::as_str))
        .collect();
    let listed = [
        "push", "qrcode", "scan", "login", "loaded", "logout", "error",
    ];
    assert_eq!(events, BTreeSet::from(listed));
    let vocabulary = loaded.provider.vocabularies.first().expect("MsgType");
    assert_eq!(
        (vocabulary.name.as_str(), vocabulary.values.len()),
        ("MsgType", 19)
    );
    let add = operation(&loaded, "yong_hu_guan_li_addContact");
    assert_eq!(add.rules.len(), 1, "userId or stranger");
    let login = operation(&loaded, "deng_lu_guan_li_login");
    let struck = login.params.iter().filter(|field| field.deprecated).count();
    assert_eq!(struck, 4);
    let members = operation(&loaded, "qun_guan_li_getRoomMembers");
    let member = members
        .returns
        .iter()
        .find(|field| field.wire == "Member")
        .expect("Member");
    assert_eq!(member.encoding, catalog::model::Encoding::JsonText);
    assert_eq!(member.fields.len(), 6);
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn wequick_readmes() {
    let sources = wequick();
    let (loaded, diagnostics) = read(&sources, Origin::Specs);
    nothing_is_lost(&sources, &loaded);
    assert_eq!((loaded.tally.tables, loaded.tally.rows), (120, 476));
    expect_modules(
        &loaded,
        &[
            ("v1/xiao-xi-hui-tiao", 0, 14),
            ("v2/deng-lu-deng-chu", 4, 5),
            ("v2/hao-you-xiang-guan", 17, 7),
            ("v2/qun-xiang-guan", 18, 9),
            ("v2/xiao-xi-xiang-guan", 13, 18),
            ("v2/qing-qiu-xiang-guan", 8, 3),
            ("v2/qi-ta", 10, 6),
        ],
    );
    let qr = loaded
        .provider
        .events()
        .find(|event| event.wire.contains(&"401".to_owned()));
    assert_eq!(
        qr.expect("the QR event").wire,
        ["401", "82"],
        "heading and sample name one event"
    );
    let message = loaded
        .provider
        .events()
        .find(|event| event.wire == ["78"])
        .expect("type 78");
    assert!(message.flat, "78 stands outside of data");
    let logged_in = loaded
        .provider
        .events()
        .find(|event| event.title == "登陆状态")
        .expect("登陆状态");
    assert_eq!(logged_in.wire, ["66"], "the code is only in the sample");
    let contacts = loaded
        .provider
        .events()
        .find(|event| event.wire == ["reportContacts"])
        .expect("reportContacts");
    let friends = contacts
        .fields
        .iter()
        .find(|field| field.wire == "friendList")
        .expect("the sample's list");
    assert_eq!(friends.ty, Type::Object.listed());
    assert_eq!(
        friends.fields.len(),
        9,
        "the table's rows are the list's members"
    );
    let at = operation(&loaded, "xiao_xi_xiang_guan_sendAtTextMessage");
    assert_eq!(at.rules.len(), 1, "as many marks as people");
    assert_eq!(
        count(&diagnostics, "broken-sample"),
        5,
        "each mended example is reported; one ends in a fence that is never closed"
    );
}

/// Sections of the originals that no operation is made of, each with why.
const UNREAD: [(&str, &str); 2] = [
    (
        "data字段总述",
        "what names mean in general: fields without a text of their own take it from there",
    ),
    (
        "send_msg 任务下发到DLL的响应",
        "the answer to every command; ours has it in README.md",
    ),
];

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_line_of_the_originals_is_accounted_for() {
    let mut unread = Vec::new();
    for sources in [eyun(), dami(), padchat(), wequick()] {
        let (loaded, findings) = read(&sources, Origin::Specs);
        for account in &loaded.accounts {
            let said = account.read() + account.documentation() + account.unread();
            assert_eq!(said, account.lines(), "{}: {}", sources.id, account.file);
        }
        let left: usize = loaded.accounts.iter().map(|account| account.unread()).sum();
        let sections = findings
            .iter()
            .filter(|finding| finding.code == Code::NoOperation);
        let sections: Vec<String> = sections.map(|finding| finding.message.clone()).collect();
        assert_eq!(
            left == 0,
            sections.is_empty(),
            "{}: {left} lines",
            sources.id
        );
        unread.extend(sections);
    }
    let explained = |message: &String| UNREAD.iter().any(|(title, _)| message.contains(title));
    assert!(unread.iter().all(explained), "{unread:#?}");
    assert_eq!(unread.len(), UNREAD.len());
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_sample_key_of_the_originals_is_a_field() {
    for sources in [eyun(), dami(), padchat(), wequick()] {
        let (loaded, _) = read(&sources, Origin::Specs);
        tests::keys_are_fields(&loaded);
    }
}

/// What is declared of rows that only our own documents have is one note, and the rest makes an SDK.
#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn the_committed_configuration_reads_the_vendors_documents() {
    let named = [
        (eyun(), "80001"),
        (dami(), "callbackSend"),
        (padchat(), "reconnect"),
        (wequick(), "getRoomUserV2"),
    ];
    for (sources, left_out) in named {
        let id = &sources.id;
        let (loaded, diagnostics) = others::load(&sources);
        assert!(!has_errors(&diagnostics), "{id}: {diagnostics:#?}");
        let notes = diagnostics
            .iter()
            .filter(|one| one.code == Code::NotInThese);
        let notes: Vec<&str> = notes.filter_map(|note| note.help.as_deref()).collect();
        assert!(
            matches!(*notes, [note] if note.contains(left_out)),
            "{id}: {notes:#?}"
        );
        let Loaded {
            provider, config, ..
        } = loaded.expect("a model");
        let generated = generator::generate(provider, &config, &Lock::default());
        assert!(
            !generated.files.is_empty(),
            "{id}: {:#?}",
            generated.diagnostics
        );
    }
}

/// What `provider.toml` declares of the vendor's own documents alone is accepted where ours are read: there it says
/// something.
#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn what_is_accepted_as_idle_has_an_effect_on_the_vendors_documents() {
    let mut accepted = 0;
    for sources in [eyun(), dami(), padchat(), wequick()] {
        let (_, ours) = read(&committed(&sources.id), Origin::Specs);
        let (_, theirs) = others::load(&sources);
        let notes = theirs.iter().filter(|one| one.code == Code::NotInThese);
        let idle: Vec<&str> = notes.flat_map(|note| note.help.as_deref()).collect();
        for finding in ours.iter().filter(|one| one.code == Code::NoEffect) {
            let said = idle.iter().find(|note| note.contains(&finding.message));
            assert_eq!(said, None, "{}: {}", sources.id, finding.message);
            accepted += 1;
        }
    }
    assert!(accepted > 0, "nothing was looked at");
}

fn operation<'l>(loaded: &'l Loaded, id: &str) -> &'l catalog::model::Operation {
    let known = || {
        loaded
            .provider
            .operations()
            .map(|operation| operation.id.as_str())
            .collect::<Vec<_>>()
    };
    loaded
        .provider
        .operations()
        .find(|operation| operation.id == id)
        .unwrap_or_else(|| panic!("no {id} in {:?}", known()))
}
