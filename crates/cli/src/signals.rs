//! Ctrl-C, and what else asks a process to end: the first time it comes to a safe point, the second time at once.

use std::{process, thread, time::Duration};

use lowtide_apply::Stop;
use lowtide_report::Console;
use tokio::sync::watch;

use crate::exit::Exit;

/// How long the second signal leaves to what is at hand. Whatever waits longer, as for a ledger that can't be reached, is left to the next run.
const AT_ONCE: Duration = Duration::from_millis(900);

/// Hears signals from now on.
pub fn listen(console: Console) -> watch::Receiver<Stop> {
    let (sender, receiver) = watch::channel(Stop::No);
    tokio::spawn(async move {
        let Ok(mut signals) = Signals::new() else { return };
        loop {
            signals.next().await;
            let was = sender.send_replace(if *sender.borrow() == Stop::No { Stop::Soon } else { Stop::Now });
            if was == Stop::Soon {
                end_soon(console);
            }
        }
    });
    receiver
}

/// Ends the process in a moment, wherever it is by then: as safe as if it were killed.
fn end_soon(console: Console) {
    thread::spawn(move || {
        thread::sleep(AT_ONCE);
        SilentKeys::let_speak();
        console.talk("Stopped at once. What was under way is written down, and the next run finds out what became of it.");
        process::exit(Exit::Interrupted as i32);
    });
}

/// Waits until somebody asks to stop.
pub async fn asked(stop: &watch::Receiver<Stop>) {
    // The sender lives as long as the runtime; without one nobody can ask.
    if stop.clone().wait_for(|stop| *stop != Stop::No).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Keeps the terminal from writing `^C` into the bars, until dropped.
pub struct SilentKeys(#[cfg(unix)] Option<rustix::termios::Termios>);

#[cfg(unix)]
impl SilentKeys {
    /// Begins, if stdin is a terminal.
    pub fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(mut modes) = before.clone() {
            modes.local_modes.remove(LocalModes::ECHOCTL);
            // Only looks are at stake.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &modes);
        }
        Self(before)
    }
}

#[cfg(unix)]
impl SilentKeys {
    /// Lets it write that again, where a process ends without dropping anything.
    fn let_speak() {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        if let Ok(mut modes) = tcgetattr(std::io::stdin()) {
            modes.local_modes.insert(LocalModes::ECHOCTL);
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &modes);
        }
    }
}

#[cfg(unix)]
impl Drop for SilentKeys {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, before);
        }
    }
}

#[cfg(not(unix))]
impl SilentKeys {
    /// Begins, where there is something to begin.
    pub fn begin() -> Self {
        Self()
    }

    fn let_speak() {}
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
