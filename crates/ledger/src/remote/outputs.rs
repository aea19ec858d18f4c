//! What a stack publishes, as a small object beside its snapshot, so that others need not read the whole state. The head names its hash:
//! one that is torn, older or another's is told.

use std::collections::BTreeMap;

use lowtide_state::{
    LedgerFault, OutputValue,
    format::{Outputs, Pointer},
};

use super::{
    archive,
    stack::Stack,
    view::{Tail, sha256, slots, snapshot_name},
    write::{find, put_object},
};

/// How its name ends; it begins as the snapshot's.
const ENDING: &str = ".outputs";

/// Returns whether an object beside the snapshots holds outputs.
pub(super) fn is_one(name: &str) -> bool {
    name.ends_with(ENDING)
}

/// Writes what a snapshot publishes, if that is anything. Returns what leads to both.
pub(super) async fn put(stack: &Stack, snapshot: Pointer, outputs: &BTreeMap<String, OutputValue>) -> Result<Pointer, LedgerFault> {
    if outputs.is_empty() {
        return Ok(snapshot);
    }
    let text = Outputs { snapshot: snapshot.sha256.clone(), outputs: outputs.clone() }.write();
    put_object(stack, &name(&snapshot), text.as_bytes()).await?;
    Ok(Pointer { outputs: Some(sha256(text.as_bytes())), ..snapshot })
}

/// Returns what a stack publishes, if its object says all; else only the whole state does.
pub(super) async fn read(stack: &Stack) -> Result<Option<BTreeMap<String, OutputValue>>, LedgerFault> {
    let Some(found) = find(stack).await? else { return Ok(None) };
    archive::check(stack, &found.head)?;
    let named = found.head.snapshot.as_ref().and_then(|pointer| Some((pointer, pointer.outputs.as_ref()?)));
    let Some((pointer, hash)) = named else { return Ok(None) };
    let mut tail = Tail::of(&found.head.journal);
    let slots = match slots(stack, found.head.journal.base).await {
        // The journal goes while it is read, or is damaged: who reads the whole state finds out.
        Err(LedgerFault::Damaged { .. }) => return Ok(None),
        slots => slots?,
    };
    for (_, bytes) in slots {
        // Results that no snapshot holds yet may be outputs.
        if tail.follow(&bytes).is_err() || !tail.lines.is_empty() {
            return Ok(None);
        }
    }
    let name = name(pointer);
    let bytes = stack.object(&name).await?;
    let is_still_so = find(stack).await?.is_some_and(|now| now.version == found.version) && tail.next >= found.head.journal.next;
    let Some(bytes) = bytes.filter(|_| is_still_so) else { return Ok(None) };
    if sha256(&bytes) != *hash {
        let why = "it is not what the head says it is; the state beside it says the same, and is read where this object is taken away";
        return Err(stack.damaged(&name, why));
    }
    Outputs::read(&bytes).map(|published| Some(published.outputs)).map_err(|error| error.at(stack.place(&name)))
}

fn name(snapshot: &Pointer) -> String {
    format!("{}{ENDING}", snapshot_name(snapshot))
}
