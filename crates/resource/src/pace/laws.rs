//! What holds for every valve: tried with services of any capacity, in a time that is only counted.

use std::time::Duration;

use proptest::prelude::*;

use super::valve::{Answer, Left, Limits, Turn, Valve};

/// How finely time is counted, in milliseconds.
const GRAIN: u64 = 5;

/// A service that bears so much: a bucket of tokens, as AWS describes its own ("Request throttling for the Amazon EC2 API").
struct Service {
    /// Requests a second.
    bears: f64,
    burst: f64,
    tokens: f64,
}

impl Service {
    fn new(bears: f64, burst: f64) -> Self {
        Self { bears, burst, tokens: burst }
    }

    fn grain_passes(&mut self) {
        self.tokens = self.burst.min(self.tokens + self.bears * GRAIN as f64 / 1000.0);
    }

    fn answers(&mut self) -> Answer {
        if self.tokens < 1.0 {
            return Answer::Throttled;
        }
        self.tokens -= 1.0;
        Answer::Heard
    }
}

/// Somebody who always wants more.
struct Crowd {
    valve: Valve,
    now: u64,
    under_way: Vec<(u64, Left, Answer)>,
    held_until: u64,
}

/// What came of some seconds.
#[derive(Debug, Default)]
struct Sum {
    heard: u64,
    throttled: u64,
    longest_wait: u64,
}

impl Crowd {
    fn new(limits: Limits) -> Self {
        Self { valve: Valve::new(limits), now: 0, under_way: Vec::new(), held_until: 0 }
    }

