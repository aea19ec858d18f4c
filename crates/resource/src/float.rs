//! Between exact numbers and the floats that SDKs want. Both are written in decimal on the wire.

use lowtide_model::Number;

use crate::Fault;

/// Returns a number as an SDK takes it.
///
/// # Errors
/// When there is no float for it.
pub fn to_float(number: Number) -> Result<f64, Fault> {
    number.to_string().parse().map_err(|_| Fault::ours(&format!("{number} has too many digits")))
}

/// Returns a number of an SDK exactly; `None` for what is no number.
pub fn from_float(float: f64) -> Option<Number> {
    float.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_changes_nothing() {
        for text in ["0", "80", "0.1", "99.95", "-3.25", "1000000000000"] {
            let number: Number = text.parse().expect("a number");
            assert_eq!(to_float(number).ok().and_then(from_float), Some(number), "{text}");
        }
        assert_eq!(from_float(f64::NAN), None);
    }
}
