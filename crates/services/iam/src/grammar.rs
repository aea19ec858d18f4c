//! What IAM would refuse of a policy document, said while planning; parts that are not known yet count as fitting.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language" and the pages on its elements; for the sizes "IAM and AWS STS
//! quotas".

use std::collections::BTreeSet;

use lowtide_model::{Complaint, Content, Path, Planned, PlannedObject, Policy, Step};

/// What a policy is for, which decides what its statements need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It says what whoever has it may do.
    Permissions,
    /// It says who may take on a role.
    Trust,
}

const TOP: [&str; 3] = ["Version", "Id", "Statement"];
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];
const ELEMENTS: [&str; 9] = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
const PAIRS: [(&str, &str); 3] = [("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")];

/// Checks the document that an attribute holds.
pub fn check(wish: &PlannedObject, attribute: &str, what: Use) -> Vec<Complaint> {
    let Some(document) = wish.get(attribute).filter(|document| !document.is_unknown()) else { return Vec::new() };
    let Some(members) = document.as_members() else {
        return vec![Complaint::about(attribute, "This is no policy document: a policy document is a JSON object.")];
    };
    let mut found = Found { document: Path::of(attribute), all: Vec::new() };
    for name in members.keys().filter(|name| !TOP.contains(&name.as_str())) {
        found.say(&[name], format!("A policy document has no `{name}`: it has {}.", TOP.join(", ")), nearest(name, &TOP));
    }
    if let Some(version) = members.get("Version").and_then(Planned::as_str).filter(|version| !VERSIONS.contains(version)) {
        let hint = Some("write Version = \"2012-10-17\"".to_owned());
        found.say(&["Version"], format!("There is no version `{version}` of the policy language."), hint);
    }
    let statements = statements(document);
    if statements.is_empty() && members.get("Statement").is_none_or(|statement| !statement.is_unknown()) {
        found.say(&["Statement"], "The policy has no statement, so that IAM refuses it.".to_owned(), None);
    }
    let mut sids = BTreeSet::new();
    for (number, statement) in statements.iter().enumerate() {
        let place = Path::of(attribute).then(Step::Name("Statement".to_owned())).then(Step::Index(number));
        let mut within = Found { document: place, all: Vec::new() };
        within.statement(number, statement, what, &mut sids);
        found.all.extend(within.all);
    }
    found.all
}

/// Checks how long a document is, spaces not counted.
pub fn size(wish: &PlannedObject, attribute: &str, most: usize, hint: &str) -> Vec<Complaint> {
    let Some(document) = wish.get(attribute).and_then(Planned::known) else { return Vec::new() };
    let length = Policy(document).text().chars().filter(|letter| !letter.is_whitespace()).count();
    if length <= most {
        return Vec::new();
    }
    let detail = format!("The policy has {length} characters, and IAM takes {most}, spaces not counted.");
    vec![Complaint::about(attribute, detail).hint(hint)]
}

/// Returns the statements of a document, of which there may be one without a list.
fn statements(document: &Planned) -> Vec<&Planned> {
    let statement = document.as_members().and_then(|members| members.get("Statement"));
    match statement {
        Some(Planned { content: Content::List(all) | Content::Set(all), .. }) => all.iter().collect(),
        Some(one) if !one.is_null() && !one.is_unknown() => vec![one],
        Some(_) | None => Vec::new(),
    }
}

/// What was found wrong with a document, or a part of it.
struct Found {
    document: Path,
    all: Vec<Complaint>,
}

impl Found {
    /// Says what is wrong with a member.
    fn say(&mut self, member: &[&str], detail: String, hint: Option<String>) {
        let path = member.iter().fold(self.document.clone(), |path, name| path.then(Step::Name((*name).to_owned())));
        self.all.push(Complaint { hint, ..Complaint::at(path, detail) });
    }

