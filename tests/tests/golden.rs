//! The golden suite: one folder, one test, one rule of reading each.
//!
//! A folder of `tests/golden` holds what a newcomer would have: a specification (`spec.md`, or
//! several below `specs/`) or an `api_catalog.json` alone, and a `provider.toml` unless the usual
//! one will do. What must come of it is `expected.snap` beside them: the findings, then the model.
//! `INSTA_UPDATE=always cargo test -p tests --test golden` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use catalog::api_catalog;
use catalog::diagnostic::{Code, Diagnostic, Severity};
use catalog::load::{Loaded, Origin, Sources, is_usable, load};
use catalog::model::SampleRole;
use catalog::source::SourceFile;
use insta::{assert_snapshot, with_settings};
use tests::cases::{USUAL, sources};
use tests::{listing, root, rows_of};

tests::golden_cases! {
    markdown {
        no_delimiter_row,
        no_header_row,
        no_outer_pipes,
        pipe_in_last_cell,
        too_few_cells,
        too_many_cells,
        blank_rows,
        marked_cells,
        bom_and_crlf,
        full_width_signs,
        two_tables_one_heading,
        caption_names_container,
        anchor_headings,
        toc_nested_list,
    }

    lines {
        sentence_with_a_caption_word,
        prose_between_sections,
        document_of_prose,
        code_and_tables_that_explain,
        empty_specification,
    }

    cells {
        conflict_marker,
        almost_an_operation,
        unknown_column,
        description_in_two_columns,
        missing_type_column,
        full_width_pipes,
        unknown_required,
        parameter_places,
        parameter_places_in_doubt,
        parameter_places_that_clash,
        name_that_is_a_number,
        told_apart_by_the_query,
        told_apart_by_a_constant,
        unknown_label,
        unclosed_fence,
        sample_without_a_label,
        names_that_are_none,
        names_too_deep,
        sample_too_deep,
        empty_names,
        words_without_parameters,
        event_without_content,
        duplicate_ids_in_two_files,
    }

    samples {
        sample_comments,
        sample_trailing_comma,
        sample_doubled_braces,
        sample_ellipsis,
        sample_without_outer_braces,
        sample_two_in_one_fence,
        sample_php_array,
        sample_cut_off,
        sample_big_ids,
    }

    nesting {
        nest_dotted_names,
        nest_dotted_names_below_a_bare_row,
        nest_container_rows_without_sample,
        nest_sample_wins,
        nest_repeated_row_merged,
        nest_json_text,
        nest_xml_text,
        sample_only_keys,
        reply_is_a_bare_array,
        reply_of_which_only_the_code_comes,
        event_sample_spelling_wins,
        table_members_against_plain_values,
    }

    structures {
        types_as_words,
        structure,
        structure_of_payloads,
        structure_unknown,
        structure_corrected,
        structure_twice,
        structure_belied,
        structure_on_a_path,
    }

    facts {
        enum_from_table,
        enum_from_prose,
        prose_number_is_no_enum,
        vocabulary_by_heading,
        required_column,
        required_mark_beside_name,
        required_by_word,
        one_of,
        count_rule,
        list_separators,
        limits_and_pace,
        type_against_sample,
        unknown_type,
        unknown_type_in_many_rows,
        numbers_with_a_fraction,
        secret_names,
        session_scopes,
        bold_auth_header,
        auth_header_among_parameters,
        returns_printed_again_as_parameters,
        returns_table_twice,
        discriminator_set,
        event_tag_in_sample_only,
        event_wrong_tag_in_sample,
        event_wrapped_envelope,
        event_flat,
        events_only,
        event_without_sample_goes_to_the_payload,
        events_from_a_table,
        announced_callback,
        struck_through,
        index_with_struck_row,
        index_lists_missing_section,
        envelope_clash,
        envelope_clash_placed,
        request_without_sample_goes_to_the_payload,
        two_apis,
        defaults_understand_showdoc,
        defaults_understand_an_unknown_vendor,
        catalog_alone,
        catalog_upstream_form,
    }

    corrections {
        correction_rename,
        correction_retype,
        correction_nest,
        correction_place,
        correction_add,
        correction_of_events,
        correction_drop,
        correction_wire_alias,
        correction_values,
        correction_required,
        correction_one_of,
        correction_stale_operation,
        correction_stale_field,
        correction_without_why,
        correction_without_effect,
        correction_that_changes_nothing,
        correction_that_settles_a_finding,
        correction_ambiguous_name,
        unknown_type_in_a_correction,
    }

    declarations {
        declared_answer,
        declared_answer_to_nothing,
        declared_either_of_nothing,
        declared_job_and_pages,
        declared_session_under_other_names,
        declared_what_is_not_there,
        declared_for_one_of_several_apis,
        declared_names_that_nothing_has,
        declared_value_that_is_never_seen,
        differs_from_nothing,
        declared_cursor_without_direction,
        declared_misspelled_key,
        declared_what_cannot_go_along,
        declared_with_that_leaves_members,
        declared_root_that_is_none,
        declared_code_that_means_two_things,
        declared_login,
        declared_login_of_nothing,
        declared_login_with_other_parameters,
        declared_login_with_parameters_that_are_not_there,
        declared_login_with_arguments_that_are_optional,
        declared_login_that_shows_secrets,
        declared_login_that_shows_its_token,
        declared_login_twice,
        declared_hosts_that_are_none,
        declared_login_that_shows_nothing_new,
        declared_login_without_header,
        declared_login_by_what_is_no_text,
        declared_login_that_shows_field_and_code,
        declared_online,
        declared_online_of_nothing,
        declared_online_that_wants_more,
        declared_online_without_account,
        declared_poll,
        declared_conversation,
        declared_media,
        private_names,
        accepted_warnings,
        accepted_what_is_not_found,
        accepted_error,
        accepted_what_has_no_effect,
        declared_apis_without_documents,
        declared_places_where_nothing_is,
        keys_that_no_example_has,
        program_without_poll,
        socket_without_websocket,
        dialect_words_that_are_nowhere,
        dialect_items_that_begin_nothing,
        module_of_no_chapter,
    }

    bad_input {
        slug_that_climbs,
        slug_that_climbs_from_a_catalog,
        duplicate_ids,
        same_section_twice,
        identity_of_no_section,
        identity_that_changes_nothing,
        unknown_key_in_config,
        bad_pattern_in_the_dialect,
        broken_toml,
        broken_json,
        catalog_endpoint_without_path,
        unknown_table,
        name_that_is_none,
        nothing_read,
        nothing_in_the_folder,
    }
}

