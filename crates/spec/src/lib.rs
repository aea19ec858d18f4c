//! TOML text with places → checked configuration; and the expression language inside its strings.

pub mod expression;
