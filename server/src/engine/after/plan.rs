//! The tasks of one submission, and what each of them is after: tasks there are, or each other.

use std::collections::{HashMap, HashSet};

use super::cycle::{MOST_LOOKED_AT, group_of_new};
use crate::{
    domain::{
        NewTask, TaskId,
        after::MAX_AFTER,
        checks::{self, Errors},
    },
    engine::{batch::Batch, unique},
};

/// What a name of `after` stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A task there is.
    Known(TaskId),
    /// A task of the submission, by its place.
    New(usize),
}

pub struct Plan<'a> {
    batch: &'a Batch,
    new: &'a [NewTask],
    /// For what each stands: itself, or the task that has the unique key it asks for.
    stand: Vec<Target>,
    aliases: HashMap<&'a TaskId, usize>,
    /// Who of the submission is after what.
    after: HashMap<Target, Vec<usize>>,
}

impl<'a> Plan<'a> {
    /// The tasks that are named, and who waits for the groups above them, must be in the batch.
    pub fn of(batch: &'a Batch, new: &'a [NewTask]) -> Self {
        let (mut stand, mut keys) = (Vec::with_capacity(new.len()), HashMap::new());
        let mut aliases = HashMap::new();
        for (at, one) in new.iter().enumerate() {
            let first = unique::key_of_new(one).map_or(at, |key| *keys.entry(key).or_insert(at));
            let holder = unique::holder(batch, one).map(|holder| Target::Known(holder.id.clone()));
            stand.push(holder.unwrap_or(Target::New(first)));
            if let Some(alias) = &one.alias {
                aliases.entry(alias).or_insert(at);
            }
        }
        let mut plan = Plan { batch, new, stand, aliases, after: HashMap::new() };
        for (at, one) in new.iter().enumerate() {
            let after = one.after.iter().filter(|_| plan.is_made(at));
            let targets: Vec<Target> = after.filter_map(|id| plan.target(id)).collect();
            for target in targets {
                plan.after.entry(target).or_default().push(at);
            }
        }
        plan
    }

    /// What a task stands for once all are made.
    pub fn stand(&self, at: usize) -> &Target {
        &self.stand[at]
    }

    /// Whether it becomes a task of its own.
    fn is_made(&self, at: usize) -> bool {
        self.stand[at] == Target::New(at)
    }

    /// An alias wins over a task with that id.
    pub fn target(&self, id: &TaskId) -> Option<Target> {
        match self.aliases.get(id) {
            Some(at) => Some(self.stand[*at].clone()),
            None => self.batch.task(id).map(|task| Target::Known(task.id.clone())),
        }
    }

    /// What is wrong with each task's dependencies.
    pub fn find_errors(&self) -> Vec<Errors> {
        let mut circles: HashMap<&TaskId, HashSet<Target>> = HashMap::new();
        let mut found = Vec::with_capacity(self.new.len());
        let turning = self.order().err();
        for (at, new) in self.new.iter().enumerate() {
            let mut errors = Errors::default();
            let twice = new.alias.as_ref().filter(|alias| self.aliases.get(alias) != Some(&at));
            if twice.is_some() {
                errors.take(checks::error("alias", "stands here twice"));
            }
            let group = group_of_new(self.batch, new).filter(|_| !new.after.is_empty());
            if group.is_some() && self.batch.waiters().too_many {
                let message = format!(
                    "more than {MOST_LOOKED_AT} tasks wait for its parent: too many to rule out \
                     that this one would wait for itself"
                );
                errors.take(checks::error("after", message));
            }
            let circle = group.map(|group| {
                &*circles.entry(group).or_insert_with(|| self.everybody_who_waits_for(group))
            });
            for (place, id) in new.after.iter().enumerate().take(MAX_AFTER) {
                let target = self.target(id);
                let itself = new.id.as_ref() == Some(id) || target == Some(Target::New(at));
                let turns = turning == Some((at, place))
                    || target.as_ref().is_some_and(|it| circle.is_some_and(|all| all.contains(it)));
                let message = match target {
                    _ if itself => "is this task itself, which would never begin",
                    None => "there is no such task",
                    Some(_) if turns => {
                        "waits for this task, by its dependencies or its children, so neither \
                         would ever begin"
                    }
                    Some(_) => continue,
                };
                errors.take(checks::error(&format!("after[{place}]"), message));
            }
            found.push(errors);
        }
        found
    }

    /// Everybody who would wait for a new child of a group.
    fn everybody_who_waits_for(&self, group: &TaskId) -> HashSet<Target> {
        let mut all = HashSet::new();
        let mut next = vec![Target::Known(group.clone())];
        while let Some(target) = next.pop() {
            if !all.insert(target.clone()) {
                continue;
            }
            next.extend(self.after.get(&target).into_iter().flatten().map(|at| Target::New(*at)));
            match target {
                Target::Known(id) => {
                    next.extend(self.batch.waiters().of(&id).iter().cloned().map(Target::Known));
                }
                Target::New(at) => {
                    let group = group_of_new(self.batch, &self.new[at]);
                    next.extend(group.cloned().map(Target::Known));
                }
            }
        }
        all
    }

    /// The places of those that are made, each behind those of them that it is after.
    ///
    /// # Errors
    /// Where they wait for each other in a circle: the place of one of them, and of the name in its
    /// `after`.
    pub fn order(&self) -> Result<Vec<usize>, (usize, usize)> {
        let before = |at: usize| {
            let targets = self.new[at].after.iter().map(|id| self.target(id));
            targets.enumerate().filter_map(|(place, target)| match target {
                Some(Target::New(other)) => Some((place, other)),
                _ => None,
            })
        };
        let made: Vec<usize> = (0..self.new.len()).filter(|at| self.is_made(*at)).collect();
        let mut left: HashMap<usize, usize> =
            made.iter().map(|at| (*at, before(*at).count())).collect();
        let mut order: Vec<usize> = made.iter().copied().filter(|at| left[at] == 0).collect();
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            next += 1;
            for waiting in self.after.get(&Target::New(at)).into_iter().flatten() {
                let Some(count) = left.get_mut(waiting) else { continue };
                *count -= 1;
                if *count == 0 {
                    order.push(*waiting);
                }
            }
        }
        // Who is left is in a circle, or behind one: going back from any of them ends in it.
        let stuck = |at: &usize| left.get(at).is_some_and(|count| *count > 0);
        let Some(mut at) = made.into_iter().find(stuck) else { return Ok(order) };
        let mut passed = HashSet::new();
        loop {
            let Some((place, other)) = before(at).find(|(_, other)| stuck(other)) else {
                return Ok(order);
            };
            if !passed.insert(at) {
                return Err((at, place));
            }
            at = other;
        }
    }
}
