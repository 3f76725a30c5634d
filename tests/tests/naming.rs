//! Golden cases of generation: one folder, one test, one rule of naming, typing or nesting each.
//!
//! A folder of `tests/golden_sdk` holds what a newcomer would have: `spec.md`, a `provider.toml`
//! unless the usual one will do, and a `names.lock` where names were public before. What must come
//! of it is `expected.snap` beside them: the generated Rust, or what is refused and how to mend it.
//! `INSTA_UPDATE=always cargo test -p tests --test naming` writes it anew. That the Rust compiles
//! is for `compiled.rs` to see.

use std::collections::BTreeSet;

use catalog::diagnostic::{Code, Severity};
use generator::emit::File;
use insta::{assert_snapshot, with_settings};
use tests::cases::{Case, GOLDEN, golden_cases, golden_folder, locked};

tests::golden_cases! {
    names {
        wire_name,
        titles_that_are_worded_otherwise,
        method_patch,
        dictionary_words,
        keyword_field,
        digit_first,
        chinese_only,
        correction_renames_field,
        correction_renames_and_keeps_alias,
        renames_that_swap,
        lock_beats_derivation,
        operation_called_like_its_module,
    }

    types {
        joined_list,
        enum_by_glossary,
        enum_by_pinyin,
        null_is_sent,
        differs_is_told,
        enum_values_that_are_words,
        enum_titles_that_collide,
        enum_names_from_a_correction,
        enum_renames_keep_aliases,
        wordings,
        numbers,
        id_types,
        ids_within_a_module,
        secret,
        certain_field,
        wire_and_aliases,
        json_text,
    }

    nesting {
        envelope_reply,
        list_reply,
        bare_reply,
        null_reply,
        nested_reply,
        request_object,
        shared_shape,
        shared_shape_in_capitals,
        structures,
        structure_in_pages,
    }

    requests {
        positional_constructor,
        named_constructor,
        argument_order_from_lock,
        deprecated_parameter,
        socket_begins_with_a_secret,
        login_by_call_and_by_code,
        login_by_code_with_all_states,
        login_on_a_connection,
        patience_and_success_codes,
        codes_that_mean_busy,
        success_as_vendors_have_it,
        authorization,
        documentation,
        wrapped_request,
        parameter_places,
        parameters_of_one_value,
        told_apart_by_the_query,
        form_transport,
        either_parameter,
    }

    messages {
        several_apis,
        answered_command,
        nested_events,
    }

    conversations {
        answers_to_people,
        media_of_messages,
    }

    polls {
        declared_poll,
    }

    whole {
        what_goes_along,
        numeric_names,
        commands_in_answers_alone,
    }

    sessions {
        english_chapters,
        session,
        session_of_an_id,
        either_session,
    }

    events {
        addressed_events,
    }

    refused {
        english_chapters_that_clash,
        requests_of_one_name,
        values_that_exchanged_their_meanings,
        field_that_means_the_opposite,
        operations_and_events_that_mean_something_else,
        addressed_events_at_one_address,
        addressed_events_declared_wrong,
        shared_wire_is_an_error_with_a_fix,
        two_fields_of_one_name,
        two_types_of_one_name,
        equal_up_to_case,
        operation_called_like_a_public_module,
        operation_called_like_an_id,
        structure_called_like_an_id,
        operation_called_like_the_session,
        order_of_keys_that_no_event_has,
        name_that_was_public_is_kept_free,
        rename_that_is_no_name,
        enum_of_a_taken_name,
        wordings_that_collide,
        shared_shape_that_differs,
        certain_id,
        structure_that_is_certain,
        method_that_is_unknown,
        message_without_keys,
        nested_events_that_are_none,
        result_without_its_key,
        socket_first_call_that_takes_none,
    }
}

