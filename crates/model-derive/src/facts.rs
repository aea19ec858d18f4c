//! The facts that `#[attr(…)]` states about a field.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Expr, ExprArray, ExprRange, Field, Lit, LitStr, RangeLimits, Type, meta::ParseNestedMeta};

const KNOWN: &str = "expected `replaces`, `identity`, `parent`, `computed`, `removed`, `option`, `secret`, `unread`, `key`, `open`, `filled`, \
                     `default`, `fresh`, `range`, `one_of`, `refers`, `owned_elsewhere`, `predict`, `renewed_by`, `upgraded_by`, `grows_to`, `chooses`, `one_way` or `file`";

/// Facts that are a text.
const TEXTS: [&str; 6] = ["refers", "owned_elsewhere", "predict", "upgraded_by", "grows_to", "chooses"];

/// What one field states.
#[derive(Default)]
pub struct Facts {
    flags: Vec<String>,
    default: Option<Expr>,
    fresh: Option<Tokens>,
    removed: Option<Tokens>,
    range: Option<(Tokens, Tokens)>,
    one_of: Option<ExprArray>,
    renewed_by: Option<ExprArray>,
    one_way: Option<Expr>,
    file: Option<Expr>,
    texts: Vec<(&'static str, LitStr)>,
}

impl Facts {
    /// Reads the facts of a field.
    pub fn of(field: &Field) -> syn::Result<Self> {
        let mut facts = Self::default();
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("attr")) {
            attribute.parse_nested_meta(|meta| facts.read(&meta))?;
        }
        Ok(facts)
    }

    fn read(&mut self, meta: &ParseNestedMeta) -> syn::Result<()> {
        let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        match name.as_str() {
            "replaces" | "identity" | "parent" | "option" | "secret" | "unread" | "key" | "open" | "filled" => self.flags.push(name),
            "computed" => self.removed = Some(quote!(Keep)),
            "removed" => self.removed = Some(removed(&meta.value()?.parse()?)?),
            "default" => self.default = Some(meta.value()?.parse()?),
            "fresh" => self.fresh = Some(fresh(&meta.value()?.parse()?)?),
            "range" => self.range = Some(range(meta.value()?.parse()?)?),
            "one_of" => self.one_of = Some(meta.value()?.parse()?),
            "renewed_by" => self.renewed_by = Some(meta.value()?.parse()?),
            "one_way" => self.one_way = Some(meta.value()?.parse()?),
            "file" => self.file = Some(meta.value()?.parse()?),
            _ => match TEXTS.iter().find(|text| **text == name) {
                Some(text) => self.texts.push((text, meta.value()?.parse()?)),
                None => return Err(meta.error(KNOWN)),
            },
        }
        Ok(())
    }

    /// Returns the members of `Attribute` that differ from a plain one.
    pub fn row(&self, ty: &Type) -> Tokens {
        let mut row = quote!();
        let shape = quote!(<#ty as ::lowtide_model::Leaf>::SHAPE);
        row.extend(if self.flags.iter().any(|flag| flag == "filled") {
            quote!(shape: ::lowtide_model::Shape::FilledJson,)
        } else {
            quote!(shape: #shape,)
        });
        row.extend(match &self.default {
            Some(default) => {
                let literal = literal(default);
                quote!(need: ::lowtide_model::Need::Default(#literal),)
            }
            None => quote!(need: if <#ty as ::lowtide_model::Leaf>::OPTIONAL { ::lowtide_model::Need::Optional } else { ::lowtide_model::Need::Required },),
        });
        for flag in self.flags.iter().filter(|flag| *flag != "filled") {
            let name = syn::Ident::new(flag, proc_macro2::Span::call_site());
            row.extend(quote!(#name: true,));
        }
        if let Some(removed) = &self.removed {
            row.extend(quote!(removed: ::lowtide_model::Removed::#removed,));
        }
        if let Some(fresh) = &self.fresh {
            row.extend(quote!(fresh: Some(#fresh),));
        }
        if let Some((low, high)) = &self.range {
            row.extend(quote!(range: Some((#low, #high)),));
        }
        if let Some(words) = &self.one_of {
            row.extend(quote!(one_of: &#words,));
        }
        if let Some(words) = &self.renewed_by {
            row.extend(quote!(renewed_by: &#words,));
        }
        if let Some(words) = &self.one_way {
            row.extend(quote!(one_way: Some(#words),));
        }
        if let Some(file) = &self.file {
            row.extend(quote!(file: Some(#file),));
        }
        for (name, text) in &self.texts {
            let name = syn::Ident::new(name, text.span());
            row.extend(quote!(#name: Some(#text),));
        }
        row
    }

    /// Returns the default as the expression that `take` wants.
    pub fn default_value(&self) -> Tokens {
        match &self.default {
            None => quote!(None),
            Some(Expr::Lit(lit)) if matches!(lit.lit, Lit::Str(_)) => quote!(Some(#lit.into())),
            Some(other) => quote!(Some(#other)),
        }
    }
}

fn literal(value: &Expr) -> Tokens {
    match value {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Bool(value) => quote!(::lowtide_model::Literal::Bool(#value)),
            Lit::Str(text) => quote!(::lowtide_model::Literal::Str(#text)),
            other => quote!(::lowtide_model::Literal::Int(#other)),
        },
        other => quote!(::lowtide_model::Literal::Int(#other)),
    }
}

fn fresh(value: &Expr) -> syn::Result<Tokens> {
    match value {
        Expr::Array(array) if array.elems.is_empty() => Ok(quote!(::lowtide_model::Fresh::Empty)),
        Expr::Lit(_) => {
            let literal = literal(value);
            Ok(quote!(::lowtide_model::Fresh::Value(#literal)))
        }
        other => Err(syn::Error::new_spanned(other, "a fresh value is `[]` or a literal")),
    }
}

fn removed(word: &LitStr) -> syn::Result<Tokens> {
    match word.value().as_str() {
        "clear" => Ok(quote!(Clear)),
        "keep" => Ok(quote!(Keep)),
        "replaces" => Ok(quote!(Replaces)),
        _ => Err(syn::Error::new_spanned(word, "expected \"clear\", \"keep\" or \"replaces\"")),
    }
}

fn range(range: ExprRange) -> syn::Result<(Tokens, Tokens)> {
    match (range.start, range.limits, range.end) {
        (Some(low), RangeLimits::Closed(_), Some(high)) => Ok((quote!(#low), quote!(#high))),
        (start, limits, end) => Err(syn::Error::new_spanned(quote!(#start #limits #end), "a range has two ends, both included: `1..=9`")),
    }
}
