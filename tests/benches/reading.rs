//! How long reading takes: the committed catalog, and documents that grow.
//!
//! `cargo bench -p tests --bench reading`

use std::hint::black_box;

use catalog::load::{Origin, Sources};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tests::{committed, copies, providers, read};

fn all_providers(c: &mut Criterion) {
    let sources: Vec<Sources> = providers().iter().map(|id| committed(id)).collect();
    c.bench_function("read all four providers", |bencher| {
        bencher.iter(|| {
            for sources in &sources {
                black_box(read(sources, Origin::Specs));
            }
        });
    });
}

fn growing(c: &mut Criterion) {
    let mut group = c.benchmark_group("read eyun");
    group.sample_size(10);
    for n in [1, 8, 80] {
        let sources = copies(n);
        let bytes: usize = sources.specs.iter().map(|file| file.text().len()).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(127 * n),
            &sources,
            |bencher, sources| {
                bencher.iter(|| black_box(read(sources, Origin::Specs)));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, all_providers, growing);
criterion_main!(benches);
