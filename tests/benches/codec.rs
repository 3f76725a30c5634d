//! How long encoding a request and decoding its reply takes, beside serde structs written by hand.
//!
//! `cargo bench -p tests --bench codec`

mod codec {
    pub mod calls;
}

use codec::calls;
use criterion::{Criterion, criterion_group, criterion_main};

fn beside_serde(c: &mut Criterion) {
    let session = calls::session();
    let mut group = c.benchmark_group("encode");
    group.bench_function("sendText, serde by hand", |bencher| {
        bencher.iter(calls::hand::encode_send_text);
    });
    group.bench_function("sendText", |bencher| {
        bencher.iter(|| calls::sdk::encode_send_text(&session));
    });
    group.bench_function("getCircle, serde by hand", |bencher| {
        bencher.iter(calls::hand::encode_get_circle);
    });
    group.bench_function("getCircle", |bencher| {
        bencher.iter(|| calls::sdk::encode_get_circle(&session));
    });
    group.finish();
    let mut group = c.benchmark_group("decode");
    group.bench_function("sendText, serde by hand", |bencher| {
        bencher.iter(calls::hand::decode_send_text);
    });
    group.bench_function("sendText", |bencher| {
        bencher.iter(calls::sdk::decode_send_text);
    });
    group.bench_function("getCircle, serde by hand", |bencher| {
        bencher.iter(calls::hand::decode_get_circle);
    });
    group.bench_function("getCircle", |bencher| {
        bencher.iter(calls::sdk::decode_get_circle);
    });
    group.finish();
}

criterion_group!(benches, beside_serde);
criterion_main!(benches);
