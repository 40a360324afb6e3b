//! Identifiers and randomness, seeded so that a run can be repeated.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Source of ids. With a seed the sequence is the same in every run.
#[derive(Debug)]
pub struct Ids {
    state: Mutex<(u64, u64)>,
}

impl Ids {
    /// Ids that differ in every process.
    pub fn random() -> Self {
        Self::seeded(uuid::Uuid::new_v4().as_u64_pair().0)
    }

    /// The same ids for the same seed and order of calls.
    pub fn seeded(seed: u64) -> Self {
        Self {
            state: Mutex::new((seed, 0)),
        }
    }

    fn bytes(&self) -> [u8; 32] {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 += 1;
        let mut hash = Sha256::new();
        hash.update(state.0.to_le_bytes());
        hash.update(state.1.to_le_bytes());
        hash.finalize().into()
    }

    /// 64 random bits.
    pub fn u64(&self) -> u64 {
        let mut eight = [0; 8];
        eight.copy_from_slice(&self.bytes()[..8]);
        u64::from_le_bytes(eight)
    }

    /// A version 4 UUID.
    pub fn uuid(&self) -> String {
        let mut sixteen = [0; 16];
        sixteen.copy_from_slice(&self.bytes()[..16]);
        uuid::Builder::from_random_bytes(sixteen)
            .into_uuid()
            .to_string()
    }

    /// `length` characters (at most 32) of A–Z and 0–9, as in the physical ids that
    /// CloudFormation makes.
    pub fn upper(&self, length: usize) -> String {
        const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        self.bytes()
            .iter()
            .take(length)
            .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
            .collect()
    }

    /// `length` hexadecimal digits (at most 64).
    pub fn hex(&self, length: usize) -> String {
        let mut text = hex::encode(self.bytes());
        text.truncate(length);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_the_sequence() {
        let (one, two) = (Ids::seeded(7), Ids::seeded(7));
        assert_eq!(one.uuid(), two.uuid());
        assert_eq!(one.upper(12), two.upper(12));
        assert_ne!(one.uuid(), one.uuid());
        assert_eq!(one.upper(12).len(), 12);
    }
}
