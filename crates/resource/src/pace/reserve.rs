//! Retries that may be made while AWS is out of order.
//!
//! Reads have such a bound in the SDK: its standard retry mode keeps a bucket of tokens for each service and region ("Retry behavior",
//! AWS SDKs and Tools Reference Guide). This is the same for what the engine asks again itself: writes, and reads that the SDK has given
//! up.

use std::sync::{Mutex, PoisonError};

/// How many retries are in it at the start: as many as sixteen steps make in a minute without an answer.
const FULL: u32 = 200;
/// How many requests that went well earn one more.
const EARNED_BY: u32 = 5;

/// Retries that may be made while AWS is out of order: so many, and one more for some requests that went well. An outage is met with that
/// many, and then with one request each.
#[derive(Debug)]
pub struct Reserve(Mutex<u32>);

impl Default for Reserve {
    fn default() -> Self {
        Self(Mutex::new(FULL * EARNED_BY))
    }
}

impl Reserve {
    /// Takes out a retry. Returns whether there was one.
    pub fn take(&self) -> bool {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = parts.checked_sub(EARNED_BY);
        *parts = rest.unwrap_or(*parts);
        rest.is_some()
    }

    /// Says that a request went well.
    pub fn earn(&self) {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *parts = (*parts + 1).min(FULL * EARNED_BY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends requests, and each again until it goes well or there are no retries; returns how many were sent.
    fn sent(reserve: &Reserve, requests: u32, fails: impl Fn(u32) -> bool) -> u32 {
        let mut sent = 0;
        for _ in 0..requests {
            sent += 1;
            while fails(sent) && reserve.take() {
                sent += 1;
            }
            if !fails(sent) {
                reserve.earn();
            }
        }
        sent
    }

    #[test]
    fn an_outage_does_not_multiply_requests() {
        let reserve = Reserve::default();
        assert_eq!(sent(&reserve, 5_000, |_| true), 5_000 + FULL);
        assert!(!reserve.take(), "it is used up");
        assert_eq!(sent(&reserve, 100, |_| false), 100);
        assert_eq!(sent(&reserve, 100, |_| true), 100 + 100 / EARNED_BY, "what went well has earned some");
    }

    #[test]
    fn one_failure_in_ten_is_always_retried() {
        let reserve = Reserve::default();
        let sent = sent(&reserve, 100_000, |nth| nth % 10 == 0);
        assert!((111_000..=111_200).contains(&sent), "{sent}");
    }

    #[test]
    fn it_never_holds_more_than_at_the_start() {
        let reserve = Reserve::default();
        (0..10_000).for_each(|_| reserve.earn());
        assert_eq!((0..10_000).filter(|_| reserve.take()).count(), FULL as usize);
    }
}
