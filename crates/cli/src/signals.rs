//! Ctrl-C, and what else asks a process to end: the first time it comes to a safe point, the second time at once.

use lowtide_apply::Stop;
use tokio::sync::watch;

/// Hears signals from now on.
pub fn listen() -> watch::Receiver<Stop> {
    let (sender, receiver) = watch::channel(Stop::No);
    tokio::spawn(async move {
        let Ok(mut signals) = Signals::new() else { return };
        loop {
            signals.next().await;
            sender.send_modify(|stop| {
                *stop = match *stop {
                    Stop::No => Stop::Soon,
                    Stop::Soon | Stop::Now => Stop::Now,
                }
            });
        }
    });
    receiver
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
