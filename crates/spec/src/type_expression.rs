//! Types as `variable.type` writes them: `list(object({ a = optional(string) }))`.

use std::collections::BTreeMap;

use lowtide_diagnostic::{Diagnostic, Place, nearest};
use lowtide_model::{Member, Type};

const NAMES: [&str; 9] = ["any", "bool", "number", "string", "list", "set", "map", "object", "tuple"];
const DEPTH: usize = 32;

/// Parses a type. `place` covers the text where `exact`, else the whole string.
///
/// # Errors
/// Returns what is no type, and what it should be.
pub fn parse(text: &str, place: &Place, exact: bool) -> Result<Type, Diagnostic> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let parsed = parser.ty().and_then(|ty| parser.end().map(|()| ty));
    parsed.map_err(|Wrong { at, length, detail, hint }| {
        let start = place.start + at;
        // One byte too many or too few is no place: it ends with a whole letter.
        let length = (length..length + 4).find(|length| text.is_char_boundary(at + length)).unwrap_or(length);
        let place =
            if exact { Place { source: place.source, start, end: (start + length).min(place.end.max(start)) } } else { place.clone() };
        Diagnostic::error("Invalid type", detail).at(place).hint(hint)
    })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

struct Wrong {
    at: usize,
    length: usize,
    detail: String,
    hint: String,
}

impl<'a> Parser<'a> {
    fn ty(&mut self) -> Result<Type, Wrong> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.wrong(0, format!("This type is nested more than {DEPTH} levels deep."), "simplify it".to_owned()));
        }
        let start = self.skip();
        let name = self.word();
        let ty = match name {
            "any" => Type::Any,
            "bool" => Type::Bool,
            "number" => Type::Number,
            "string" => Type::String,
            "list" => Type::List(Box::new(self.argument(start, name)?)),
            "set" => Type::Set(Box::new(self.argument(start, name)?)),
            "map" => Type::Map(Box::new(self.argument(start, name)?)),
            "object" => self.object()?,
            "tuple" => self.tuple()?,
            "optional" => {
                let hint = "write it inside an object: object({ a = optional(string) })".to_owned();
                return Err(Wrong { at: start, length: 8, detail: "`optional` is no type of its own.".to_owned(), hint });
            }
            other => return Err(unknown(start, other)),
        };
        self.depth -= 1;
        Ok(ty)
    }

    fn argument(&mut self, start: usize, name: &str) -> Result<Type, Wrong> {
        if !self.take('(') {
            let detail = format!("`{name}` needs the type of its elements.");
            return Err(Wrong { at: start, length: name.len(), detail, hint: format!("write {name}(string), or {name}(any)") });
        }
        let ty = self.ty()?;
        self.expect(')')?;
        Ok(ty)
    }

    fn object(&mut self) -> Result<Type, Wrong> {
        self.expect('(')?;
        self.expect('{')?;
        let mut members = BTreeMap::new();
        while !self.take('}') {
            let start = self.skip();
            let name = if self.take('"') {
                let name = self.word().to_owned();
                self.expect('"')?;
                name
            } else {
                self.word().to_owned()
            };
            if name.is_empty() {
                return Err(self.wrong(
                    1,
                    "The name of an attribute should stand here.".to_owned(),
                    "write object({ name = string })".to_owned(),
                ));
            }
            if !self.take(':') {
                self.expect('=')?;
            }
            let member = self.member()?;
            if members.insert(name.clone(), member).is_some() {
                let detail = format!("The attribute `{name}` stands in this object twice.");
                return Err(Wrong { at: start, length: name.len(), detail, hint: "remove one of them".to_owned() });
            }
            // Attributes may be told apart by lines alone.
            let before = self.at;
            if !self.take(',') && !self.text[before..self.at].contains('\n') && !self.text[self.at..].starts_with('}') {
                self.expect(',')?;
            }
        }
        self.expect(')')?;
        Ok(Type::Object(members))
    }

    fn member(&mut self) -> Result<Member, Wrong> {
        let start = self.skip();
        if !self.text[start..].starts_with("optional") {
            return Ok(Member { ty: self.ty()?, optional: false });
        }
        self.word();
        self.expect('(')?;
        let ty = self.ty()?;
        let at = self.skip();
        if self.take(',') {
            let detail = "A default of an optional attribute can't be given in this version.".to_owned();
            return Err(Wrong {
                at,
                length: 1,
                detail,
                hint: "write optional(TYPE), and coalesce(var.x.a, …) where it is used".to_owned(),
            });
        }
        self.expect(')')?;
        Ok(Member { ty, optional: true })
    }

    fn tuple(&mut self) -> Result<Type, Wrong> {
        self.expect('(')?;
        self.expect('[')?;
        let mut all = Vec::new();
        while !self.take(']') {
            all.push(self.ty()?);
            if !self.take(',') {
                self.expect(']')?;
                break;
            }
        }
        self.expect(')')?;
        Ok(Type::Tuple(all))
    }

    fn end(&mut self) -> Result<(), Wrong> {
        let at = self.skip();
        if at == self.text.len() {
            return Ok(());
        }
        let detail = "Something follows after the type.".to_owned();
        Err(Wrong { at, length: self.text.len() - at, detail, hint: "remove it".to_owned() })
    }

    fn skip(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at
    }

    fn word(&mut self) -> &'a str {
        let rest: &'a str = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn take(&mut self, letter: char) -> bool {
        self.skip();
        let taken = self.text[self.at..].starts_with(letter);
        self.at += if taken { letter.len_utf8() } else { 0 };
        taken
    }

    fn expect(&mut self, letter: char) -> Result<(), Wrong> {
        if self.take(letter) {
            return Ok(());
        }
        Err(self.wrong(
            1,
            format!("`{letter}` should stand here."),
            "types look like string, list(string) or object({ a = number })".to_owned(),
        ))
    }

    fn wrong(&self, length: usize, detail: String, hint: String) -> Wrong {
        Wrong { at: self.at.min(self.text.len()), length, detail, hint }
    }
}

