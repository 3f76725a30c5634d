//! Makes broken texts of sound ones: documents as a maintainer or a bad converter breaks them, JSON as a gateway or an
//! attacker does. The same seed gives the same mutants.

/// Numbers that look random: splitmix64.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The row of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; 0 if the bound is.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// One of several.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// What stands in documents where it should not.
const SCRAPS: &[&str] = &[
    "<<<<<<< HEAD",
    "=======",
    ">>>>>>> theirs",
    "|||",
    "| | | |",
    "｜参数名｜类型｜说明｜",
    "| 参数名 | 必先 | 类形 | 备注 | 说明 |",
    "|---|---|---|---|---|",
    "```",
    "```json",
    "~~~",
    "### POST",
    "### PSOT /sendText",
    "# ",
    "####### seven",
    "<table><tr><td>",
    "请求参数",
    "反回数据",
    "{",
    "}",
    "[[[",
    "\"a\": {\"b\": [",
    "'createTime': 1691125287,",
    "// 注释",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "0：显示 1：隐藏",
    "-1的取值。",
    "多个用\",\"分隔",
    "https://example.com/%ff",
    "${secret}",
    "9223372036854775808",
    "0x1F",
];

/// A document with one to four things broken.
pub fn document(random: &mut Random, sound: &str) -> String {
    let mut lines: Vec<String> = sound.lines().map(str::to_owned).collect();
    for _ in 0..=random.below(4) {
        let at = random.below(lines.len());
        match random.below(14) {
            0 => drop(lines.drain(at..lines.len().min(at + 1 + random.below(3)))),
            1 => lines.insert(at, (*random.pick(SCRAPS)).to_owned()),
            2 => {
                let copied = lines.get(at).cloned().unwrap_or_default();
                let to = random.below(lines.len());
                lines.insert(to, copied);
            }
            3 => {
                let other = random.below(lines.len());
                if !lines.is_empty() {
                    lines.swap(at, other);
                }
            }
            4 => lines.truncate(at),
            5 => {
                let deep = vec!["a"; 1 + random.below(3000)].join(".");
                lines.insert(at, format!("| {deep} | 是 | String | 深 |"));
            }
            6 => {
                let deep = 1 + random.below(3000);
                lines.insert(at, format!("{}1{}", "[".repeat(deep), "]".repeat(deep)));
            }
            7 => change(random, &mut lines, at, |_, line| line.replace('|', "")),
            8 => change(random, &mut lines, at, |_, line| line.replace('|', "｜")),
            9 => change(random, &mut lines, at, |random, line| {
                format!("{}{line}", " ".repeat(random.below(9)))
            }),
            10 => change(random, &mut lines, at, |random, line| {
                let level = "#".repeat(random.below(8));
                format!("{level} {}", line.trim_start_matches('#'))
            }),
            _ => change(random, &mut lines, at, characters),
        }
    }
    lines.join("\n") + "\n"
}

fn change(
    random: &mut Random,
    lines: &mut [String],
    at: usize,
    to: impl Fn(&mut Random, &str) -> String,
) {
    if let Some(line) = lines.get_mut(at) {
        *line = to(random, line);
    }
}

/// A character less, more, twice, or another.
fn characters(random: &mut Random, line: &str) -> String {
    let mut characters: Vec<char> = line.chars().collect();
    let at = random.below(characters.len());
    let other = *random.pick(&[
        '|', '`', '"', '\\', '：', '，', '.', '/', '0', '否', '\u{7}',
    ]);
    match random.below(4) {
        0 => drop(characters.drain(at..characters.len().min(at + 1))),
        1 => characters.insert(at, other),
        2 => characters.extend_from_within(at..),
        _ => {
            if let Some(character) = characters.get_mut(at) {
                *character = other;
            }
        }
    }
    characters.into_iter().collect()
}

/// What stands in JSON where something else is expected, and what is none.
const VALUES: &[&[u8]] = &[
    b"null",
    b"true",
    b"\"true\"",
    b"0",
    b"-1",
    b"007",
    b"1e999",
    b"-0.0",
    b"[]",
    b"{}",
    b"\"\"",
    b"[[]]",
    b"12345678901234567890123",
    b"9007199254740993",
    b"\"9007199254740993\"",
    b"\"\\ud800\"",
    b"\"\\u0000\"",
    b"\"\x01\"",
    b"\"\xff\xfe\"",
    b"\"{\\\"a\\\":1}\"",
    b"\"<a b='1'/>\"",
    b"NaN",
    b"'x'",
    b"",
    b"[null]",
    b"{\"a\":{\"a\":[{}]}}",
    b"\"\\uD83D\\uDE00\"",
    b"1.5",
];

/// JSON with one to three things broken, or merely unexpected.
pub fn json(random: &mut Random, sound: &str) -> Vec<u8> {
    let mut bytes = sound.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        match random.below(8) {
            0..=3 => replace_value(random, &mut bytes, at),
            4 => drop(bytes.drain(at..bytes.len().min(at + 1 + random.below(5)))),
            5 => {
                let scrap = *random.pick(VALUES);
                drop(bytes.splice(at..at, scrap.iter().copied()));
            }
            6 => {
                let deep = *random.pick(&[3, 126, 127, 128, 129, 130, 5000]);
                let (open, close) = *random.pick(&[("[", "]"), ("{\"a\":", "}")]);
                let nested = format!("{}1{}", open.repeat(deep), close.repeat(deep));
                drop(bytes.splice(at..at, nested.bytes()));
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// Puts another value behind the first colon at or after a place.
fn replace_value(random: &mut Random, bytes: &mut Vec<u8>, from: usize) {
    let find = |bytes: &[u8], from: usize, wanted: &[u8]| {
        let rest = bytes.get(from..)?;
        let at = rest.iter().position(|byte| wanted.contains(byte))?;
        Some(from + at)
    };
    let Some(colon) = find(bytes, from, b":") else {
        return;
    };
    let end = find(bytes, colon, b",}]").unwrap_or(bytes.len());
    let value = *random.pick(VALUES);
    drop(bytes.splice(colon + 1..end.max(colon + 1), value.iter().copied()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_breaks_the_same_things() {
        let sound = "# a\n\n| 参数名 | 类型 |\n|---|---|\n| x | int |\n";
        let of = |seed| document(&mut Random::new(seed), sound);
        assert_eq!(of(7), of(7));
        let all: std::collections::BTreeSet<String> = (0..200).map(of).collect();
        assert!(all.len() > 100, "{} kinds of mutants", all.len());
    }

    #[test]
    fn nothing_is_broken_beyond_bounds() {
        for sound in ["", "x", "{}", "{\"a\":1}"] {
            for seed in 0..2000 {
                document(&mut Random::new(seed), sound);
                json(&mut Random::new(seed), sound);
            }
        }
    }
}
