//! What one service of one region is asked: so much at once, and once it has said that this is too much, so fast.
//!
//! Additive increase, multiplicative decrease, as TCP does it ("TCP Congestion Control", RFC 5681). As in the adaptive retry mode of the
//! AWS SDKs ("Retry behavior", AWS SDKs and Tools Reference Guide) there is no rate at all before the first refusal, so that who is never
//! refused waits for nothing.

use std::time::Duration;

/// How much is asked at once, and how the rate follows what a service bears.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// How many requests to one service of one region are under way at once.
    pub in_flight: usize,
    /// What a refusal leaves of the rate.
    pub decrease: f64,
    /// What each second at full use adds to the rate, as a part of the rate that was too much last.
    pub increase: f64,
    /// The lowest rate, in requests a second. That of the SDKs' adaptive mode is the same.
    pub floor: f64,
    /// How long a request waits at most. It is signed already, and "in most cases" a signature is good for five minutes ("AWS Signature
    /// Version 4 for API requests", IAM User Guide).
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { in_flight: 10, decrease: 0.7, increase: 0.05, floor: 0.5, patience: Duration::from_secs(120) }
    }
}

/// How much faster the rate grows where nothing has yet been too much.
const BEYOND: f64 = 4.0;
/// How long a full bucket lasts at its rate, in seconds: less than anybody notices, more than a timer's grain.
const BURST: f64 = 0.05;
/// A wait that would be shorter is as long as this, so that a clock of milliseconds moves.
const GRAIN: Duration = Duration::from_millis(1);

/// Whether a request may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    /// It goes now; what is returned is handed back with its answer.
    Now(Left),
    /// It asks again after this time.
    In(Duration),
    /// It asks again when another has come back.
    Full,
}

/// A request under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    at: Duration,
    /// Whether the rate made it wait.
    held: bool,
}

/// How a request came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The service has dealt with it, whatever it said.
    Heard,
    /// It was one too many.
    Throttled,
    /// Nothing is known of what the service bears: it failed inside, or did not answer, or the request was given up.
    Lost,
}

/// What one service of one region is asked. All times are since the same beginning.
#[derive(Clone, Debug)]
pub struct Valve {
    limits: Limits,
    in_flight: usize,
    lately: Lately,
    /// None before the first refusal.
    rate: Option<Rate>,
}

#[derive(Clone, Debug)]
struct Rate {
    /// Requests a second.
    now: f64,
    /// The rate that was too much last.
    ceiling: f64,
    /// When it was lowered last. What left before was sent at a rate that is given up already.
    lowered: Duration,
    tokens: f64,
    filled: Duration,
    /// Whether whoever is next had to wait.
    held: bool,
}

impl Valve {
    /// Returns one that lets everything through, as many at once as the limits say.
    pub fn new(limits: Limits) -> Self {
        Self { limits, in_flight: 0, lately: Lately::default(), rate: None }
    }

    /// Asks whether a request may go.
    pub fn ask(&mut self, now: Duration) -> Turn {
        if self.in_flight >= self.limits.in_flight {
            return Turn::Full;
        }
        let held = match self.rate.as_mut().map(|rate| rate.take(now)) {
            None => false,
            Some(Ok(held)) => held,
            Some(Err(wait)) => return Turn::In(wait),
        };
        self.in_flight += 1;
        Turn::Now(Left { at: now, held })
    }

    /// Takes in how a request came back. Returns the new rate, in requests a second, where it was lowered.
    pub fn came_back(&mut self, left: Left, answer: Answer, now: Duration) -> Option<f64> {
        self.in_flight = self.in_flight.saturating_sub(1);
        match answer {
            Answer::Heard => {
                self.lately.count(now);
                self.raise(left);
                None
            }
            Answer::Throttled => self.lower(left, now),
            Answer::Lost => None,
        }
    }

    /// Returns how many requests are under way.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Returns the rate, in requests a second, once there is one.
    pub fn rate(&self) -> Option<f64> {
        self.rate.as_ref().map(|rate| rate.now)
    }

    /// Below what was too much last it grows steadily; beyond that, where nobody has been yet, in proportion. A rate that holds nobody says
    /// nothing about what the service bears, so it stays.
    fn raise(&mut self, left: Left) {
        if let Some(rate) = self.rate.as_mut().filter(|_| left.held) {
            let known = rate.now < rate.ceiling;
            rate.now += self.limits.increase * if known { rate.ceiling / rate.now } else { BEYOND };
        }
    }

    /// All refusals of one moment count once.
    fn lower(&mut self, left: Left, now: Duration) -> Option<f64> {
        let had = match &self.rate {
            Some(rate) if left.at < rate.lowered => return None,
            Some(rate) => rate.now,
            None => self.lately.rate(now).max(self.limits.floor),
        };
        let lower = (had * self.limits.decrease).max(self.limits.floor);
        self.rate = Some(Rate { now: lower, ceiling: had, lowered: now, tokens: 0.0, filled: now, held: false });
        Some(lower)
    }
}

impl Rate {
    /// Takes a token, and tells whether it was waited for; or how long there is none.
    fn take(&mut self, now: Duration) -> Result<bool, Duration> {
        let full = (self.now * BURST).max(1.0);
        self.tokens = full.min(self.tokens + self.now * now.saturating_sub(self.filled).as_secs_f64());
        self.filled = self.filled.max(now);
        if self.tokens < 1.0 {
            self.held = true;
            return Err(Duration::from_secs_f64((1.0 - self.tokens) / self.now).max(GRAIN));
        }
        self.tokens -= 1.0;
        Ok(std::mem::take(&mut self.held))
    }
}

/// How much was heard within the last second.
#[derive(Clone, Debug, Default)]
struct Lately {
    second: u64,
    now: f64,
    before: f64,
}

impl Lately {
    fn count(&mut self, at: Duration) {
        self.turn(at);
        self.now += 1.0;
    }

    /// Returns requests a second.
    fn rate(&mut self, at: Duration) -> f64 {
        self.turn(at);
        self.now + self.before * (1.0 - f64::from(at.subsec_nanos()) / 1e9)
    }

    fn turn(&mut self, at: Duration) {
        let passed = at.as_secs().saturating_sub(self.second);
        if passed > 0 {
            self.before = if passed == 1 { self.now } else { 0.0 };
            (self.second, self.now) = (at.as_secs(), 0.0);
        }
    }
}
