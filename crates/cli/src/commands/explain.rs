//! `lowtide explain`

use clap::{Args, ValueEnum};
use lowtide_diagnostic::Diagnostic;
use lowtide_model::Description;
use lowtide_report::{explain_attribute, explain_kind, kind_markdown, kinds_text};
use lowtide_spec::Schema;

use crate::{
    exit::Exit,
    shell::{Ended, Shell},
    workspace::unknown,
};

/// Explain a kind of resource, or one of its attributes.
#[derive(Debug, Args)]
pub struct Explain {
    /// The kind, such as aws_vpc, or an attribute, such as aws_vpc.cidr_block; a data source as data.aws_region. All kinds are listed
    /// when none is named.
    #[arg(value_name = "KIND[.ATTRIBUTE]")]
    what: Option<String>,

    /// How to write it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For the terminal.
    Text,
    /// For documentation; whole kinds only.
    Markdown,
}

impl Explain {
    pub fn run(self, shell: &Shell) -> Ended {
        let schema: Schema = lowtide_catalog::all().descriptions().copied().collect();
        let width = shell.console.width();
        let text = match (&self.what, self.format) {
            (None, Format::Text) => kinds_text(&schema),
            (None, Format::Markdown) => schema.kinds().chain(schema.data_sources()).map(kind_markdown).collect::<Vec<_>>().join("\n"),
            (Some(what), format) => {
                let (description, attribute) = find(&schema, what)?;
                match (attribute, format) {
                    (Some(attribute), _) => explain_attribute(description, attribute, width)?,
                    (None, Format::Text) => explain_kind(description, width),
                    (None, Format::Markdown) => kind_markdown(description),
                }
            }
        };
        shell.console.data(&text)?;
        Ok(Exit::Done)
    }
}

/// Finds a kind; what stands behind its name is an attribute of it.
fn find<'a>(schema: &'a Schema, what: &'a str) -> Result<(&'a Description, Option<&'a str>), Diagnostic> {
    let (data, path) = what.strip_prefix("data.").map_or((false, what), |path| (true, path));
    let (name, attribute) = path.split_once('.').map_or((path, None), |(name, attribute)| (name, Some(attribute)));
    let found = if data { schema.data(name) } else { schema.kind(name).or_else(|| schema.data(name)) };
    match found {
        Some(description) => Ok((description, attribute)),
        None => {
            let known: Vec<_> = schema.kinds().filter(|_| !data).chain(schema.data_sources()).map(|one| one.kind).collect();
            let mut wrong = unknown("Unknown kind", "There is no kind", name, &known);
            if !wrong.hints.iter().any(|hint| hint.starts_with("did you mean")) {
                wrong.hints = vec!["see what there is: lowtide explain".to_owned()];
            }
            Err(wrong)
        }
    }
}
