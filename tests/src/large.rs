//! A catalog as large as one likes: eyun's documents in, as many copies of them out, each with paths, ids and modules of
//! its own, and with what `provider.toml` says of an operation said of each of its copies.

use catalog::load::Sources;
use catalog::source::SourceFile;

use crate::committed;

/// eyun's operations `n` times over: `/sendText` is `/m0/sendText`, `/m1/sendText`, …
pub fn copies(n: usize) -> Sources {
    let mut sources = committed("eyun");
    let (events, operations): (Vec<SourceFile>, Vec<SourceFile>) = sources
        .specs
        .into_iter()
        .partition(|file| file.path().ends_with("callback.md"));
    let copied = |copy: usize, file: &SourceFile| {
        let text = file
            .text()
            .replace("模块：`", &format!("模块：`m{copy}-"))
            .replace("operationId: `", &format!("operationId: `m{copy}_"));
        let text: String = text.lines().map(|line| path(line, copy) + "\n").collect();
        let path = file.path().replace("specs/", &format!("specs/m{copy}-"));
        SourceFile::new(&path, &text)
    };
    let copies = (0..n).flat_map(|copy| operations.iter().map(move |file| copied(copy, file)));
    sources.specs = copies.chain(events).collect();
    sources.config = SourceFile::new("provider.toml", &declared(sources.config.text(), n));
    sources.catalog = None;
    sources
}

/// A heading or an address with the path of a copy.
fn path(line: &str, copy: usize) -> String {
    let of_copy = format!("/m{copy}/");
    if line.starts_with("### ") {
        line.replacen('/', &of_copy, 1)
    } else if line.starts_with("- requestUrl: ") {
        line.replace("域名地址/", &format!("域名地址{of_copy}"))
    } else {
        line.to_owned()
    }
}

/// What is said of an operation alone is said of each copy; what is said with patterns gets one for all copies; what can
/// be said once only is said of the first.
fn declared(config: &str, n: usize) -> String {
    // Every copy has the same requests.
    let mut text = String::from("all_requests = false\n");
    for block in blocks(config) {
        let first = block.lines().find(|line| line.starts_with('['));
        let first = first.unwrap_or_default();
        let of_copy = |copy: usize| {
            let block = block.replace("\"/", &format!("\"/m{copy}/"));
            block.replace("= \"xiao_xi", &format!("= \"m{copy}_xiao_xi"))
        };
        match first {
            "[[job]]" | "[[page]]" | "[[correction]]" if block.contains("operation = \"*") => {
                text.push_str(&block);
            }
            "[[job]]" | "[[page]]" | "[[correction]]" if names_an_operation(&block) => {
                text.extend((0..n).map(of_copy));
            }
            _ if first.starts_with("[login") || first == "[online]" => text.push_str(&of_copy(0)),
            "[modules]" => {
                let names = block.lines().filter(|line| line.contains('='));
                let names: Vec<&str> = names.collect();
                let of_copy = |copy: usize| {
                    let names = names.iter();
                    names.map(move |name| {
                        format!(
                            "m{copy}-{}\n",
                            name.replace("= \"", &format!("= \"m{copy}_"))
                        )
                    })
                };
                text.push_str("[modules]\n");
                text.extend((0..n).flat_map(of_copy));
            }
            _ if first.starts_with("[ids.") => {
                text.extend(block.lines().map(|line| within(line, n) + "\n"));
            }
            _ => text.push_str(
                &block
                    .replace("\"/", "\"*/")
                    .replace("[\"xiao_xi", "[\"*xiao_xi"),
            ),
        }
    }
    text
}

/// `within = { module = […] }`, with the module of each copy.
fn within(line: &str, n: usize) -> String {
    let Some(one) = line.strip_prefix("within = {") else {
        return line.to_owned();
    };
    let one = one.trim_end_matches('}').trim();
    let all: Vec<String> = (0..n).map(|copy| format!("m{copy}-{one}")).collect();
    format!("within = {{ {} }}", all.join(", "))
}

fn names_an_operation(block: &str) -> bool {
    let names = |line: &str| line.starts_with("operation = ") || line.starts_with("start = ");
    block.lines().any(names)
}

/// The tables of a TOML file, and what stands before the first.
fn blocks(config: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in config.lines() {
        if line.starts_with('[') {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use catalog::load::Origin;

    use super::*;
    use crate::read;

    /// Otherwise the benchmarks would measure how declarations are refused.
    #[test]
    fn everything_that_is_declared_of_eyun_holds_for_every_copy() {
        let (one, found_in_one) = read(&committed("eyun"), Origin::Specs);
        let (three, found) = read(&copies(3), Origin::Specs);
        let about = |found: &[catalog::diagnostic::Diagnostic]| {
            // What is accepted is said once, of all.
            let open = found.iter().filter(|finding| finding.accepted.is_none());
            let texts = open.map(|finding| finding.message.clone());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(
            about(&found).len(),
            about(&found_in_one).len() * 3,
            "{:#?}",
            about(&found)
        );
        let count = |of: fn(&catalog::model::Operation) -> bool| {
            let in_one = one.provider.operations().filter(|one| of(one)).count();
            let in_three = three.provider.operations().filter(|one| of(one)).count();
            assert!(in_one > 0);
            assert_eq!(in_three, 3 * in_one);
        };
        count(|_| true);
        count(|operation| operation.safe);
        count(|operation| operation.page.is_some());
        count(|operation| operation.job.is_some());
        count(|operation| operation.patience_s.is_some());
        count(|operation| operation.exception.is_some());
        assert_eq!(
            three.provider.events().count(),
            one.provider.events().count()
        );
    }
}