fn folder(case: &str) -> PathBuf {
    root().join("tests/golden").join(case)
}

fn golden(topic: &str, case: &str) {
    let sources = sources("golden", &folder(case));
    let (loaded, findings) = load(&sources, sources.origin());
    let mut shown = String::new();
    for finding in &findings {
        show(&mut shown, finding, &sources);
    }
    if let Some(loaded) = &loaded {
        shown.push('\n');
        shown.push_str(&listing(&loaded.provider));
        match topic {
            "lines" | "cells" => shown.push_str(&lines(loaded)),
            "markdown" => shown.push_str(&account(loaded)),
            "samples" => shown.push_str(&examples(loaded)),
            _ => {}
        }
    }
    with_settings!({
        snapshot_path => folder(case),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!("expected", shown);
    });
}

/// One finding as a person sees it, without the line of the source.
fn show(out: &mut String, finding: &Diagnostic, sources: &Sources) {
    let severity = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = finding.at.as_ref().map(|at| {
        let mut files = sources
            .specs
            .iter()
            .chain(&sources.catalog)
            .chain([&sources.config]);
        let file = files.find(|file| *file.path() == *at.file);
        let column = file.map(|file| file.line_column(at.span.start).column);
        format!(" {}:{}:{}", at.file, at.line, column.unwrap_or_default())
    });
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{severity} {}{} {}",
        finding.code,
        place.unwrap_or_default(),
        finding.message
    );
    for at in &finding.also {
        let _ = writeln!(out, "  also: {}:{}", at.file, at.line);
    }
    for (name, text) in [
        ("help", &finding.help),
        ("fix", &finding.fix),
        ("accepted", &finding.accepted),
    ] {
        if let Some(text) = text {
            let _ = writeln!(out, "  {name}: {}", text.replace('\n', "\n       "));
        }
    }
}

