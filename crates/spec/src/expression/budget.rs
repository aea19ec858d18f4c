//! What the evaluations of a stack share: how many steps they may take together, and how much all that they yield may weigh.
//!
//! A limit for each expression alone is none: a spec has many, and what one yields the next may double.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Mismatch, Planned, Type};

use super::{
    limits::{NESTING_LIMIT, STACK_STEP_LIMIT, STACK_WEIGHT_LIMIT},
    size::{Size, weight, weight_as},
};

/// How much evaluations in one scope may still do and yield. What a copy of it is spent on does not count here.
#[derive(Debug)]
pub struct Budget {
    steps: Account,
    weight: Account,
}

/// What may be spent of one thing.
#[derive(Debug)]
struct Account {
    left: AtomicU64,
    /// Where it was not enough for the first time; all that comes later is only said to be so there, and so once.
    empty: OnceLock<Place>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(STACK_STEP_LIMIT, STACK_WEIGHT_LIMIT)
    }
}

impl Clone for Budget {
    fn clone(&self) -> Self {
        Self { steps: self.steps.copied(), weight: self.weight.copied() }
    }
}

impl Budget {
    /// Returns one of so many steps and so much weight.
    pub(super) fn of(steps: u64, weight: u64) -> Self {
        Self { steps: Account::of(steps), weight: Account::of(weight) }
    }

    /// Takes steps from it, for what is at a place.
    ///
    /// # Errors
    /// When there are not as many left.
    pub fn spend(&self, steps: u64, place: &Place) -> Result<(), Diagnostic> {
        self.steps.take(steps, place).map_err(|place| {
            let detail = "Up to here the expressions of this stack take more steps together than are taken for one stack.";
            Diagnostic::error("Stack too costly", detail).at(place).hint(DIVIDE)
        })
    }

    /// Takes from it what a value weighs that is kept, for what is at a place.
    ///
    /// # Errors
    /// When there is not as much left, or it is nested too deeply.
    pub fn keep(&self, value: &Planned, place: &Place) -> Result<(), Diagnostic> {
        let Size { weight, depth } = Size::of(value);
        shallow(depth, place)?;
        self.weigh(weight, place)
    }

    /// Takes weight from it, for what is at a place.
    ///
    /// # Errors
    /// When there is not as much left.
    pub fn weigh(&self, weight: u64, place: &Place) -> Result<(), Diagnostic> {
        self.weight.take(weight, place).map_err(|place| {
            let detail = "Up to here the values of this stack are larger together than is kept for one stack.";
            Diagnostic::error("Stack too large", detail).at(place).hint(DIVIDE)
        })
    }
}

/// Converts a value, if so much can't become of it that it fills the world: an object gets every member that its type has.
///
/// # Errors
/// When it may; inside, when the value can't have the type.
pub(crate) fn convert(value: Planned, ty: &Type, budget: &Budget, place: &Place) -> Result<Result<Planned, Mismatch>, Diagnostic> {
    let most = weight_as(&value, ty);
    if most == 0 {
        return Ok(ty.convert(value));
    }
    if most > STACK_WEIGHT_LIMIT {
        let detail = "The value has many elements and its type many members, so the two together are larger than a value may be.";
        return Err(Diagnostic::error("Value too large", detail).at(place.clone()).hint("leave members out of the type that are not used"));
    }
    let before = weight(&value);
    let converted = ty.convert(value);
    let after = converted.as_ref().map_or(0, weight);
    budget.weigh(after.saturating_sub(before), place)?;
    Ok(converted)
}

const DIVIDE: &str = "make the collections that it goes through smaller, or divide it into several stacks";

/// Refuses a value that is nested too deeply.
pub(crate) fn shallow(depth: usize, place: &Place) -> Result<(), Diagnostic> {
    if depth <= NESTING_LIMIT {
        return Ok(());
    }
    let detail = format!("The value is nested {depth} levels deep, and {NESTING_LIMIT} is as deep as a value may be.");
    Err(Diagnostic::error("Value nested too deeply", detail).at(place.clone()).hint("make it of fewer lists and objects within each other"))
}

impl Account {
    fn of(left: u64) -> Self {
        Self { left: AtomicU64::new(left), empty: OnceLock::new() }
    }

    fn copied(&self) -> Self {
        Self { left: AtomicU64::new(self.left.load(Relaxed)), empty: self.empty.clone() }
    }

    /// Takes so much; the error is where it was too much for the first time.
    fn take(&self, amount: u64, place: &Place) -> Result<(), Place> {
        let enough = self.empty.get().is_none() && self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(amount)).is_ok();
        if enough { Ok(()) } else { Err(self.empty.get_or_init(|| place.clone()).clone()) }
    }
}
