//! The attributes of a kind in one list, nested ones too, with what they have from the blocks they stand in.

use lowtide_model::Attribute;

/// One attribute by its path.
#[derive(Clone)]
pub struct Row {
    /// Its path: `root_block_device.volume_size`.
    pub path: String,
    /// What is said of it.
    pub attribute: &'static Attribute,
    /// Whether a change of it takes a new resource, by itself or by the block it stands in.
    pub replaces: bool,
    /// Whether AWS never shows it, or it only says how to go about an operation, by itself or by its block.
    pub unseen: bool,
    /// Whether the block it stands in says the same of replacing already.
    pub repeats: bool,
}

/// Returns attributes with all that are nested in them.
pub fn rows(attributes: &'static [Attribute]) -> Vec<Row> {
    let mut all = Vec::new();
    gather(attributes, None, &mut all);
    all
}

fn gather(attributes: &'static [Attribute], block: Option<&Row>, all: &mut Vec<Row>) {
    for attribute in attributes {
        let above = block.is_some_and(|block| block.replaces);
        let replaces = above || attribute.replaces || attribute.identity || attribute.parent;
        let row = Row {
            path: block.map_or_else(|| attribute.name.to_owned(), |block| format!("{}.{}", block.path, attribute.name)),
            attribute,
            replaces,
            unseen: block.is_some_and(|block| block.unseen) || attribute.unread || attribute.option,
            repeats: above,
        };
        gather(attribute.shape.block().unwrap_or_default(), Some(&row), all);
        all.push(row);
    }
}
