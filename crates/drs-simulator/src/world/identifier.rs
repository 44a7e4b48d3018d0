//! Identifiers and random factors, all from the scenario's seed.

use jiff::SignedDuration;

#[derive(Debug, Clone)]
pub(super) struct Identifiers {
    random: fastrand::Rng,
}

impl Identifiers {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// `prefix` and 17 hexadecimal digits.
    pub(super) fn next(&mut self, prefix: &str) -> String {
        let low = self.random.u64(..);
        let high = self.random.u8(..16);
        format!("{prefix}{high:x}{low:016x}")
    }

    /// A factor around 1 whose logarithm is normal with this deviation.
    pub(super) fn factor(&mut self, deviation: f64) -> f64 {
        if deviation <= 0.0 {
            return 1.0;
        }
        let uniform = self.random.f64().max(f64::MIN_POSITIVE);
        let angle = std::f64::consts::TAU * self.random.f64();
        let normal = (-2.0 * uniform.ln()).sqrt() * angle.cos();
        (deviation * normal.clamp(-3.0, 3.0)).exp()
    }

    /// A duration between nothing and `most`.
    pub(super) fn up_to(&mut self, most: SignedDuration) -> SignedDuration {
        let milliseconds = i64::try_from(most.as_millis()).unwrap_or(i64::MAX).max(0);
        SignedDuration::from_millis(self.random.i64(0..=milliseconds))
    }
}

/// `prefix` and 17 hexadecimal digits that always belong to this text.
pub(super) fn derived(prefix: &str, text: &str) -> String {
    let low = fingerprint(text);
    let high = fingerprint(&format!("{low:x}{text}")) & 0xf;
    format!("{prefix}{high:x}{low:016x}")
}

/// FNV-1a.
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
