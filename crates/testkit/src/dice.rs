//! Chance that is the same each time.

/// Splitmix64: the same numbers for the same seed, everywhere.
pub struct Dice(pub u64);

impl Dice {
    /// Returns a number below the limit, which is not 0.
    ///
    /// # Panics
    /// Never: what is below a limit of this size has its size.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("below the limit")
    }

    /// Returns one of them; there must be one.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
