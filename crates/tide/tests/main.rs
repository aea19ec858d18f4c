//! Schedules on real clocks, with the leaps they make.

mod clocks;
mod crons;
mod hostile;
mod laws;
mod order;
