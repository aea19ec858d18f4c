//! Words of AWS without the secrets that were sent to it: a refusal may repeat what it refuses.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::STANDARD};
use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Attribute, Planned, PlannedObject, Value};
use lowtide_plan::{Event, Listener};

/// Shorter ones stand in ordinary words by chance.
const SHORTEST: usize = 6;
/// What stands in their place.
const VEIL: &str = "(sensitive)";

/// Every secret that this run has sent, in each form in which an answer may repeat it.
#[derive(Clone, Default)]
pub struct Veil(Arc<Mutex<Vec<String>>>);

impl Veil {
    /// Remembers what is sensitive in a wish, by its marks and by its kind's inputs.
    pub fn learn(&self, inputs: &[Attribute], wish: &PlannedObject) {
        let mut found = Vec::new();
        for (name, value) in wish.iter() {
            let secret = inputs.iter().any(|row| row.name == name && row.secret);
            sensitive_texts(value, secret, &mut found);
        }
        let mut known = self.known();
        known.extend(found.iter().flat_map(|text| forms(text)));
        // A longer one may hold a shorter one.
        known.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        known.dedup();
    }

    /// Returns a text without them.
    pub fn over(&self, text: &str) -> String {
        self.known().iter().fold(text.to_owned(), |text, secret| if text.contains(secret) { text.replace(secret, VEIL) } else { text })
    }

    /// Returns a diagnostic whose words are without them.
    pub fn over_diagnostic(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.detail = self.over(&diagnostic.detail);
        diagnostic
            .hints
            .iter_mut()
            .chain(diagnostic.related.iter_mut().map(|(_, words)| words))
            .for_each(|words| *words = self.over(words));
        diagnostic
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        // What panicked while it held this had at most not learned all.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears events without secrets in them, and passes them on.
pub struct Veiled {
    /// What is taken out.
    pub veil: Veil,
    /// Who hears the rest.
    pub listener: Arc<dyn Listener>,
}

impl Listener for Veiled {
    fn hear(&self, event: &Event) {
        match event {
            Event::Retrying { step, fault, attempt } => {
                self.listener.hear(&Event::Retrying { step: *step, fault: self.veil.over(fault), attempt: *attempt });
            }
            Event::Waiting { step, reason, elapsed } => {
                self.listener.hear(&Event::Waiting { step: *step, reason: self.veil.over(reason), elapsed: *elapsed });
            }
            // Why something failed or stays has been veiled where it was told.
            other => self.listener.hear(other),
        }
    }
}

fn sensitive_texts(value: &Planned, secret: bool, found: &mut Vec<String>) {
    let secret = secret || value.sensitive;
    if secret {
        value.known().iter().for_each(|value| texts(value, found));
    }
    value.children().for_each(|child| sensitive_texts(child, secret, found));
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.to_string()),
        Value::Number(number) => found.push(number.to_string()),
        _ => {}
    }
}

/// Returns a secret as it is, as JSON has it, in base64, and as a form or URL has it.
fn forms(text: &str) -> Vec<String> {
    let quoted = serde_json::Value::from(text).to_string();
    let escaped = quoted[1..quoted.len() - 1].to_owned();
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let mut all = vec![text.to_owned(), escaped, STANDARD.encode(text), encoded.replace('+', "%20"), encoded];
    all.extend(text.lines().filter(|line| *line != text).map(|line| line.trim().to_owned()));
    all.retain(|form| form.len() >= SHORTEST);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil() -> Veil {
        let inputs = [Attribute { name: "password", secret: true, ..Attribute::PLAIN }];
        let wish: PlannedObject = [
            ("password", Planned::text("hunter2 \"x\" & co")),
            ("note", Planned::list([Planned::text("c4n4ry").marked(true), Planned::text("plain words")])),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        let veil = Veil::default();
        veil.learn(&inputs, &wish);
        veil
    }

    #[test]
    fn a_secret_is_taken_out_in_every_form() {
        for repeated in [
            "'hunter2 \"x\" & co' is too short",
            r#"{"password": "hunter2 \"x\" & co"}"#,
            "aHVudGVyMiAieCIgJiBjbw==",
            "password=hunter2+%22x%22+%26+co",
            "password=hunter2%20%22x%22%20%26%20co",
            "c4n4ry",
        ] {
            let told = veil().over(repeated);
            assert!(told.contains(VEIL) && !told.contains("hunter2") && !told.contains("c4n4ry") && !told.contains("aHVu"), "{told}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        assert_eq!(veil().over("plain words, hunter, c4n4r"), "plain words, hunter, c4n4r");
    }

    #[test]
    fn words_and_hints_of_a_diagnostic_are_veiled() {
        let told = veil().over_diagnostic(Diagnostic::error("Refused", "AWS says: c4n4ry").hint("take c4n4ry away"));
        assert_eq!((told.detail.as_str(), told.hints), ("AWS says: (sensitive)", vec!["take (sensitive) away".to_owned()]));
    }
}
