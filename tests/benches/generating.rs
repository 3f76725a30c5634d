//! How long generating takes, alone and after reading, and whether it grows with the catalog and no
//! faster. Everything is in memory.
//!
//! `cargo bench -p tests --bench generating`

use std::hint::black_box;

use catalog::diagnostic::has_errors;
use catalog::load::{Loaded, Origin, Sources};
use catalog::source::SourceFile;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generator::lock::Lock;
use generator::{Generated, generate};
use tests::{copies, read};

/// The operations of the committed specifications.
const ONCE: usize = 127;
/// How often they are repeated.
const COPIES: [usize; 3] = [1, 8, 80];

/// The same specifications many times over.
fn times(n: usize) -> Sources {
    let mut sources = copies(n);
    let config = for_every_copy(sources.config.text());
    sources.config = SourceFile::new("provider.toml", &config);
    sources
}

/// What is said of an operation is said of all of its copies.
fn for_every_copy(config: &str) -> String {
    let every = |line: &str| {
        if line.starts_with("operation = ") || line.starts_with("at = ") {
            line.replace(" \"", " \"*").replace("[\"", "[\"*")
        } else {
            line.to_owned()
        }
    };
    config.lines().map(|line| every(line) + "\n").collect()
}

fn generated(loaded: Loaded) -> Generated {
    let generated = generate(loaded.provider, &loaded.config, &Lock::default());
    assert!(!has_errors(&generated.diagnostics));
    generated
}

fn growing(c: &mut Criterion) {
    let mut group = c.benchmark_group("generate");
    group.sample_size(10);
    for n in COPIES {
        let operations = n * ONCE;
        group.throughput(Throughput::Elements(operations as u64));
        group.bench_function(BenchmarkId::from_parameter(operations), |bencher| {
            let (loaded, _) = read(&times(n), Origin::Specs);
            assert_eq!(loaded.provider.operations().count(), operations);
            bencher.iter_batched(
                || loaded.clone(),
                |loaded| black_box(generated(loaded)),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
    let mut group = c.benchmark_group("read and generate");
    group.sample_size(10);
    for n in COPIES {
        let operations = n * ONCE;
        group.throughput(Throughput::Elements(operations as u64));
        group.bench_function(BenchmarkId::from_parameter(operations), |bencher| {
            let sources = times(n);
            bencher.iter(|| black_box(generated(read(&sources, Origin::Specs).0)));
        });
    }
    group.finish();
}

criterion_group!(benches, growing);
criterion_main!(benches);
