//! `#[derive(Model)]`: a table of attributes and two passages, nothing else.
//!
//! A new fact gets a field in `facts::Facts`, an arm in its parser, and a member of `lowtide_model::Attribute`.

mod facts;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Expr, Fields, Lit, Meta, parse_macro_input, spanned::Spanned};

use crate::facts::Facts;

/// Derives `Model` and `Leaf` for a struct with named, documented fields; `#[attr(…)]` states facts about a field.
#[proc_macro_derive(Model, attributes(attr))]
pub fn model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(input: &DeriveInput) -> syn::Result<Tokens> {
    let named = || syn::Error::new(input.span(), "Model is for structs with named fields");
    let Data::Struct(data) = &input.data else { return Err(named()) };
    let fields = match &data.fields {
        Fields::Named(fields) => fields.named.iter().collect::<Vec<_>>(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => return Err(named()),
    };
    let ty = &input.ident;
    let whole = doc(&input.attrs);
    let (mut rows, mut takes, mut puts) = (vec![], vec![], vec![]);
    for field in fields {
        let name = field.ident.as_ref().ok_or_else(named)?;
        // `self` can't be a raw identifier: the field is `self_`.
        let text = name.to_string().trim_start_matches("r#").trim_end_matches('_').to_owned();
        let kind = &field.ty;
        let doc = doc(&field.attrs);
        if doc.is_empty() {
            return Err(syn::Error::new(field.span(), format!("`{text}` has no doc comment: it is what users read")));
        }
        let facts = Facts::of(field)?;
        let (row, default) = (facts.row(kind), facts.default_value());
        rows.push(quote!(::lowtide_model::Attribute { name: #text, doc: #doc, #row ..::lowtide_model::Attribute::PLAIN }));
        takes.push(quote!(#name: object.take(#text, #default)?));
        puts.push(quote!(object.put(#text, self.#name);));
    }
    Ok(quote! {
        impl ::lowtide_model::Model for #ty {
            const DOC: &'static str = #whole;
            const ATTRIBUTES: &'static [::lowtide_model::Attribute] = &[#(#rows),*];
            fn from_object(object: &::lowtide_model::Object) -> ::core::result::Result<Self, ::lowtide_model::Unfit> {
                let _ = object;
                Ok(Self { #(#takes),* })
            }
            #[allow(unused_mut)]
            fn into_object(self) -> ::lowtide_model::Object {
                let mut object = ::lowtide_model::Object::default();
                #(#puts)*
                object
            }
        }
        impl ::lowtide_model::Leaf for #ty {
            const SHAPE: ::lowtide_model::Shape = ::lowtide_model::Shape::Block(<Self as ::lowtide_model::Model>::ATTRIBUTES);
            fn from_value(value: &::lowtide_model::Value) -> ::core::result::Result<Self, ::lowtide_model::Unfit> {
                let members = value.as_members().ok_or(::lowtide_model::Unfit::wanted("a block"))?;
                ::lowtide_model::Model::from_object(&::lowtide_model::Object(members.clone()))
            }
            fn into_value(self) -> ::lowtide_model::Value {
                ::lowtide_model::Value::Object(::lowtide_model::Model::into_object(self).0)
            }
        }
    })
}

/// Joins the lines of a doc comment; an empty line stays a paragraph.
fn doc(attrs: &[syn::Attribute]) -> String {
    let line = |attr: &syn::Attribute| match &attr.meta {
        Meta::NameValue(pair) if attr.path().is_ident("doc") => match &pair.value {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let lines: Vec<_> = attrs.iter().filter_map(line).map(|line| if line.is_empty() { "\n\n".to_owned() } else { line }).collect();
    lines.join(" ").replace(" \n\n ", "\n\n")
}
