//! How long a large text may take on its way to S3. What the ledger asks has little time, since signs of life are among it, and the SDK counts
//! the upload in: a whole state over a slow line would never arrive. What comes from S3 needs no more: the SDK's times end with the first byte
//! of an answer, and its protection against stalled streams sees to the rest.

use std::time::Duration;

use aws_sdk_s3::config::timeout::TimeoutConfig;

/// A text of this size needs no more time than any other: two seconds on the slowest line.
const PIECE: usize = 256 * 1024;
/// How long such a piece may take: a little more than on a line of one megabit a second.
const A_PIECE: Duration = Duration::from_millis(2500);
/// No upload is worth waiting for longer.
const MOST: Duration = Duration::from_secs(20 * 60);

/// Returns the times that a call has which sends so many bytes, where they are to be longer than those of others.
pub(super) fn for_upload(usual: Option<&TimeoutConfig>, bytes: usize) -> Option<TimeoutConfig> {
    let (usual, more) = (usual?, allowance(bytes)?);
    let mut longer = usual.to_builder();
    // Its counterpart begins to count with the request as well.
    longer.set_read_timeout(usual.read_timeout().map(|time| time + more));
    longer.set_operation_attempt_timeout(usual.operation_attempt_timeout().map(|time| time + more));
    // All tries together: one may be lost.
    longer.set_operation_timeout(usual.operation_timeout().map(|time| time + 2 * more));
    Some(longer.build())
}

/// Returns how much longer it may take. In few steps, since the SDK keeps connections apart by their times.
fn allowance(bytes: usize) -> Option<Duration> {
    let pieces = bytes.div_ceil(PIECE);
    let steps = u32::try_from(pieces.checked_next_power_of_two()?).unwrap_or(u32::MAX);
    (pieces > 1).then(|| A_PIECE.saturating_mul(steps).min(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_large_may_take_as_long_as_a_slow_line_needs() {
        let usual = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(5)).build();
        assert!(for_upload(Some(&usual), PIECE).is_none(), "signs of life and slots have no more than ever");
        assert!(for_upload(None, 100 << 20).is_none());
        for bytes in [PIECE + 1, 1 << 20, 6 << 20, 50 << 20, 100 << 20] {
            let needed = Duration::from_secs(bytes as u64 * 8 / 1_000_000);
            let longer = for_upload(Some(&usual), bytes).unwrap();
            let attempt = longer.operation_attempt_timeout().unwrap();
            assert!(attempt >= needed && attempt <= 5 * needed + Duration::from_secs(10), "{bytes}: {attempt:?} for {needed:?}");
            assert_eq!((longer.read_timeout(), longer.operation_timeout()), (None, None), "what has no end keeps none");
        }
        assert_eq!(allowance(usize::MAX / 2), Some(MOST));
    }
}
