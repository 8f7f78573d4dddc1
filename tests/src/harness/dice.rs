//! Choices that look random and can be made again.

/// A small generator of numbers (SplitMix64): the choices of a run need a seed, and nothing else.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The seed in `MILEPOST_SEED`, or else a new one. It is printed, so that a failure shows it; it
    /// repeats a run's choices, not its timing.
    pub fn seed() -> u64 {
        let given = std::env::var("MILEPOST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| u64::from(std::process::id()));
        println!("MILEPOST_SEED={seed}");
        seed
    }

    /// 0 to `sides` - 1.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }
}
