//! The one source of randomness.

use export_engine::Entropy;

/// The operating system's random number generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl SystemEntropy {
    /// `N` fresh bytes.
    #[must_use]
    pub fn bytes<const N: usize>() -> [u8; N] {
        let mut bytes = [0; N];
        Self.fill(&mut bytes);
        bytes
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("the operating system has random bytes; nothing safe can be done without");
    }
}