/// What became of the table rows.
fn account(loaded: &Loaded) -> String {
    let tally = loaded.tally;
    assert_eq!(tally.accounted(), tally.rows, "a row is lost: {tally:?}");
    format!(
        "account: tables {}, rows {}, blank rows {}\n",
        tally.tables, tally.rows, tally.blank_rows
    )
}

/// What became of the lines.
fn lines(loaded: &Loaded) -> String {
    let accounts = loaded.accounts.iter().map(|account| {
        let (read, documentation) = (account.read(), account.documentation());
        let (lines, unread) = (account.lines(), account.unread());
        assert_eq!(read + documentation + unread, lines, "{}", account.file);
        format!(
            "{}: {lines} lines, {read} read, {documentation} documentation, {unread} not understood\n",
            account.file
        )
    });
    accounts.collect()
}

/// The examples, mended.
fn examples(loaded: &Loaded) -> String {
    let operations = loaded
        .provider
        .operations()
        .map(|operation| &operation.samples);
    let events = loaded.provider.events().map(|event| &event.samples);
    let mut shown = String::new();
    for sample in operations.chain(events).flatten() {
        let role = match sample.role {
            SampleRole::Request => "request",
            SampleRole::Reply => "reply",
            SampleRole::Event => "event",
        };
        let _ = writeln!(shown, "example of a {role} {}", sample.value);
    }
    shown
}

#[test]
fn every_folder_is_a_case_and_every_case_a_folder() {
    let listed: BTreeSet<String> = CASES.iter().map(|case| (*case).to_owned()).collect();
    let folders: BTreeSet<String> = fs::read_dir(root().join("tests/golden"))
        .expect("tests/golden")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(listed, folders);
    assert_eq!(listed.len(), CASES.len(), "a case is listed twice");
}

/// What is proposed for `provider.toml` is taken there, and nothing is left to propose.
#[test]
fn every_proposed_fix_settles_its_finding() {
    let mut settled = BTreeSet::new();
    for case in CASES {
        let sources = sources("golden", &folder(case));
        let (_, findings) = load(&sources, sources.origin());
        for finding in findings.iter().filter(|finding| finding.is_new()) {
            let Some(fix) = &finding.fix else { continue };
            let config = format!("{}\n{fix}\n", sources.config.text());
            let mended = Sources {
                config: SourceFile::new("provider.toml", &config),
                ..sources.clone()
            };
            let (_, left) = load(&mended, mended.origin());
            let same = |other: &&Diagnostic| other.code == finding.code && other.at == finding.at;
            assert_eq!(left.iter().find(same), None, "{case}: pasted\n{fix}");
            let was = |other: &Diagnostic| {
                let mut known = findings.iter();
                known.any(|known| known.code == other.code && known.at == other.at)
            };
            let is_new = |other: &&Diagnostic| other.severity() == Severity::Error && !was(other);
            assert_eq!(left.iter().find(is_new), None, "{case}: pasted\n{fix}");
            settled.insert(finding.code);
        }
    }
    for code in [
        Code::GuessedNesting,
        Code::TypeMismatch,
        Code::UnknownType,
        Code::RepeatedRow,
        Code::EnvelopeClash,
        Code::DuplicateId,
        Code::UnknownTable,
    ] {
        assert!(settled.contains(&code), "no case proposes a fix for {code}");
    }
}

