//! How long generating takes, alone and after reading, and whether it grows with the catalog and no
//! faster. Everything is in memory.
//!
//! `cargo bench -p tests --bench generating`

use std::hint::black_box;

use catalog::diagnostic::has_errors;
use catalog::load::{Loaded, Origin, Sources};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generator::lock::Lock;
use generator::{Generated, generate};
use tests::{copies, read};

/// The operations of the committed specifications.
const ONCE: usize = 127;
/// How often they are repeated.
const COPIES: [usize; 3] = [1, 8, 80];

/// What is there to be measured: a catalog in which nothing is refused.
fn understood(sources: &Sources) -> Loaded {
    let (loaded, diagnostics) = read(sources, Origin::Specs);
    assert!(!has_errors(&diagnostics));
    loaded
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
            let loaded = understood(&copies(n));
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
            let sources = copies(n);
            bencher.iter(|| black_box(generated(understood(&sources))));
        });
    }
    group.finish();
}

criterion_group!(benches, growing);
criterion_main!(benches);
