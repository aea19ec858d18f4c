//! The words every other crate speaks: values known and planned, types, paths, addresses, and what a kind is as plain data.
//!
//! To add a shape whose equality is AWS's own, add a variant to [`Shape`] and its rule to `equality`.

mod address;
mod beside;
mod convert;
mod describe;
mod json;
mod leaf;
mod number;
mod object;
mod observation;
mod path;
mod planned;
mod serial;
mod shape;
mod ty;
mod value;

pub mod equality;

pub use address::{Address, Declared, Key, NoAddress};
pub use beside::{Beside, Follows, Neighbour, Relation};
pub use convert::Mismatch;
pub use describe::{
    Attribute, Check, Complaint, Compute, Create, Description, Fresh, Governed, GovernedBlock, Governs, Identity, Literal, LocalFile, Need,
    Order, Predict, Removed, Scope, Source, Transition,
};
pub use leaf::{Arn, Cidr, Json, Leaf, Model, Policy, Set, Unfit};
pub use lowtide_model_derive::Model;
pub use number::{Number, OutOfRange};
pub use object::{Object, PlannedObject};
pub use observation::{Observation, Phase, Place};
pub use path::{Path, Step, plain};
pub use planned::{Content, Planned, Unknown};
pub use shape::Shape;
pub use ty::{Member, Type};
pub use value::Value;
