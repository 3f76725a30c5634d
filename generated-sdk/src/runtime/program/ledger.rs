//! The ledger of commands that a store inside of the process keeps: which wait, and which program has what. No clock,
//! no disk. [`MemoryCommands`](super::MemoryCommands) is one behind a lock, `RedbCommands` one with a file.

use super::store::{Command, Settled, Visit};
use crate::runtime::server::Recent;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant, SystemTime};

/// How many settled commands are remembered, in order to know a repeated result.
const REMEMBERED: usize = 65_536;

/// Every unsettled command.
pub(super) struct Ledger {
    commands: HashMap<String, Entry>,
    lanes: HashMap<String, Lane>,
    programs: HashMap<String, Program>,
    settled: Recent,
    next: u64,
}

struct Entry {
    number: u64,
    command: Command,
    /// The program that has it.
    program: Option<String>,
}

#[derive(Default)]
struct Lane {
    /// Ids by number.
    waiting: BTreeMap<u64, String>,
    /// How many are unsettled, handed out or not.
    open: usize,
}

/// A program that has commands.
struct Program {
    seen: Instant,
    has: HashSet<String>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            commands: HashMap::new(),
            lanes: HashMap::new(),
            programs: HashMap::new(),
            settled: Recent::new(REMEMBERED),
            next: 1,
        }
    }
}

/// The number of a command that needs to be kept no longer.
pub(super) type Gone = Vec<u64>;

impl Ledger {
    /// Keeps a place in a lane for a command and numbers it; `None` if the lane is full.
    pub(super) fn reserve(
        &mut self,
        lane: &str,
        most: usize,
        now: SystemTime,
        gone: &mut Gone,
    ) -> Option<u64> {
        let full = |lanes: &Self| lanes.lanes.get(lane).is_some_and(|l| l.open >= most);
        if full(self) {
            gone.extend(self.expire(now));
        }
        if full(self) || most == 0 {
            return None;
        }
        self.lanes.entry(lane.to_owned()).or_default().open += 1;
        self.next += 1;
        Some(self.next - 1)
    }

    /// Puts a command into the place that was kept for it.
    pub(super) fn admit(&mut self, number: u64, command: Command) {
        if let Some(lane) = self.lanes.get_mut(&command.lane) {
            lane.waiting.insert(number, command.id.clone());
        }
        let entry = Entry {
            number,
            command,
            program: None,
        };
        self.commands.insert(entry.command.id.clone(), entry);
    }

    /// Gives up a place that was kept.
    pub(super) fn release(&mut self, lane: &str) {
        if let Some(known) = self.lanes.get_mut(lane) {
            known.open -= 1;
            if known.open == 0 {
                self.lanes.remove(lane);
            }
        }
    }

    /// Takes a command in that has its number from before.
    #[cfg(feature = "store-redb")]
    pub(super) fn restore(&mut self, number: u64, command: Command) {
        self.next = self.next.max(number + 1);
        self.lanes.entry(command.lane.clone()).or_default().open += 1;
        self.admit(number, command);
    }

    /// Leases the next commands to a program.
    pub(super) fn take(
        &mut self,
        visit: &Visit,
        clock: (Instant, SystemTime),
        gone: &mut Gone,
    ) -> Vec<Command> {
        let Some(program) = visit.programs.first() else {
            return Vec::new();
        };
        for program in &visit.programs {
            gone.extend(self.visited(program, clock.0));
        }
        let mut next: Vec<(u64, String)> = Vec::new();
        for lane in visit.lanes.iter().filter_map(|lane| self.lanes.get(lane)) {
            let waiting = lane.waiting.iter().take(visit.most);
            next.extend(waiting.map(|(number, id)| (*number, id.clone())));
        }
        next.sort_unstable();
        let mut taken = Vec::new();
        for (number, id) in next.into_iter().take(visit.most) {
            let Some(entry) = self.commands.get_mut(&id) else {
                continue;
            };
            if entry.command.expires <= clock.1 {
                gone.extend(self.forget(&id));
                continue;
            }
            entry.program = Some(program.clone());
            let command = entry.command.clone();
            if let Some(lane) = self.lanes.get_mut(&command.lane) {
                lane.waiting.remove(&number);
            }
            let holder = self.programs.entry(program.clone());
            let holder = holder.or_insert_with(|| Program {
                seen: clock.0,
                has: HashSet::new(),
            });
            holder.has.insert(id);
            taken.push(command);
        }
        taken
    }