fn golden(topic: &str, name: &str) {
    let made = Case::golden(name).make();
    let shown = if topic == "refused" {
        assert_ne!(made.errors(), Vec::<String>::new(), "{name} is not refused");
        made.refusal()
    } else {
        assert_eq!(made.refusal(), "", "{name}");
        let generated = made.generated.expect("without errors there is an SDK");
        let wanted = |file: &&File| {
            matches!(topic, "sessions" | "messages" | "whole") || !is_usual(&file.path)
        };
        let files = generated.files.iter().filter(wanted);
        files
            .map(|file| format!("// --- {}\n{}", file.path, file.text))
            .collect()
    };
    with_settings!({
        snapshot_path => golden_folder(name),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!("expected", shown);
    });
}

/// Files that look alike in every case.
fn is_usual(path: &str) -> bool {
    matches!(path, "mod.rs" | "client.rs")
}

#[test]
fn every_folder_is_a_case_and_every_case_a_folder() {
    let listed: BTreeSet<String> = CASES.iter().map(|case| (*case).to_owned()).collect();
    assert_eq!(listed, golden_cases(), "{GOLDEN}");
    assert_eq!(listed.len(), CASES.len(), "a case is listed twice");
}

/// What was decided is decided the same again, from the lock alone.
#[test]
fn every_lock_is_read_again() {
    for name in CASES {
        let mut case = Case::golden(name);
        let Some(made) = case.make().generated.filter(|made| !made.files.is_empty()) else {
            continue;
        };
        case.lock = locked(&made.lock.write());
        assert_eq!(case.lock, made.lock, "{name}");
        let again = case.made();
        assert_eq!(again.lock, made.lock, "{name}");
        assert!(again.files == made.files, "{name}");
    }
}

/// What is proposed for `provider.toml` is taken there, and nothing is left to refuse but what else was.
#[test]
fn every_proposed_fix_settles_its_error() {
    let mut settled = BTreeSet::new();
    for name in CASES {
        let case = Case::golden(name);
        let errors = |case: &Case| {
            let mut errors = case.make().findings;
            errors.retain(|finding| finding.severity() == Severity::Error);
            errors
        };
        let before = errors(&case);
        for error in &before {
            let Some(fix) = &error.fix else { continue };
            for left in errors(&case.with_config(fix)) {
                let is_other = left.message != error.message
                    && before.iter().any(|known| known.message == left.message);
                assert!(is_other, "{name}: {}: pasted\n{fix}", left.message);
            }
            settled.insert(*name);
        }
    }
    let settled: Vec<&str> = settled.into_iter().collect();
    assert_eq!(
        settled,
        [
            "addressed_events_at_one_address",
            "enum_of_a_taken_name",
            "equal_up_to_case",
            "field_that_means_the_opposite",
            "name_that_was_public_is_kept_free",
            "operation_called_like_a_public_module",
            "operation_called_like_an_id",
            "operation_called_like_the_session",
            "operations_and_events_that_mean_something_else",
            "requests_of_one_name",
            "shared_wire_is_an_error_with_a_fix",
            "structure_called_like_an_id",
            "two_fields_of_one_name",
            "two_types_of_one_name",
            "values_that_exchanged_their_meanings",
        ]
    );
}

/// Nobody misses a server without being told; what is proposed gives one.
#[test]
fn a_program_that_comes_nowhere_is_pointed_out() {
    let missing = |case: &Case| {
        let findings = case.make().findings;
        let mut missing = findings.into_iter().filter(|f| f.code == Code::NoServer);
        (missing.next(), missing.count())
    };
    for name in ["answered_command", "several_apis"] {
        let case = Case::golden(name);
        let (finding, more) = missing(&case);
        assert_eq!(more, 0, "{name}");
        let fix = finding.and_then(|finding| finding.fix).expect(name);
        let case = case.with_config(&fix);
        assert!(missing(&case).0.is_none(), "{name}");
        let generated = case.make().generated.expect("an SDK");
        let server = |file: &File| file.path.ends_with("hub.rs");
        assert!(generated.files.iter().any(server), "{name}");
    }
}
