//! A difference between what is and what should be. It is a value, not a panic, because for a model
//! that is wrong on purpose it is the result that is hoped for.

use std::fmt::Debug;

use proptest::test_runner::TestCaseError;

#[derive(Debug)]
pub struct Deviation(pub String);

impl From<Deviation> for TestCaseError {
    fn from(deviation: Deviation) -> Self {
        TestCaseError::fail(deviation.0)
    }
}

impl Deviation {
    /// Says where it was.
    pub fn at(self, place: String) -> Self {
        Deviation(format!("{place}: {}", self.0))
    }
}

/// That something is so.
pub fn holds(what: &str, is_so: bool) -> Result<(), Deviation> {
    if is_so { Ok(()) } else { Err(Deviation(format!("not so: {what}"))) }
}

/// That something is as it should be.
pub fn same<T: PartialEq + Debug>(what: &str, is: T, should: T) -> Result<(), Deviation> {
    if is == should {
        return Ok(());
    }
    Err(Deviation(format!("{what}: it is {is:?}, and should be {should:?}")))
}
