//! Exact numbers: decimal, bounded, ordered, hashable. No float comes in or goes out.

use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, prelude::ToPrimitive};

/// An exact decimal number of up to 28 digits.
///
/// AWS's own numbers are 64-bit integers and short fractions; what does not fit is refused when it is read, never rounded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(Decimal);

/// Arithmetic whose result can't be told: too large, or a division by zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    /// The result has more digits than a [`Number`] holds.
    TooLarge,
    /// The divisor is zero.
    DividedByZero,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Returns it as an integer, if it is one that fits.
    pub fn as_i64(self) -> Option<i64> {
        self.is_integer().then(|| self.0.to_i64()).flatten()
    }

    /// Returns whether it has no fraction.
    pub fn is_integer(self) -> bool {
        self.0.is_integer()
    }

    /// Adds.
    ///
    /// # Errors
    /// When the sum is too large.
    #[expect(clippy::should_implement_trait, reason = "the trait can not fail")]
    pub fn add(self, other: Self) -> Result<Self, OutOfRange> {
        self.0.checked_add(other.0).map(Self).ok_or(OutOfRange::TooLarge)
    }

    /// Subtracts.
    ///
    /// # Errors
    /// When the difference is too large.
    pub fn subtract(self, other: Self) -> Result<Self, OutOfRange> {
        self.0.checked_sub(other.0).map(Self).ok_or(OutOfRange::TooLarge)
    }

    /// Multiplies.
    ///
    /// # Errors
    /// When the product is too large.
    pub fn multiply(self, other: Self) -> Result<Self, OutOfRange> {
        self.0.checked_mul(other.0).map(Self).ok_or(OutOfRange::TooLarge)
    }

    /// Divides, to 28 digits.
    ///
    /// # Errors
    /// When the divisor is zero or the quotient too large.
    pub fn divide(self, other: Self) -> Result<Self, OutOfRange> {
        if other.0.is_zero() {
            return Err(OutOfRange::DividedByZero);
        }
        self.0.checked_div(other.0).map(Self).ok_or(OutOfRange::TooLarge)
    }

    /// Returns the remainder, with the sign of the dividend.
    ///
    /// # Errors
    /// When the divisor is zero or the result too large.
    pub fn remainder(self, other: Self) -> Result<Self, OutOfRange> {
        if other.0.is_zero() {
            return Err(OutOfRange::DividedByZero);
        }
        self.0.checked_rem(other.0).map(Self).ok_or(OutOfRange::TooLarge)
    }

    /// Returns it with the other sign.
    #[must_use]
    pub fn negate(self) -> Self {
        Self(-self.0)
    }

    /// Returns the largest integer that is not above it.
    #[must_use]
    pub fn floor(self) -> Self {
        Self(self.0.floor())
    }

    /// Returns the smallest integer that is not below it.
    #[must_use]
    pub fn ceil(self) -> Self {
        Self(self.0.ceil())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Decimal::from(value))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(Decimal::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Self(Decimal::from(value))
    }
}

impl FromStr for Number {
    type Err = OutOfRange;

    /// Reads `12`, `-3.50` or `1e9`.
    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let read = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str_exact(text) };
        read.map(Self).map_err(|_| OutOfRange::TooLarge)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.normalize(), out)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().expect("a number")
    }

    #[test]
    fn numbers_are_exact_and_print_without_padding() {
        assert_eq!(number("0.1").add(number("0.2")).map(|sum| sum.to_string()), Ok("0.3".to_owned()));
        assert_eq!(number("1.50").to_string(), "1.5");
        assert_eq!(number("1.50"), number("1.5"));
        assert_eq!(number("1e3").to_string(), "1000");
        assert_eq!(number("9223372036854775807").as_i64(), Some(i64::MAX));
        assert_eq!(number("2.5").as_i64(), None);
    }

    #[test]
    fn what_can_not_be_told_is_an_error() {
        assert_eq!(number("1").divide(Number::ZERO), Err(OutOfRange::DividedByZero));
        assert_eq!("1e400".parse::<Number>(), Err(OutOfRange::TooLarge));
        assert_eq!(number("7e27").multiply(number("1000")), Err(OutOfRange::TooLarge));
    }
}
