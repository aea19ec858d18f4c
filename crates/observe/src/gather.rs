//! Reads of one kind that fall together go out as one, and while one is under way the next gathers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::join_all;
use lowtide_resource::{Ask, Currency, Fault, Kind, Round, Session};
use tokio::sync::oneshot;

use crate::observer::{Sight, ask};

/// How long a read waits for company.
const COMPANY: Duration = Duration::from_millis(20);
/// How long it waits for the read before it, gathering more: about as long as one stands in line at a service that throttles.
const PATIENCE: Duration = Duration::from_secs(1);

/// Gathers reads.
#[derive(Default)]
pub struct Gather {
    companies: Mutex<HashMap<Company, Gathering>>,
}

/// What goes out as one: reads of one kind, of one session, that must be as current as each other.
type Company = (&'static str, usize, Currency);

type Waiting = (Ask, oneshot::Sender<Sight>);

#[derive(Default)]
struct Gathering {
    waiting: Vec<Waiting>,
    /// Held by the read that is under way.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Gather {
    /// Reads one thing. The first to come waits a moment, and for the read before it, and then asks for all that have come.
    pub async fn read(self: &Arc<Self>, kind: &Arc<dyn Kind>, session: &Arc<Session>, one: Ask, currency: Currency) -> Sight {
        let key = (kind.description().kind, Arc::as_ptr(session) as usize, currency);
        let (answer, answered) = oneshot::channel();
        let (first, turn) = {
            let mut companies = self.companies.lock().unwrap_or_else(PoisonError::into_inner);
            let company = companies.entry(key).or_default();
            company.waiting.push((one, answer));
            (company.waiting.len() == 1, company.turn.clone())
        };
        if first {
            let (gather, kind, session) = (self.clone(), kind.clone(), session.clone());
            tokio::spawn(async move {
                tokio::time::sleep(COMPANY).await;
                let _turn = tokio::time::timeout(PATIENCE, turn.lock()).await;
                gather.ask_for_all(key, &*kind, &session).await;
            });
        }
        answered.await.unwrap_or_else(|_| Err(Fault::silent("a word about it")))
    }

    async fn ask_for_all(&self, key: Company, kind: &dyn Kind, session: &Session) {
        let (asks, answers): (Vec<_>, Vec<_>) = self.take(key).into_iter().unzip();
        let round = Round::default();
        let some = asks.chunks(kind.batch().max(1)).map(|some| ask(kind, session, &round, some, key.2));
        let seen: HashMap<_, _> = join_all(some).await.into_iter().flatten().collect();
        for (ask, answer) in asks.iter().zip(answers) {
            let sight = seen.get(&ask.id).cloned().unwrap_or_else(|| Err(Fault::silent("a word about it")));
            // Whoever asked may have stopped waiting.
            drop(answer.send(sight));
        }
    }

    fn take(&self, key: Company) -> Vec<Waiting> {
        let mut companies = self.companies.lock().unwrap_or_else(PoisonError::into_inner);
        companies.get_mut(&key).map(|company| std::mem::take(&mut company.waiting)).unwrap_or_default()
    }
}
