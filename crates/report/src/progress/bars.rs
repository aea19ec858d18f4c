//! Bars on a terminal: what is done scrolls by above, what is under way stands below with its time, and a counter of all.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use lowtide_plan::{Event, Listener, StepId};

use super::{telling, verbs};
use crate::{
    Console, clean,
    doubt::recovered_text,
    style,
    style::{WARNING, paint},
    words,
};

/// How often the times on the screen move.
const TICK: Duration = Duration::from_millis(150);

/// Shows what happens as bars on stderr.
pub struct Bars {
    coloured: bool,
    live: Arc<Mutex<Live>>,
}

/// What stands on the screen.
#[derive(Default)]
struct Live {
    screen: MultiProgress,
    whole: Option<ProgressBar>,
    running: BTreeMap<StepId, (ProgressBar, &'static str)>,
}

impl Bars {
    /// Returns bars for a console that is a terminal.
    pub fn new(console: Console) -> Self {
        let live = Arc::<Mutex<Live>>::default();
        tick(Arc::downgrade(&live));
        Self { coloured: console.is_coloured(), live }
    }

    fn line_style(&self) -> ProgressStyle {
        let template =
            if self.coloured { "    {spinner:.cyan} {prefix:.bold}  {msg}  {time:.dim}" } else { "    {spinner} {prefix}  {msg}  {time}" };
        styled(template)
    }

    fn above(&self, live: &Live, line: &str) {
        // The cursor is the bars' while they stand, so lines go through them.
        let _ = live.screen.println(if self.coloured { line.to_owned() } else { style::unpainted(line) });
    }
}

/// Returns a bar's style; `time` is how long it has stood there.
fn styled(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    let time = |state: &ProgressState, out: &mut dyn Write| {
        let _ = out.write_str(&words::calm_duration(state.elapsed()));
    };
    style.with_key("time", time).tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ").progress_chars("━╸─")
}

/// Keeps the times moving until the bars are dropped: one thread for all of them.
fn tick(live: Weak<Mutex<Live>>) {
    thread::spawn(move || {
        while let Some(live) = live.upgrade() {
            {
                let live = live.lock().unwrap_or_else(PoisonError::into_inner);
                live.running.values().map(|(bar, _)| bar).chain(&live.whole).for_each(ProgressBar::tick);
            }
            drop(live);
            thread::sleep(TICK);
        }
    });
}

impl Live {
    fn clear(&mut self) {
        for (_, (bar, _)) in std::mem::take(&mut self.running) {
            bar.finish_and_clear();
        }
        if let Some(bar) = self.whole.take() {
            bar.finish_and_clear();
        }
    }
}

impl Listener for Bars {
    fn hear(&self, event: &Event) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Recovered(one) => self.above(&live, &recovered_text(one)),
            Event::Observing { stack, resources } => {
                live.clear();
                let words = format!("{}: looking at {}", clean::line(&stack.stack), words::count(*resources, "resource"));
                let bar = ProgressBar::new_spinner().with_style(styled("  {spinner} {msg}  {time}")).with_message(words);
                live.whole = Some(live.screen.add(bar));
            }
            Event::Observed { .. } | Event::Applied { .. } => live.clear(),
            Event::Applying { stack, steps } => {
                live.clear();
                let style = styled("  {prefix}  {bar:28} {pos} of {len}  {time}  {msg}");
                let bar = ProgressBar::new(*steps as u64).with_style(style).with_prefix(clean::line(&stack.stack));
                live.whole = Some(live.screen.add(bar));
            }
            Event::Started { step, address, action } => {
                let [doing, _] = verbs(*action);
                let bar = ProgressBar::new_spinner().with_style(self.line_style());
                let bar = bar.with_prefix(clean::line(&address.to_string())).with_message(doing);
                let bar = match &live.whole {
                    Some(whole) => live.screen.insert_before(whole, bar),
                    None => live.screen.add(bar),
                };
                live.running.insert(*step, (bar, doing));
            }
            Event::Waiting { step, reason, .. } => {
                if let Some((bar, doing)) = live.running.get(step) {
                    bar.set_message(format!("{doing}, {}", clean::shortened(&clean::line(reason), 60)));
                }
            }
            Event::Retrying { step, fault, attempt } => {
                if let Some((bar, doing)) = live.running.get(step) {
                    bar.set_message(format!("{doing}, try {attempt}: {}", clean::shortened(&clean::line(fault), 60)));
                }
            }
            Event::Ended { step, address, action, outcome, elapsed } => {
                if let Some((bar, _)) = live.running.remove(step) {
                    bar.finish_and_clear();
                }
                self.above(&live, &telling::ended(address, *action, outcome, *elapsed));
                if let Some(whole) = &live.whole {
                    whole.inc(1);
                }
            }
            Event::Stopping => {
                self.above(&live, &paint(WARNING, telling::STOPPING));
                if let Some(whole) = &live.whole {
                    whole.set_message("stopping");
                }
            }
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