    /// A program is there: it has what it was given, so that what has no result is settled.
    fn visited(&mut self, program: &str, now: Instant) -> Gone {
        let Some(known) = self.programs.get_mut(program) else {
            return Gone::new();
        };
        known.seen = now;
        let commands = &self.commands;
        let settled = |id: &&String| commands.get(*id).is_some_and(|e| !e.command.has_result);
        let settled: Vec<String> = known.has.iter().filter(settled).cloned().collect();
        settled.iter().filter_map(|id| self.forget(id)).collect()
    }

    /// Puts commands back into their places.
    pub(super) fn give_back<'a>(&mut self, ids: impl IntoIterator<Item = &'a String>) {
        for id in ids {
            let Some(entry) = self.commands.get_mut(id) else {
                continue;
            };
            let Some(program) = entry.program.take() else {
                continue;
            };
            let (number, lane) = (entry.number, entry.command.lane.clone());
            self.lanes
                .entry(lane)
                .or_default()
                .waiting
                .insert(number, id.clone());
            self.leave(&program, id);
        }
    }

    /// A result has come.
    pub(super) fn finish(&mut self, id: &str, gone: &mut Gone) -> Settled {
        // Only ids of this crate are remembered: everything else is unknown every time.
        let Ok(identity) = u128::from_str_radix(id, 16) else {
            return Settled::Unknown;
        };
        match self.forget(id) {
            Some(number) => {
                self.settled.insert(identity);
                gone.push(number);
                Settled::Open
            }
            None if self.settled.contains(identity) => Settled::Again,
            None => Settled::Unknown,
        }
    }

    /// Forgets a command that waits; the number says that it did.
    pub(super) fn withdraw(&mut self, id: &str) -> Option<u64> {
        let waits = self.commands.get(id).is_some_and(|e| e.program.is_none());
        waits.then(|| self.forget(id)).flatten()
    }

    /// Takes back what programs have that were not seen for so long, and forgets what is too old.
    pub(super) fn lapse(&mut self, lease: Duration, clock: (Instant, SystemTime)) -> Gone {
        let late = self.programs.values();
        let late = late.filter(|p| clock.0.saturating_duration_since(p.seen) > lease);
        let ids: Vec<String> = late.flat_map(|p| p.has.iter().cloned()).collect();
        self.give_back(&ids);
        self.expire(clock.1)
    }

    fn expire(&mut self, now: SystemTime) -> Gone {
        let old = self.commands.values().filter(|e| e.command.expires <= now);
        let old: Vec<String> = old.map(|e| e.command.id.clone()).collect();
        old.iter().filter_map(|id| self.forget(id)).collect()
    }

    fn forget(&mut self, id: &str) -> Option<u64> {
        let entry = self.commands.remove(id)?;
        if let Some(program) = &entry.program {
            self.leave(program, id);
        }
        if let Some(lane) = self.lanes.get_mut(&entry.command.lane) {
            lane.waiting.remove(&entry.number);
        }
        self.release(&entry.command.lane);
        Some(entry.number)
    }

    fn leave(&mut self, program: &str, id: &str) {
        if let Some(known) = self.programs.get_mut(program) {
            known.has.remove(id);
            if known.has.is_empty() {
                self.programs.remove(program);
            }
        }
    }

    /// How many commands are unsettled.
    pub(super) fn len(&self) -> usize {
        self.commands.len()
    }
}
