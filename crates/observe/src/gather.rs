//! Reads of one kind that fall together go out as one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lowtide_resource::{Ask, Fault, Kind, Round, Session};
use tokio::sync::oneshot;

use crate::observer::{Sight, ask};

/// How long a read waits for company.
const COMPANY: Duration = Duration::from_millis(15);

type Waiting = Vec<(Ask, oneshot::Sender<Sight>)>;

/// Gathers reads.
#[derive(Default)]
pub struct Gather {
    waiting: Mutex<HashMap<(&'static str, usize), Waiting>>,
}

impl Gather {
    /// Reads one thing exactly. The first to come waits a moment and then asks for all that have come.
    pub async fn read(self: &Arc<Self>, kind: &Arc<dyn Kind>, session: &Arc<Session>, one: Ask) -> Sight {
        let key = (kind.description().kind, Arc::as_ptr(session) as usize);
        let (answer, answered) = oneshot::channel();
        let first = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let company = waiting.entry(key).or_default();
            company.push((one, answer));
            company.len() == 1
        };
        if first {
            let (gather, kind, session) = (self.clone(), kind.clone(), session.clone());
            tokio::spawn(async move {
                tokio::time::sleep(COMPANY).await;
                gather.ask_for_all(key, &*kind, &session).await;
            });
        }
        answered.await.unwrap_or_else(|_| Err(Fault::silent("a word about it")))
    }

    async fn ask_for_all(&self, key: (&'static str, usize), kind: &dyn Kind, session: &Session) {
        let all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&key).unwrap_or_default();
        let mut all = all.into_iter().peekable();
        while all.peek().is_some() {
            let some: Waiting = all.by_ref().take(kind.batch().max(1)).collect();
            let asks: Vec<_> = some.iter().map(|(ask, _)| ask.clone()).collect();
            let seen = ask(kind, session, &Round::default(), &asks, true).await;
            for (ask, answer) in some {
                let sight = seen.get(&ask.id).cloned().unwrap_or_else(|| Err(Fault::silent("a word about it")));
                // Whoever asked may have stopped waiting.
                drop(answer.send(sight));
            }
        }
    }
}
