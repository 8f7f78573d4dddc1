//! Lends the terminal to a command that asks for it.
//!
//! A command in a process group of its own is a background job to the terminal: Ctrl-C does not reach
//! it, which is what we want, because a cancelled task needs telling. But when it reads from the
//! terminal (a password, an editor's keys) the kernel stops the whole group. That stop is noticed
//! here, and the group is made the foreground one, as a shell's `fg` does. From then on Ctrl-C goes to
//! the command directly.

use std::io::{self, IsTerminal};

use nix::{
    sys::{
        signal::{SigSet, Signal, killpg},
        wait::{Id, WaitPidFlag, WaitStatus, waitid},
    },
    unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp},
};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

/// Watches over a group whose leader is our child.
pub struct Lender {
    group: Pid,
    children: Signals,
    lent: bool,
}

impl Lender {
    /// Nothing to lend without a terminal, or when it is not ours at the moment.
    pub fn new(group: Pid) -> Option<Self> {
        let stdin = io::stdin();
        if !stdin.is_terminal() || tcgetpgrp(&stdin) != Ok(getpgrp()) {
            return None;
        }
        let children = signal(SignalKind::child()).ok()?;
        Some(Lender { group, children, lent: false })
    }

    /// Lends the terminal when it is asked for. Never ends.
    pub async fn attend(&mut self) {
        // It may have asked before anybody listened.
        self.look();
        while self.children.recv().await.is_some() {
            self.look();
        }
        std::future::pending().await
    }

    fn look(&mut self) {
        let stopped = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG;
        let Ok(WaitStatus::Stopped(_, reason)) = waitid(Id::Pid(self.group), stopped) else {
            return;
        };
        match reason {
            Signal::SIGTTIN | Signal::SIGTTOU => {
                self.lent |= give_terminal_to(self.group);
                let _ = killpg(self.group, Signal::SIGCONT);
            }
            // Ctrl-Z: a task cannot be put aside, its lease would run out.
            Signal::SIGTSTP => {
                let _ = killpg(self.group, Signal::SIGCONT);
            }
            _ => {}
        }
    }

    /// Whether the command has had the terminal.
    pub fn has_lent(&self) -> bool {
        self.lent
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        if self.lent {
            give_terminal_to(getpgrp());
        }
    }
}

/// Who is in the background is stopped for this, unless the signal is blocked.
fn give_terminal_to(group: Pid) -> bool {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGTTOU);
    let blocked = signals.thread_block();
    let given = tcsetpgrp(io::stdin(), group).is_ok();
    if blocked.is_ok() {
        let _ = signals.thread_unblock();
    }
    given
}
