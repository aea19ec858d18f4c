//! How much a service is asked at once, and how fast once that was too much.
//!
//! `valve` decides, for one service of one region, without clock or network; `lanes` has requests wait accordingly, each at its service's
//! valve; `refusal` tells from an answer that it was too much; `reserve` bounds what is asked again because AWS is out of order.

mod lanes;
#[cfg(test)]
mod laws;
mod refusal;
mod reserve;
mod valve;

pub use lanes::{Overfull, Pace, Passage};
pub(crate) use refusal::heard;
pub use reserve::Reserve;
pub use valve::{Answer, Left, Limits, Turn, Valve};
