//! What Lambda would refuse of a function, said while planning.

use lowtide_model::{Complaint, PlannedObject};

/// The code comes from one place, which goes with the type of package.
pub fn code(wish: &PlannedObject) -> Vec<Complaint> {
    let has = |name: &str| wish.get(name).is_some();
    let image = wish.text("package_type") == Some("Image");
    let mut all = Vec::new();
    if image && !has("image_uri") {
        all.push(Complaint::about("image_uri", "A function of type `Image` runs an image; which one is missing."));
    }
    if !image && has("image_uri") {
        all.push(Complaint::about("image_uri", "An image goes with the type `Image`.").hint("write package_type = \"Image\""));
    }
    if !image && wish.get("package_type").is_none_or(|kind| kind.as_str() == Some("Zip")) {
        let from_bucket = ["s3_bucket", "s3_key"].into_iter().filter(|_| !has("filename"));
        for name in from_bucket.chain(["handler", "runtime"]) {
            if !has(name) && !has("image_uri") {
                let wrong = Complaint::about(name, format!("A function of type `Zip` wants `{name}`."));
                all.push(if name == "s3_bucket" { wrong.hint("or name a file of the project: filename = \"code.zip\"") } else { wrong });
            }
        }
        if has("filename") {
            let twice = ["s3_bucket", "s3_key", "s3_object_version"].into_iter().filter(|name| has(name));
            all.extend(
                twice.map(|name| Complaint::about(name, format!("The code comes from a file or from a bucket: `{name}` is of the other."))),
            );
        }
    }
    all
}

/// What an image brings itself can't be said beside it.
pub fn image(wish: &PlannedObject) -> Vec<Complaint> {
    let image = wish.text("package_type") == Some("Image");
    let own = ["handler", "runtime", "layers", "filename", "s3_bucket", "s3_key", "s3_object_version"];
    let mut all = Vec::new();
    if image {
        let given = own.into_iter().filter(|name| wish.get(name).is_some());
        all.extend(given.map(|name| Complaint::about(name, format!("An image brings its own `{name}`.")).hint("leave it out")));
    } else if wish.get("image_config").is_some() && wish.text("package_type").is_some() {
        all.push(Complaint::about("image_config", "Settings of an image go with the type `Image`."));
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Planned, Value};

    use super::*;

    fn wish(pairs: &[(&str, &str)]) -> PlannedObject {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Planned::from(Value::from(*value)))).collect()
    }

    #[test]
    fn code_goes_with_its_type() {
        assert_eq!(code(&wish(&[("package_type", "Image"), ("image_uri", "x")])), []);
        assert_eq!(code(&wish(&[("package_type", "Zip"), ("s3_bucket", "b"), ("s3_key", "k"), ("handler", "h"), ("runtime", "r")])), []);
        assert_eq!(code(&wish(&[("package_type", "Image")])).len(), 1);
        assert_eq!(code(&wish(&[("package_type", "Zip")])).len(), 4);
        let file = [("package_type", "Zip"), ("filename", "f"), ("handler", "h"), ("runtime", "r")];
        assert_eq!(code(&wish(&file)), []);
        assert_eq!(code(&wish(&[&file[..], &[("s3_key", "k")]].concat())).len(), 1);
        assert_eq!(image(&wish(&[("package_type", "Image"), ("handler", "h")])).len(), 1);
    }
}
