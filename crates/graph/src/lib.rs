//! What depends on what, and in which order. petgraph lives only here.
//!
//! [`Ordering`] orders anything; [`Declarations`] is the graph of what a spec declares, with cycles explained as paths.

mod declarations;
mod ordering;

pub use declarations::{Declarations, Node};
pub use ordering::Ordering;
