//! The pretend data source.

use lowtide_model::{Description, Object, Value};
use lowtide_resource::{DataSource, Doing, Session};

use super::{Pretend, asked::Asking, descriptions::ZONES, trouble::Verb};

/// Lists zones.
pub struct Zones(pub Pretend);

impl DataSource for Zones {
    fn description(&self) -> &'static Description {
        &ZONES
    }

    fn look<'a>(&'a self, session: &'a Session, _query: &'a Object) -> Doing<'a, Object> {
        Box::pin(async move {
            let asking = Asking { pretend: &self.0, of: &ZONES, session, verb: Verb::Read, id: "" };
            let done = || {
                if let Some(fault) = self.0.world().called(ZONES.kind, Verb::Read, "").and_then(super::What::fault) {
                    return Err(fault);
                }
                let names = ["a", "b"].map(Value::from).to_vec();
                Ok([("names".to_owned(), Value::List(names))].into_iter().collect())
            };
            asking.through(done).await
        })
    }
}