fn unknown(at: usize, name: &str) -> Wrong {
    let detail = if name.is_empty() { "A type should stand here.".to_owned() } else { format!("`{name}` is no type.") };
    let hint = match (name, nearest(name, NAMES)) {
        ("int" | "integer" | "float" | "i64", _) => "did you mean `number`?".to_owned(),
        ("str" | "text", _) => "did you mean `string`?".to_owned(),
        ("array" | "dict", _) => "did you mean `list(…)` or `map(…)`?".to_owned(),
        ("", _) | (_, None) => format!("types are: {}", NAMES.join(", ")),
        (_, Some(meant)) => format!("did you mean `{meant}`?"),
    };
    Wrong { at, length: name.len(), detail, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Type, Diagnostic> {
        parse(text, &Place::new(0, 0..text.len()), true)
    }

    #[test]
    fn types_read_as_they_print() {
        for text in ["any", "list(string)", "map(set(number))", "object({ a = optional(string), b = list(any) })", "tuple([bool, string])"]
        {
            assert_eq!(read(text).map(|ty| ty.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(
            read("object({\n a = string\n b = bool\n})").map(|ty| ty.to_string()),
            Ok("object({ a = string, b = bool })".to_owned())
        );
    }

    #[test]
    fn what_is_no_type_is_pointed_at() {
        for (text, span, hint) in [
            ("strin", 0..5, "did you mean `string`?"),
            ("list(int)", 5..8, "did you mean `number`?"),
            ("list", 0..4, "write list(string), or list(any)"),
            ("string x", 7..8, "remove it"),
            ("", 0..0, "types are: any, bool, number, string, list, set, map, object, tuple"),
            ("object({a=string", 16..16, "types look like string, list(string) or object({ a = number })"),
        ] {
            let wrong = read(text).expect_err(text);
            assert_eq!(wrong.place.map(|place| place.span()), Some(span), "{text}");
            assert_eq!(wrong.hints, [hint], "{text}");
        }
        assert!(read(&"list(".repeat(1000)).is_err());
    }
}
