//! The history of a state: its snapshots, each bound to the one before it by that one's hash.

use crate::{
    Author,
    format::{Document, Snapshot},
};

/// A snapshot in the history of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name it is kept under.
    pub name: String,
    /// Its serial.
    pub serial: u64,
    /// Its hash; plans bind to it.
    pub hash: String,
    /// The run that wrote it, where it is told.
    pub author: Option<Author>,
    /// What wrote it: `lowtide 0.1.0`.
    pub tool: String,
    /// How many resources it remembers, deposed ones included.
    pub resources: usize,
    /// How many operations are in doubt in it.
    pub in_doubt: usize,
}

/// A piece of a history, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A snapshot whose content is what was written, and which is what the one after it says it follows.
    Kept(Kept),
    /// One that can't be read.
    Unreadable {
        /// The name it is kept under.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// What the snapshot with this serial says it follows is not there.
    Missing {
        /// The serial of the one that follows it.
        before: u64,
    },
}

/// The history of a state, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Its pieces, newest first.
    pub pieces: Vec<Piece>,
    /// Names of snapshots that no state ever followed: a run wrote them and was shut out before it could say so.
    pub strays: Vec<String>,
    /// Whether there are older ones that were not read.
    pub more: bool,
}

impl History {
    /// Returns its snapshots, newest first.
    pub fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Kept(kept) => Some(kept),
            Piece::Unreadable { .. } | Piece::Missing { .. } => None,
        })
    }

    /// Returns whether a snapshot is bound to the newest one, each on the way by the hash that the one after it names. What lies behind a gap
    /// anybody may have put there who can write to the place.
    pub fn is_bound(&self, kept: &Kept) -> bool {
        let bound = self.pieces.iter().map_while(|piece| match piece {
            Piece::Kept(kept) => Some(&kept.hash),
            Piece::Unreadable { .. } | Piece::Missing { .. } => None,
        });
        bound.into_iter().any(|hash| *hash == kept.hash)
    }

    /// Returns whether every snapshot that was read is as it was written, and none is missing between them.
    pub fn is_whole(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Kept(_)))
    }
}

/// Follows a history from its newest snapshot back.
#[derive(Debug, Default)]
pub struct Walk {
    history: History,
    /// The newest one so far that was followed: its serial, its lineage and the hash of what it follows.
    last: Option<(u64, String, Option<String>)>,
    /// What was read since and does not fit yet.
    waiting: Vec<Found>,
}

#[derive(Debug)]
enum Found {
    Readable { kept: Box<Kept>, lineage: String, parent: Option<String> },
    Unreadable { name: String, why: String },
}

impl Walk {
    /// Takes in the next older snapshot.
    pub fn take(&mut self, name: &str, snapshot: &Snapshot) {
        let Document { state, parent, tool, author, .. } = &snapshot.document;
        let kept = Kept {
            name: name.to_owned(),
            serial: state.serial,
            hash: snapshot.hash.clone(),
            author: author.clone(),
            tool: tool.clone(),
            resources: state.records.len(),
            in_doubt: state.pending.len(),
        };
        self.take_found(Found::Readable { kept: Box::new(kept), lineage: state.lineage.clone(), parent: parent.clone() });
    }

    /// Takes in that the next older snapshot can't be read.
    pub fn take_unreadable(&mut self, name: &str, why: String) {
        self.waiting.push(Found::Unreadable { name: name.to_owned(), why });
    }

    /// Returns how many snapshots were followed so far.
    pub fn length(&self) -> usize {
        self.history.kept().count()
    }

    /// Returns the history; `more` says whether older ones were left out.
    pub fn finish(mut self, more: bool) -> History {
        while !self.waiting.is_empty() {
            self.leap();
        }
        History { more, ..self.history }
    }

    fn take_found(&mut self, found: Found) {
        let fits = match (&found, &self.last) {
            (Found::Readable { .. }, None) => self.waiting.is_empty(),
            (Found::Readable { kept, .. }, Some((_, _, parent))) => parent.as_ref() == Some(&kept.hash),
            (Found::Unreadable { .. }, _) => false,
        };
        if !fits {
            return self.waiting.push(found);
        }
        for passed in std::mem::take(&mut self.waiting) {
            match passed {
                Found::Readable { kept, .. } => self.history.strays.push(kept.name),
                Found::Unreadable { name, why } => self.history.pieces.push(Piece::Unreadable { name, why }),
            }
        }
        self.follow(found);
    }

    fn follow(&mut self, found: Found) {
        match found {
            Found::Readable { kept, lineage, parent } => {
                self.last = Some((kept.serial, lineage, parent));
                self.history.pieces.push(Piece::Kept(*kept));
            }
            Found::Unreadable { name, why } => self.history.pieces.push(Piece::Unreadable { name, why }),
        }
    }

    /// Goes on after a place where what should follow is not to be found.
    fn leap(&mut self) {
        let mut unread = false;
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        while let Some(found) = waiting.next() {
            let last = self.last.clone();
            let last = last.as_ref();
            match &found {
                Found::Unreadable { .. } => {
                    unread = true;
                    self.follow(found);
                }
                Found::Readable { kept, lineage, .. } if last.is_some_and(|(_, ours, _)| ours != lineage) => {
                    self.history.pieces.push(Piece::Unreadable { name: kept.name.clone(), why: "it is of another lineage".to_owned() });
                }
                // Nothing comes before what follows nothing, nor after what is older.
                Found::Readable { kept, .. } if last.is_some_and(|(serial, _, parent)| kept.serial >= *serial || parent.is_none()) => {
                    self.history.strays.push(kept.name.clone());
                }
                Found::Readable { .. } => {
                    if let (false, Some((before, ..))) = (unread, last) {
                        self.history.pieces.push(Piece::Missing { before: *before });
                    }
                    self.follow(found);
                    waiting.for_each(|later| match later {
                        found @ Found::Readable { .. } => self.take_found(found),
                        found @ Found::Unreadable { .. } => self.waiting.push(found),
                    });
                    return;
                }
            }
        }
    }
}
