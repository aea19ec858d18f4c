//! Specs of any size: resources in layers, each refers to two of the layer before, of a kind that calls nothing.

use std::{fmt::Write as _, fs, io, path::Path};

/// How many layers there are.
pub const LAYERS: usize = 10;

/// The name of the stack, and of the folder with its spec.
pub const STACK: &str = "synthetic";

/// Writes a project of about so many resources into a folder: a file for each layer.
///
/// # Errors
/// When a file can't be written.
pub fn write(folder: &Path, count: usize) -> io::Result<()> {
    let spec = folder.join(STACK);
    fs::create_dir_all(&spec)?;
    fs::write(folder.join("lowtide.toml"), format!("[project]\nname = \"bench\"\n\n[stacks.{STACK}]\nspec = \"{STACK}\"\n"))?;
    (0..LAYERS).try_for_each(|layer| fs::write(spec.join(format!("layer_{layer}.toml")), text(layer, width(count))))
}

/// Returns how many resources a layer has where there are so many in all.
pub fn width(count: usize) -> usize {
    count.div_ceil(LAYERS).max(1)
}

/// Returns the text of one layer.
fn text(layer: usize, width: usize) -> String {
    let mut text = String::new();
    for place in 0..width {
        let _ = writeln!(text, "[resource.terraform_data.node_{layer}_{place}]\n{}", input(layer, place, width));
    }
    text
}

/// What a resource is given: its own name, and the ids of two of the layer before.
fn input(layer: usize, place: usize, width: usize) -> String {
    let name = format!("name = \"node {place} of layer {layer}\"");
    let Some(before) = layer.checked_sub(1) else { return format!("input = {{ {name} }}\n") };
    // The second is far from the first, so that neighbours share nothing.
    let (left, right) = (place, (place * 7 + 3) % width);
    let id = |of: usize| format!("\"${{terraform_data.node_{before}_{of}.id}}\"");
    format!("input = {{ {name}, left = {}, right = {} }}\n", id(left), id(right))
}