    /// Asks as much as may be, for some seconds, of a service that answers after so many milliseconds.
    fn ask(&mut self, service: &mut Service, latency: u64, seconds: u64) -> Sum {
        let (mut sum, end, mut last) = (Sum::default(), self.now + seconds * 1000, self.now);
        while self.now < end {
            let now = Duration::from_millis(self.now);
            let (back, still) = self.under_way.drain(..).partition(|(at, ..)| *at <= self.now);
            self.under_way = still;
            let back: Vec<_> = back;
            for (_, left, answer) in back {
                self.valve.came_back(left, answer, now);
                sum.heard += u64::from(answer == Answer::Heard);
                sum.throttled += u64::from(answer == Answer::Throttled);
            }
            while self.held_until <= self.now {
                match self.valve.ask(now) {
                    Turn::Now(left) => {
                        self.under_way.push((self.now + latency, left, service.answers()));
                        sum.longest_wait = sum.longest_wait.max(self.now - last);
                        last = self.now;
                    }
                    Turn::In(wait) => self.held_until = self.now + u64::try_from(wait.as_millis()).expect("a short wait").max(1),
                    Turn::Full => break,
                }
            }
            self.now += GRAIN;
            service.grain_passes();
        }
        sum
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_more_than_so_many_are_under_way(
        in_flight in 1_usize..20,
        steps in prop::collection::vec((0_u8..4, 0_u64..2_000, any::<prop::sample::Index>()), 1..400),
    ) {
        let mut valve = Valve::new(Limits { in_flight, ..Limits::default() });
        let (mut under_way, mut now) = (Vec::new(), Duration::ZERO);
        for (what, passes, which) in steps {
            now += Duration::from_millis(passes);
            match (what, under_way.is_empty()) {
                (0 | 1, _) | (_, true) => match valve.ask(now) {
                    Turn::Now(left) => under_way.push(left),
                    Turn::In(wait) => prop_assert!(valve.rate().is_some() && !wait.is_zero()),
                    Turn::Full => prop_assert_eq!(under_way.len(), in_flight),
                },
                (answer, false) => {
                    let left = under_way.swap_remove(which.index(under_way.len()));
                    valve.came_back(left, if answer == 2 { Answer::Heard } else { Answer::Throttled }, now);
                }
            }
            prop_assert!(under_way.len() <= in_flight && valve.in_flight() == under_way.len());
        }
    }

    #[test]
    fn who_is_never_refused_is_never_held(latency in 5_u64..500, in_flight in 1_usize..20) {
        let mut crowd = Crowd::new(Limits { in_flight, ..Limits::default() });
        crowd.ask(&mut Service::new(1e9, 1e9), latency, 20);
        prop_assert_eq!((crowd.valve.rate(), crowd.held_until), (None, 0));
    }

    /// A hundred seconds to find out, then as many that count. A bucket of less than a few tokens would measure how finely time is counted
    /// here: at 90 a second and a grain of 5 ms, what goes every 10 ms is too much and every 15 ms little.
    #[test]
    fn most_of_what_a_service_bears_is_used_and_little_is_refused(bears in 2.0..150.0_f64, burst in 3.0..100.0_f64, latency in 5_u64..60) {
        let (mut crowd, mut service) = (Crowd::new(Limits::default()), Service::new(bears, burst));
        let first = crowd.ask(&mut service, latency, 100);
        let sum = crowd.ask(&mut service, latency, 100);
        prop_assert!(sum.heard as f64 >= 0.7 * bears * 100.0, "{sum:?} of {bears}, after {first:?}");
        // One refusal for each climb; a climb takes six seconds at full use.
        prop_assert!((sum.throttled as f64) <= 0.05 * sum.heard as f64 + 30.0, "{sum:?} of {bears}, after {first:?}");
    }

    #[test]
    fn however_much_is_refused_something_still_goes(latency in 5_u64..500, seconds in 1_u64..100) {
        let (mut crowd, limits) = (Crowd::new(Limits::default()), Limits::default());
        crowd.ask(&mut Service::new(50.0, 50.0), latency, seconds);
        let sum = crowd.ask(&mut Service::new(0.0, 0.0), latency, 100);
        prop_assert!(crowd.valve.rate() >= Some(limits.floor));
        // The bucket is empty when a refusal comes in.
        let longest = (1000.0 / limits.floor) as u64 + latency + 2 * GRAIN;
        prop_assert!(sum.longest_wait <= longest, "{sum:?}");
    }

    #[test]
    fn what_was_refused_is_tried_again_until_it_is_borne(bears in 5.0..100.0_f64, latency in 5_u64..60) {
        let mut crowd = Crowd::new(Limits::default());
        crowd.ask(&mut Service::new(0.0, 0.0), latency, 30);
        prop_assert_eq!(crowd.valve.rate(), Some(Limits::default().floor));
        let mut service = Service::new(bears, 1.0);
        crowd.ask(&mut service, latency, 90);
        prop_assert!(crowd.valve.rate() >= Some(0.5 * bears), "{:?} of {bears}", crowd.valve.rate());
    }
}

#[test]
fn refusals_of_one_moment_lower_the_rate_once() {
    let at = Duration::from_millis;
    let mut valve = Valve::new(Limits::default());
    let leave = |valve: &mut Valve, now| match valve.ask(now) {
        Turn::Now(left) => left,
        other => panic!("{other:?}"),
    };
    for nth in 0..20 {
        let left = leave(&mut valve, at(nth * 10));
        assert_eq!(valve.came_back(left, Answer::Heard, at(nth * 10 + 5)), None);
    }
    let three = [0, 1, 2].map(|nth| leave(&mut valve, at(200 + nth)));
    let lowered = three.map(|left| valve.came_back(left, Answer::Throttled, at(250)).is_some());
    assert_eq!(lowered, [true, false, false]);
    assert_eq!(valve.rate(), Some(14.0), "seven tenths of the twenty that went well within the last second");
    let later = leave(&mut valve, at(400));
    assert!(valve.came_back(later, Answer::Throttled, at(450)).is_some_and(|rate| (9.7..9.9).contains(&rate)));
    let lost = leave(&mut valve, at(600));
    assert_eq!(valve.came_back(lost, Answer::Lost, at(700)), None, "what was lost says nothing");
}
