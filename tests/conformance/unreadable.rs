//! Answers that can't be read are never taken for a thing that is gone, or for one that has changed.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use lowtide_model::Create;
use lowtide_resource::{Ask, Currency, Round};
use lowtide_testkit::{Fault, Match, What};

use super::{case::Case, walk::subject};
use crate::bench::{Bench, session};

/// Reads the subject in every way while each answer that this takes is another text, in turn.
pub async fn unreadable(bench: &Bench, case: &Case) -> Result<()> {
    let (record, _) = subject(bench, case).await?;
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    if kind.description().create == Create::NoCall {
        return Ok(());
    }
    let session = session(bench)?;
    let proxy = bench.world.proxy();
    for currency in [Currency::Indexed, Currency::Exact] {
        let asks = [Ask { id: record.id.clone(), last: record.inputs.clone(), known: record.seen.outputs.clone() }];
        let round = Round::default();
        let before = proxy.calls().len();
        let there = kind.read(&session, &round, &asks, currency).await?;
        let asked: BTreeSet<_> = proxy.calls().split_off(before).into_iter().map(|call| (call.service, call.operation)).collect();
        for (service, operation) in asked {
            proxy.inject(Fault { on: Match::operation(&service, &operation), what: What::GarbleAnswer });
            let round = Round::default();
            let seen = kind.read(&session, &round, &asks, currency).await;
            proxy.clear_faults();
            let is_told = seen.as_ref().is_ok_and(|seen| *seen == there || seen.iter().all(|(_, sight)| sight.is_err()));
            ensure!(seen.is_err() || is_told, "{currency:?}, {service}:{operation} can't be read: {seen:?}");
        }
    }
    Ok(())
}