/// The catalog that is written holds everything that was read.
#[test]
fn every_case_reads_the_same_from_its_catalog() {
    for case in CASES {
        let sources = sources("golden", &folder(case));
        let (Some(from_specs), findings) = load(&sources, sources.origin()) else {
            continue;
        };
        if sources.specs.is_empty() || !is_usable(&findings) {
            continue;
        }
        let written = api_catalog::write(&rows_of(&sources, sources.origin()));
        let alone = Sources {
            catalog: Some(SourceFile::new("api_catalog.json", &written)),
            ..sources.clone()
        };
        let (from_catalog, _) = load(&alone, Origin::Catalog);
        let from_catalog = from_catalog.expect("a readable catalog");
        assert_eq!(
            listing(&from_catalog.provider),
            listing(&from_specs.provider),
            "{case}"
        );
        assert_eq!(
            api_catalog::write(&rows_of(&alone, Origin::Catalog)),
            written,
            "{case}"
        );
    }
}

/// One operation whose reply is shown by an example.
fn with_example(example: &str) -> Sources {
    let spec = format!("## 查询好友\nPOST /friend\n\n返回示例\n\n```json\n{example}\n```\n");
    Sources {
        id: "golden".to_owned(),
        config: SourceFile::new("provider.toml", USUAL),
        specs: vec![SourceFile::new("spec.md", &spec)],
        catalog: None,
    }
}

#[test]
fn a_deep_sample_is_cut_and_reported() {
    let deep = 10_000;
    let sources = with_example(&format!(
        "{{\"code\": \"1000\", \"data\": {}1{}}}",
        "[".repeat(deep),
        "]".repeat(deep)
    ));
    let (loaded, findings) = load(&sources, sources.origin());
    let loaded = loaded.expect("a provider");
    assert_eq!(loaded.provider.operations().count(), 1);
    let cut: Vec<&str> = findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        cut,
        [
            "an example of `查询好友` is more than 32 levels deep",
            "the example of `查询好友` was mended: nested too deeply"
        ]
    );
    let rows = rows_of(&sources, sources.origin());
    let written = api_catalog::write(&rows);
    let (again, _) =
        api_catalog::read(&SourceFile::new("api_catalog.json", &written)).expect("readable");
    assert_eq!(again.len(), rows.catalog.len());
}

/// An operation below a line, and with the line in a cell.
fn with_line(line: &str) -> Sources {
    let spec = format!(
        "## 发送消息\nPOST /send\n\n{line}\n\n| 参数名 | 说明 |\n|---|---|\n| to | {line} |\n"
    );
    Sources {
        specs: vec![SourceFile::new("spec.md", &spec)],
        ..with_example("")
    }
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    let line = "字".repeat((10 << 20) / "字".len());
    let sources = Sources {
        specs: vec![SourceFile::new(
            "spec.md",
            &format!("## 发送消息\nPOST /send\n\n{line}\n"),
        )],
        ..with_example("")
    };
    let (loaded, _) = load(&sources, sources.origin());
    assert_eq!(loaded.expect("a provider").provider.operations().count(), 1);
}

/// A reader that looked back or ahead for every sign would not end.
#[test]
fn a_long_line_of_any_sign_is_read() {
    let signs = [
        "|", "*", "**", "~~", "[", "![", "](", "`", "<", "<br>", "&", "(", "{", "\"", "\\", "1：",
        "1-", "、1", "默认", "a ",
    ];
    for sign in signs {
        let sources = with_line(&sign.repeat((32 << 10) / sign.len()));
        let (loaded, _) = load(&sources, sources.origin());
        assert_eq!(
            loaded.expect("a provider").provider.operations().count(),
            1,
            "{sign}"
        );
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_place() {
    let finding =
        SourceFile::decode("specs/a.md", b"# \xe6\xa0\x87\n\nab\xff").expect_err("a finding");
    let at = finding.at.clone().expect("a place");
    assert_eq!(finding.code, Code::NotUtf8);
    assert_eq!((&*at.file, at.line, at.span.start), ("specs/a.md", 3, 9));
    assert_eq!(finding.message, "specs/a.md is not UTF-8 (byte 9)");
    assert_eq!(finding.help.as_deref(), Some("save the file as UTF-8"));
}
