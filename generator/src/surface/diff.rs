//! Owns how differences are shown to people: by what they mean for a program, each with its path and what is other.
//!
//! ```text
//! acme
//!   breaks
//!     acme::a::Add  was `new(label_name)`, is `new(label_name, colour)`
//! ```

use super::columns::{self, plural};
use super::{Difference, Effect, Paint, escape};

/// A path that is wider does not push the others away.
const WIDEST: usize = 64;

const EFFECTS: [(Effect, &str); 5] = [
    (Effect::Breaks, "breaks"),
    (Effect::Behaves, "behaves differently"),
    (Effect::Means, "means something else now"),
    (Effect::Warns, "warns"),
    (Effect::New, "new"),
];

/// What is other in a provider, ending in a line break.
pub fn text(id: &str, differences: &[Difference], paint: Paint) -> String {
    let heading = paint.strong(&escape::line(id));
    if differences.is_empty() {
        return format!("{heading}: the same\n");
    }
    let mut text = format!("{heading}\n");
    for (effect, title) in EFFECTS {
        let of_effect = differences.iter().filter(|found| found.effect == effect);
        let of_effect: Vec<&Difference> = of_effect.collect();
        if of_effect.is_empty() {
            continue;
        }
        let title = match effect {
            Effect::Breaks => paint.error(title),
            Effect::Behaves | Effect::Means | Effect::Warns => paint.warning(title),
            Effect::New => paint.frame(title),
        };
        text.push_str(&format!("  {title}\n"));
        let paths = of_effect.iter().map(|found| found.path.as_str());
        let width = columns::widest(paths, WIDEST);
        text.extend(of_effect.into_iter().map(|found| line(found, width, paint)));
    }
    text
}

fn line(found: &Difference, width: usize, paint: Paint) -> String {
    let path = columns::left(&escape::line(&found.path), width);
    let what = match found.what.as_str() {
        "" => String::new(),
        what => format!("  {}", escape::line(what)),
    };
    let title = match found.title.as_str() {
        "" => String::new(),
        title => paint.faint(&format!("  {}", escape::line(title))),
    };
    let line = format!("    {path}{what}{title}");
    format!("{}\n", line.trim_end())
}

/// How many differences of each effect.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count([usize; EFFECTS.len()]);

impl Count {
    /// Counts more.
    pub fn add(&mut self, differences: &[Difference]) {
        for (count, (effect, _)) in self.0.iter_mut().zip(EFFECTS) {
            let of_effect = differences.iter().filter(|found| found.effect == effect);
            *count += of_effect.count();
        }
    }

    /// `1 breaking change, 0 of behaviour, 0 of meaning, 0 warnings, 3 additions`.
    pub fn sentence(&self) -> String {
        match self.0 {
            [0, 0, 0, 0, 0] => "programs that use the SDK notice nothing".to_owned(),
            [breaks, behaves, means, warns, new] => format!(
                "{}, {behaves} of behaviour, {means} of meaning, {}, {}",
                plural(breaks, "breaking change"),
                plural(warns, "warning"),
                plural(new, "addition"),
            ),
        }
    }
}
