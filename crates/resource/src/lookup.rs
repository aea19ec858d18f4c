//! Data sources: what is only read.

use std::{future::Future, marker::PhantomData};

use lowtide_model::{Check, Compute, Create, Description, Model, Object, Source};

use crate::{Context, Doing, Fault, Round, Service, Session};

/// A data source that asks AWS.
pub trait Lookup: Model + Send + Sync + 'static {
    /// What it finds.
    type Found: Model + Send;
    /// The service it asks.
    type Service: Service;
    /// Its name, as in the `hashicorp/aws` Terraform provider.
    const KIND: &'static str;
    /// Checks across arguments.
    const CHECKS: &'static [Check] = &[];
    /// Arguments of the Terraform provider that are left out, each with the reason.
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[];

    /// Asks AWS.
    fn look(cx: &Context<'_, Self::Service>, query: &Self) -> impl Future<Output = Result<Self::Found, Fault>> + Send;
}

/// A data source with its types rubbed out.
pub trait DataSource: Send + Sync {
    /// What it is, as plain data.
    fn description(&self) -> &'static Description;
    /// Asks AWS. Never called for one that is [`Source::Pure`].
    fn look<'a>(&'a self, session: &'a Session, query: &'a Object) -> Doing<'a, Object>;
}

/// Returns the description of a data source.
pub const fn describe<Q: Model, F: Model>(
    kind: &'static str,
    service: &'static str,
    compute: Option<Compute>,
    checks: &'static [Check],
    left_out: &'static [(&'static str, &'static str)],
) -> Description {
    Description {
        kind,
        doc: Q::DOC,
        service,
        source: if compute.is_some() { Source::Pure } else { Source::Data },
        inputs: Q::ATTRIBUTES,
        outputs: F::ATTRIBUTES,
        create: Create::NoCall,
        compute,
        checks,
        left_out,
        ..Description::PLAIN
    }
}

/// The erased form of a [`Lookup`].
pub struct LookupOf<L>(PhantomData<fn() -> L>);

impl<L: Lookup> LookupOf<L> {
    /// The one value of this type.
    pub const SOURCE: Self = Self(PhantomData);

    const DESCRIPTION: &'static Description = &describe::<L, L::Found>(L::KIND, L::Service::NAME, None, L::CHECKS, L::LEFT_OUT);
}

impl<L: Lookup> DataSource for LookupOf<L> {
    fn description(&self) -> &'static Description {
        Self::DESCRIPTION
    }

    fn look<'a>(&'a self, session: &'a Session, query: &'a Object) -> Doing<'a, Object> {
        Box::pin(async move { Ok(L::look(&session.to_read(&Round::default()), &L::from_object(query)?).await?.into_object()) })
    }
}

/// A data source that follows from its arguments alone.
pub struct Pure(pub Description);

impl DataSource for &'static Pure {
    fn description(&self) -> &'static Description {
        &self.0
    }

    fn look<'a>(&'a self, _session: &'a Session, query: &'a Object) -> Doing<'a, Object> {
        let compute = self.0.compute.expect("a pure data source computes");
        Box::pin(async move {
            let complaint = |all: Vec<lowtide_model::Complaint>| all.into_iter().map(|one| one.detail).collect::<Vec<_>>().join(" ");
            compute(query).map_err(|all| Fault::ours(&complaint(all)))
        })
    }
}
