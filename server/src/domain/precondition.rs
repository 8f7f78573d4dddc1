//! What a request insists on before it changes anything (RFC 9110 §13.1.1 and §13.1.2).

/// Which state something is in. A task's is the position of its last event; a webhook counts its
/// changes; a queue, schedule or kind gets a random one with each change, so that a name which was
/// deleted and used again is told apart, and a database that was restored as well.
pub type Revision = u64;

/// What one of the two headers names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tags {
    /// `*`: whatever is there.
    Any,
    /// Any of these. A tag that can be no revision names none, so the list may be empty.
    Revisions(Vec<Revision>),
}

/// The conditions of one request; without any, it insists on nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    /// It must be at one of these.
    pub if_match: Option<Tags>,
    /// It must be at none of these.
    pub if_none_match: Option<Tags>,
}

/// What a request is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    /// Absent where there is nothing.
    pub revision: Option<Revision>,
    /// Whether `*` names it. A queue that nothing was set for has a revision, but is not there.
    pub there: bool,
}

/// Why a request is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    #[error("it has changed since, and its revision is {0} now")]
    Changed(Revision),
    #[error("If-Match asks for what is there already, and there is nothing yet")]
    Absent,
    #[error("If-None-Match asks for what is not there yet, and its revision is {0}")]
    There(Revision),
}

impl Current {
    pub fn at(revision: Revision) -> Self {
        Current { revision: Some(revision), there: true }
    }

    /// Something that may not be there.
    pub fn of(revision: Option<Revision>) -> Self {
        Current { revision, there: revision.is_some() }
    }
}

impl Tags {
    fn name(&self, current: Current) -> bool {
        match self {
            Tags::Any => current.there,
            Tags::Revisions(revisions) => {
                current.revision.is_some_and(|revision| revisions.contains(&revision))
            }
        }
    }
}

impl Precondition {
    /// Whether it insists on nothing.
    pub fn is_none(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    pub fn check(&self, current: Current) -> Result<(), Unmet> {
        let revision = current.revision.unwrap_or_default();
        if self.if_match.as_ref().is_some_and(|tags| !tags.name(current)) {
            return Err(if current.there { Unmet::Changed(revision) } else { Unmet::Absent });
        }
        match self.if_none_match.as_ref().is_some_and(|tags| tags.name(current)) {
            true => Err(Unmet::There(revision)),
            false => Ok(()),
        }
    }
}

impl Unmet {
    /// The revision it is at, if it is there.
    pub fn revision(self) -> Option<Revision> {
        match self {
            Unmet::Changed(revision) | Unmet::There(revision) => Some(revision),
            Unmet::Absent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Current = Current { revision: None, there: false };
    /// A queue that nothing was set for.
    const UNSET: Current = Current { revision: Some(0), there: false };

    fn if_match(tags: Tags) -> Precondition {
        Precondition { if_match: Some(tags), ..Precondition::default() }
    }

    fn if_none_match(tags: Tags) -> Precondition {
        Precondition { if_none_match: Some(tags), ..Precondition::default() }
    }

    #[test]
    fn if_match_wants_one_of_its_revisions_and_the_star_anything() {
        let listed = if_match(Tags::Revisions(vec![3, 7]));
        assert_eq!(listed.check(Current::at(7)), Ok(()));
        assert_eq!(listed.check(Current::at(8)), Err(Unmet::Changed(8)));
        assert_eq!(listed.check(ABSENT), Err(Unmet::Absent));
        assert_eq!(if_match(Tags::Any).check(Current::at(8)), Ok(()));
        assert_eq!(if_match(Tags::Any).check(ABSENT), Err(Unmet::Absent));
        assert_eq!(if_match(Tags::Revisions(vec![])).check(Current::at(8)), Err(Unmet::Changed(8)));
    }

    #[test]
    fn if_none_match_wants_nothing_or_something_else() {
        assert_eq!(if_none_match(Tags::Any).check(ABSENT), Ok(()));
        assert_eq!(if_none_match(Tags::Any).check(Current::at(8)), Err(Unmet::There(8)));
        let listed = if_none_match(Tags::Revisions(vec![7]));
        assert_eq!(listed.check(Current::at(8)), Ok(()));
        assert_eq!(listed.check(Current::at(7)), Err(Unmet::There(7)));
    }

    #[test]
    fn what_nothing_was_set_for_has_a_revision_and_is_not_there() {
        assert_eq!(if_match(Tags::Revisions(vec![0])).check(UNSET), Ok(()));
        assert_eq!(if_match(Tags::Any).check(UNSET), Err(Unmet::Absent));
        assert_eq!(if_none_match(Tags::Any).check(UNSET), Ok(()));
    }

    #[test]
    fn without_conditions_nothing_is_insisted_on() {
        assert!(Precondition::default().is_none());
        for current in [ABSENT, UNSET, Current::at(1)] {
            assert_eq!(Precondition::default().check(current), Ok(()));
        }
    }
}
