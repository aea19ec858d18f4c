//! Listens on a free loopback port; what a test asks of the proxy.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::call::Call;
use super::corrections::Memory;
use super::fault::{Fault, Faults};
use super::passage::{Passage, serve};
use super::record::Record;

/// What the proxy does besides watching.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whether moto's mistakes are corrected.
    pub corrections: bool,
    /// How many looks at a thing show that it is still being made, changed or deleted, where AWS takes its time.
    pub held_reads: usize,
    /// From how many looks something just made is hidden, where AWS is eventually consistent.
    pub hidden_reads: usize,
    /// How many members of a list come in one page; 0 for as many as moto gives.
    pub page_size: usize,
}

impl Rules {
    /// As slow and as sparing as AWS may be.
    #[must_use]
    pub fn strict() -> Self {
        Self { held_reads: 2, hidden_reads: 2, page_size: 2, ..Self::default() }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self { corrections: true, held_reads: 0, hidden_reads: 0, page_size: 0 }
    }
}

/// A running proxy. Dropping it closes its port.
pub struct Proxy {
    passage: Arc<Passage>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Starts a proxy on a free loopback port, in front of `upstream` (`http://127.0.0.1:5000`).
    ///
    /// It has a thread and a runtime of its own: a test may block, or run on one thread, and it goes on answering.
    ///
    /// # Errors
    ///
    /// When no port or thread is to be had.
    pub async fn start(upstream: &str, rules: Rules) -> anyhow::Result<Self> {
        let authority = upstream.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let passage =
            Arc::new(Passage { authority, rules, record: Record::default(), faults: Faults::default(), memory: Memory::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let (listening, address) = oneshot::channel();
        let for_thread = Arc::clone(&passage);
        let thread = std::thread::Builder::new().name("testkit-proxy".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = listen(for_thread, listening) => {}
                    _ = stopped => {}
                }
            });
        })?;
        let address = address.await.context("The proxy found no port to listen on")?;
        Ok(Self { passage, address, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:<port>`, what clients are pointed at.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every call since the start or the last `clear`, in order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.passage.record.calls()
    }

    /// How many calls there were, by service and operation.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<(String, String), usize> {
        self.passage.record.counts()
    }

    /// How many calls there were of one operation.
    #[must_use]
    pub fn count(&self, service: &str, operation: &str) -> usize {
        self.counts().get(&(service.to_owned(), operation.to_owned())).copied().unwrap_or_default()
    }

    /// One sentence for each call moto had no answer to. A good test ends with none.
    #[must_use]
    pub fn not_implemented(&self) -> Vec<String> {
        self.passage.record.failures()
    }

    /// One sentence for each call that was refused because what it was about was still in use. Where things go in the right
    /// order there is none.
    #[must_use]
    pub fn refused_in_use(&self) -> Vec<String> {
        self.passage.memory.refused.all()
    }

    /// Forgets the calls, what was not implemented and what was in use; faults stay.
    pub fn clear(&self) {
        self.passage.memory.refused.clear();
        self.passage.record.clear();
    }

    /// Lets something go wrong from now on.
    pub fn inject(&self, fault: Fault) {
        self.passage.faults.inject(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.passage.faults.clear();
    }

    /// Waits until a caller hangs on a fault that lets it.
    pub async fn hung(&self) {
        self.passage.faults.hung().await;
    }

    /// Forgets what was remembered to correct moto; for use when moto itself is reset.
    pub fn forget(&self) {
        self.passage.memory.clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It fails only when the thread has ended already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // A panic in there was printed there; a panic in a drop would hide the test's own.
            let _ = thread.join();
        }
    }
}

async fn listen(passage: Arc<Passage>, listening: oneshot::Sender<SocketAddr>) {
    let Ok(listener) = TcpListener::bind(("127.0.0.1", 0)).await else { return };
    let Ok(address) = listener.local_addr() else { return };
    if listening.send(address).is_err() {
        return;
    }
    loop {
        // A connection that ended before it was accepted is no reason to stop.
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(Arc::clone(&passage), stream));
        }
    }
}
