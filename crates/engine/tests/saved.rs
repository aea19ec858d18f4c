//! Plan files that somebody else wrote, or that were damaged: refused in words, or read as what they say.

use lowtide_engine::SavedPlan;
use proptest::{prelude::*, sample::Index};
use serde_json::{Value as Json, json};

fn good() -> Json {
    json!({
        "lowtide_plan": 1, "version": "0.1.0", "project": "shop", "environment": "dev",
        "texts": { "lowtide.toml": "00ff" }, "variables": { "size": "2" }, "withheld": ["password"], "variable_files": ["dev.toml"],
        "destroy": false, "targets": ["aws_vpc.main"], "excludes": ["aws_subnet.app[\"a\"]"], "replace": ["aws_eip.nat[0]"],
        "stacks": [{
            "stack": "base", "lineage": "1d2", "serial": 7, "state_hash": "ff", "account": "123456789012", "region": "us-west-2",
            "fingerprint": "00"
        }],
    })
}

/// Reads a text. What is refused is so in words; what is read has options, or says why not.
fn digest(text: &str) -> Result<(), TestCaseError> {
    let words = match SavedPlan::parse(text) {
        Ok(saved) => saved.options().err(),
        Err(refused) => Some(refused),
    };
    let said = words.is_none_or(|words| !words.detail.is_empty());
    prop_assert!(said);
    Ok(())
}

#[test]
fn a_plan_file_is_read_and_what_is_none_is_refused() {
    assert!(SavedPlan::parse(&good().to_string()).expect("a plan").options().is_ok());
    let mut newer = good();
    newer["lowtide_plan"] = json!(99);
    for (text, summary) in [
        ("", "No plan file"),
        ("{}", "No plan file"),
        ("{\"lowtide_plan\":1}", "Damaged plan file"),
        (&newer.to_string(), "Plan of a newer version"),
    ] {
        assert_eq!(SavedPlan::parse(text).expect_err("none").summary, summary);
    }
}

proptest! {
    #[test]
    fn no_damage_breaks_the_reader(at in any::<Index>(), byte in 0..128u8, length in any::<Index>()) {
        let text = good().to_string();
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        digest(&String::from_utf8(bytes).expect("ASCII"))?;
        digest(&text[..length.index(text.len())])?;
    }

    #[test]
    fn no_odd_value_breaks_the_reader(which in any::<Index>(), text in any::<String>(), number in any::<i64>()) {
        let names: Vec<String> = good().as_object().expect("an object").keys().cloned().collect();
        for odd in [Json::Null, json!([]), json!({}), json!(number), json!(text), json!([text]), json!([{ "stack": text }]), json!(["a\u{1b}[2J"])] {
            let mut plan = good();
            plan[which.get(&names)] = odd;
            digest(&plan.to_string())?;
        }
    }
}
