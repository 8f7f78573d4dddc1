//! Where a task stands in a trace (W3C Trace Context), and which spans its life makes.
//!
//! The ids of spans are made of what the task and its log say. So the answer that hands out a lease and
//! the export that tells of the attempt name the same span, without having talked, and after a restart
//! too.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{name::TaskId, time::Timestamp};

/// A `traceparent`: a span of a trace, to be the parent of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    pub trace: [u8; 16],
    pub span: [u8; 8],
    pub flags: u8,
}

impl TraceParent {
    const SAMPLED: u8 = 1;

    /// What the header or field says; nothing where it is malformed, or of a version that never is.
    /// Later versions may add to the end, and are read as far as this one goes.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, rest) = (hex::<1>(text.get(..2)?)?[0], text.get(2..)?);
        let known = version == 0 && text.len() == 55;
        let later =
            version > 0 && version < 0xff && (text.len() == 55 || rest.get(53..54) == Some("-"));
        let dashes = [2, 35, 52].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
        if !(known || later) || !dashes {
            return None;
        }
        let parent = TraceParent {
            trace: hex(text.get(3..35)?)?,
            span: hex(text.get(36..52)?)?,
            flags: hex::<1>(text.get(53..55)?)?[0],
        };
        (parent.trace != [0; 16] && parent.span != [0; 8]).then_some(parent)
    }

    /// Whether its spans are wanted by anybody.
    pub fn is_sampled(&self) -> bool {
        self.flags & Self::SAMPLED != 0
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("00-")?;
        self.trace.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("-")?;
        self.span.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, "-{:02x}", self.flags)
    }
}

/// Lower-case digits only, as the standard has it.
fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let mut bytes = [0; N];
    if !digits || text.len() != 2 * N {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The spans of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskTrace {
    id: TaskId,
    created_at: Timestamp,
    /// Whom the task's own span hangs under, if anybody said.
    pub parent: Option<TraceParent>,
}

impl TaskTrace {
    pub fn of(id: &TaskId, created_at: Timestamp, trace_parent: Option<&str>) -> Self {
        let parent = trace_parent.and_then(TraceParent::parse);
        TaskTrace { id: id.clone(), created_at, parent }
    }

    /// A task whose submitter said nothing is the root of a trace of its own, and is wanted.
    pub fn is_sampled(&self) -> bool {
        self.parent.is_none_or(|parent| parent.is_sampled())
    }

    /// The span of the whole task.
    pub fn task(&self) -> TraceParent {
        self.span("task", self.created_at)
    }

    /// The span of its waiting for a worker, until then.
    pub fn wait(&self, until: Timestamp) -> TraceParent {
        self.span("wait", until)
    }

    /// The span of the attempt that began then.
    pub fn attempt(&self, started_at: Timestamp) -> TraceParent {
        self.span("attempt", started_at)
    }

    fn span(&self, what: &str, at: Timestamp) -> TraceParent {
        let digest = |what: &str, at: Timestamp| {
            let mut hash = Sha256::new();
            hash.update(what);
            hash.update(at.0.to_be_bytes());
            hash.update(self.created_at.0.to_be_bytes());
            hash.update(self.id.as_str());
            hash.finalize()
        };
        let own = || {
            let digest = digest("trace", self.created_at);
            let mut trace = [0; 16];
            trace.copy_from_slice(&digest[..16]);
            (trace, TraceParent::SAMPLED)
        };
        let (trace, flags) = self.parent.map_or_else(own, |parent| (parent.trace, parent.flags));
        let mut span = [0; 8];
        span.copy_from_slice(&digest(what, at)[..8]);
        TraceParent { trace, span, flags }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_traceparent_is_read_as_w3c_has_it() {
        let parent = TraceParent::parse(GIVEN).expect("the standard's own example");
        assert_eq!(parent.to_string(), GIVEN);
        assert!(parent.is_sampled());
        let unsampled = GIVEN.replace("-01", "-00");
        assert!(TraceParent::parse(&unsampled).is_some_and(|parent| !parent.is_sampled()));
        let later = format!("{}-more", GIVEN.replacen("00", "01", 1));
        assert!(TraceParent::parse(&later).is_some());
        for bad in [
            "",
            "00-1",
            &GIVEN.to_uppercase(),
            &GIVEN.replacen("00", "ff", 1),
            &GIVEN.replace('-', "_"),
            &format!("{GIVEN}-more"),
            &format!("{GIVEN}é"),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        ] {
            assert_eq!(TraceParent::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn spans_of_one_task_share_its_trace_and_tell_themselves_apart() {
        let id = TaskId::parse("a").expect("an id");
        for parent in [Some(GIVEN), None] {
            let trace = TaskTrace::of(&id, Timestamp(1), parent);
            let spans = [
                trace.task(),
                trace.wait(Timestamp(2)),
                trace.attempt(Timestamp(2)),
                trace.attempt(Timestamp(3)),
            ];
            for (at, span) in spans.iter().enumerate() {
                assert_eq!(span.trace, spans[0].trace);
                assert!(spans[..at].iter().all(|other| other.span != span.span));
                assert!(span.is_sampled());
            }
            assert_eq!(parent.is_some(), spans[0].to_string().starts_with(&GIVEN[..36]));
        }
    }
}