    fn statement<'s>(&mut self, number: usize, statement: &'s Planned, what: Use, sids: &mut BTreeSet<&'s str>) {
        if statement.is_unknown() {
            return;
        }
        let Some(members) = statement.as_members() else {
            self.say(&[], format!("Statement {} of the policy is no JSON object.", number + 1), None);
            return;
        };
        let get = |name: &str| members.get(name).filter(|value| !value.is_null());
        let sid = get("Sid").and_then(Planned::as_str);
        let called = sid.map_or_else(|| format!("Statement {} of the policy", number + 1), |sid| format!("Statement `{sid}`"));
        for name in members.keys().filter(|name| !ELEMENTS.contains(&name.as_str())) {
            self.say(&[name], format!("{called} has `{name}`, which IAM does not know."), nearest(name, &ELEMENTS));
        }
        if let Some(sid) = sid {
            self.sid(sid, sids);
        }
        self.effect(&called, get("Effect"));
        for (one, other) in PAIRS.into_iter().filter(|(one, other)| get(one).is_some() && get(other).is_some()) {
            self.say(&[other], format!("{called} has both `{one}` and `{other}`, which exclude each other."), None);
        }
        let missing = |(one, other): (&str, &str)| get(one).is_none() && get(other).is_none();
        let [whom, action, resource] = PAIRS;
        if missing(action) {
            self.say(&[], format!("{called} has neither `Action` nor `NotAction`, so that IAM refuses it."), None);
        }
        self.words(&called, action, &get, is_action, "\"s3:GetObject\", or \"*\" for all");
        match what {
            Use::Permissions => {
                if !missing(whom) {
                    let detail = "names a `Principal`, but whom the policy is about follows from what it is attached to.";
                    self.say(&[whom.0], format!("{called} {detail}"), Some("take `Principal` out".to_owned()));
                }
                if missing(resource) {
                    let detail = "has neither `Resource` nor `NotResource`, so that IAM refuses it.";
                    self.say(&[], format!("{called} {detail}"), Some("write Resource = \"*\" for all resources".to_owned()));
                }
                self.words(&called, resource, &get, is_resource, "an ARN, or \"*\" for all");
            }
            Use::Trust => {
                if missing(whom) {
                    self.say(&[], format!("{called} has no `Principal`: who may take on the role."), None);
                }
                if !missing(resource) {
                    let detail = "names resources, but a trust policy is about the role itself.";
                    let hint = "take `Resource` out, or put the statement in an aws_iam_role_policy";
                    self.say(&[resource.0], format!("{called} {detail}"), Some(hint.to_owned()));
                }
            }
        }
    }

    fn sid<'s>(&mut self, sid: &'s str, sids: &mut BTreeSet<&'s str>) {
        if !sid.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            self.say(&["Sid"], format!("The `Sid` of a statement has letters and digits only, and this is `{sid}`."), None);
        }
        if !sids.insert(sid) {
            let hint = "give each a `Sid` of its own, or none";
            self.say(&["Sid"], format!("Two statements have the `Sid` `{sid}`."), Some(hint.to_owned()));
        }
    }

    fn effect(&mut self, called: &str, effect: Option<&Planned>) {
        match effect.map(|effect| (effect.is_unknown(), effect.as_str())) {
            Some((true, _) | (false, Some("Allow" | "Deny"))) => {}
            Some((false, _)) => {
                self.say(&["Effect"], format!("{called} has an `Effect` that is neither `Allow` nor `Deny`, so written."), None);
            }
            None => self.say(&[], format!("{called} has no `Effect`: `Allow` or `Deny`."), None),
        }
    }

    /// Checks the texts of a member and its opposite, as far as they are known.
    fn words<'s>(
        &mut self,
        called: &str,
        (one, other): (&str, &str),
        get: &dyn Fn(&str) -> Option<&'s Planned>,
        fits: fn(&str) -> bool,
        form: &str,
    ) {
        for (name, value) in [one, other].into_iter().filter_map(|name| Some((name, get(name)?))) {
            let texts: Vec<_> = value.as_elements().map_or_else(|| vec![value], |all| all.iter().collect());
            for text in texts.into_iter().filter_map(Planned::as_str).filter(|text| !fits(text)) {
                self.say(
                    &[name],
                    format!("{called} has `{text}` in its `{name}`, which IAM does not take."),
                    Some(format!("write it like {form}")),
                );
            }
        }
    }
}

/// `SERVICE:ACTION` or `*`.
fn is_action(text: &str) -> bool {
    let of_service = |(service, action): (&str, &str)| {
        !service.is_empty() && !action.is_empty() && service.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    text == "*" || text.split_once(':').is_some_and(of_service)
}

/// An ARN, or what stands for all or some of them.
fn is_resource(text: &str) -> bool {
    text == "*" || text.starts_with("arn:") || text.starts_with("${") || text.starts_with('*')
}

fn nearest(name: &str, among: &[&str]) -> Option<String> {
    among.iter().find(|known| known.eq_ignore_ascii_case(name)).map(|known| format!("write `{known}`"))
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Type, Value};

    use super::*;

    fn said(json: &str, what: Use) -> Vec<String> {
        let value = Value::from_json(&serde_json::from_str(json).expect("JSON")).expect("a value");
        let wish = [("policy".to_owned(), Planned::from(value))].into_iter().collect();
        check(&wish, "policy", what).into_iter().map(|one| one.detail).collect()
    }

    #[test]
    fn what_iam_takes_is_quiet() {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": ["s3:Get*", "*"], "Resource": ["arn:aws:s3:::a/${aws:username}", "*"]},
            {"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:iam::*:role/a", "Condition": {"Bool": {"aws:SecureTransport": false}}}]}"#;
        assert_eq!(said(policy, Use::Permissions), Vec::<String>::new());
        let trust =
            r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}}"#;
        assert_eq!(said(trust, Use::Trust), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_known_fits() {
        let statement =
            [("Effect", Planned::text("Allow")), ("Action", Planned::unknown(Type::Any)), ("Resource", Planned::unknown(Type::String))];
        let statement = Planned::object(statement.map(|(name, value)| (name.to_owned(), value)));
        let document = |statement| Planned::object([("Statement".to_owned(), statement)]);
        for document in [Planned::unknown(Type::String), document(Planned::list([statement])), document(Planned::unknown(Type::Any))] {
            let wish = [("policy".to_owned(), document)].into_iter().collect();
            assert_eq!(check(&wish, "policy", Use::Permissions), []);
        }
    }

    #[test]
    fn spaces_do_not_count() {
        let wish = |words: usize| {
            let sid = Planned::text("a ".repeat(words));
            [("policy".to_owned(), Planned::object([("Statement".to_owned(), sid)]))].into_iter().collect::<PlannedObject>()
        };
        assert_eq!(size(&wish(6000), "policy", 6144, "split it"), []);
        assert_eq!(size(&wish(6200), "policy", 6144, "split it").len(), 1);
    }
}
